"""Makes probabilities mean what they say: one temperature for all logits.

C. Guo et al., On Calibration of Modern Neural Networks, https://arxiv.org/abs/1706.04599. Smoothed
labels leave a network too modest; dividing its logits by a number below 1 changes no label.
"""

from collections.abc import Sequence

import keras
import numpy

from model_training.clothes.figures import measure
from model_training.clothes.folders import LABELS, Example
from model_training.clothes.pixels import normalised, of_file

_TRIED = numpy.linspace(0.3, 1.5, 121)
_AT_ONCE = 32


def temperature_of(folded: keras.Model, examples: Sequence[Example]) -> float:
    """The temperature of least log loss on `examples`, which `folded` was not trained on."""
    size = folded.input_shape[1]
    rows = []
    for start in range(0, len(examples), _AT_ONCE):
        batch = [of_file(e.path, size) for e in examples[start : start + _AT_ONCE]]
        rows.append(folded.predict_on_batch(normalised(numpy.stack(batch))))
    logits, truth = numpy.concatenate(rows), [example.label for example in examples]
    losses = [measure(LABELS, truth, logits / tried).log_loss for tried in _TRIED]
    return round(float(_TRIED[int(numpy.argmin(losses))]), 2)


def cool(folded: keras.Model, temperature: float) -> None:
    """Divide the logits by `temperature`, in the last layer's weights.

    They are rounded to float16 again, as `network.fold` left them.
    """
    head = folded.get_layer("logits")
    cooled = [array / temperature for array in head.get_weights()]
    head.set_weights([a.astype(numpy.float16).astype(numpy.float32) for a in cooled])
