"""Makes probabilities mean what they say: one temperature for all logits.

C. Guo et al., On Calibration of Modern Neural Networks, https://arxiv.org/abs/1706.04599. Smoothed
labels leave a network too modest; dividing its logits by a number below 1 changes no label.
"""

from collections.abc import Sequence

import keras
import numpy
from clothes.picture import tensor

from model_training.clothes.figures import measure
from model_training.clothes.folders import LABELS, Example
from model_training.clothes.pixels import normalised

_TRIED = numpy.linspace(0.3, 1.5, 121)
_AT_ONCE = 32


def cool(folded: keras.Model, examples: Sequence[Example]) -> float:
    """Divide the logits of `folded` by the temperature of least log loss on `examples`; give it.

    The last layer's weights are rounded to float16 again, as `network.fold` left them.
    """
    size = folded.input_shape[1]
    rows = []
    for start in range(0, len(examples), _AT_ONCE):
        batch = [tensor(e.path.read_bytes(), size) for e in examples[start : start + _AT_ONCE]]
        rows.append(folded.predict_on_batch(normalised(numpy.stack(batch))))
    logits, truth = numpy.concatenate(rows), [example.label for example in examples]
    losses = [measure(LABELS, truth, logits / tried).log_loss for tried in _TRIED]
    temperature = round(float(_TRIED[int(numpy.argmin(losses))]), 2)
    head = folded.get_layer("logits")
    cooled = [array / temperature for array in head.get_weights()]
    head.set_weights([a.astype(numpy.float16).astype(numpy.float32) for a in cooled])
    return temperature
