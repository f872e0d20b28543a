"""The Keras network: one hidden layer, one scale on which the grades lie in order.

Its output is the cumulative-link (proportional odds) model: one score per loan and six ascending
thresholds between the seven grades, P(grade <= k) = sigmoid(threshold k - score). So the grades'
order is built in, and being two grades off costs more than being one off; the seven probabilities
are still those that maximise the likelihood, and the answer is simply the likeliest grade.
P. McCullagh, "Regression models for ordinal data", JRSS B 42 (1980).
"""

import os
import random
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from portable.keras.classifier import FORMAT
from portable.keras.columns import Columns

from model_training.loan_grade.fields import FIELDS, GRADES

# Before TensorFlow is imported: it writes to stderr otherwise.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

UNITS = 64
ACTIVATION = "gelu"
DROPOUT = 0.3
EPOCHS = 40
BATCH = 128
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-4
HIDDEN_SHARE = 0.03
"""Share of each category's values that training does not see: so a level that training lacks
has weights of its own that were learned, and not the random ones they began with."""
_UNSEEN = "(a level that is in no data)"

Array = NDArray[Any]


def matrix(columns: Columns, records: Sequence[dict[str, Any]]) -> Array:
    """All inputs of n records as float32, prepared by the very code that serves."""
    return np.array([columns.row(record) for record in records], dtype=np.float32)


def with_hidden_levels(records: Sequence[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Copies of the records in which a small share of the categories is an unseen level."""
    random_source = random.Random(seed)  # noqa: S311 - repeatable, no secret
    names = [field.name for field in FIELDS if field.category]
    return [
        {**record, **{name: _UNSEEN for name in names if random_source.random() < HIDDEN_SHARE}}
        for record in records
    ]


def train(columns: Columns, records: Sequence[dict[str, Any]], actual: Array, seed: int) -> Any:
    """A fitted Keras model from inputs to seven probabilities; `actual` are grades from 0.

    The same bytes each time on one machine: seeded, deterministic operations, one thread.
    """
    keras = deterministic_keras(seed)
    inputs = matrix(columns, with_hidden_levels(records, seed))
    model = unfitted(keras, columns.width, steps=EPOCHS * -(-len(inputs) // BATCH))
    model.fit(inputs, actual, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    return model


def deterministic_keras(seed: int) -> Any:
    """Keras on TensorFlow, set so that training twice gives the same weights."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow

    tensorflow.config.experimental.enable_op_determinism()
    try:
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        # Set before, by the first network of this process.
        pass
    keras.utils.set_random_seed(seed)
    return keras


def unfitted(keras: Any, width: int, steps: int) -> Any:
    """The compiled network for `width` inputs, to be trained for `steps` batches."""
    from model_training.loan_grade.cumulative import Cumulative

    layers = keras.layers
    inputs = layers.Input((width,), name="loan")
    hidden = layers.Dense(UNITS, activation=ACTIVATION, name="hidden")(inputs)
    hidden = layers.Dropout(DROPOUT, name="dropout")(hidden)
    # The inputs go past the hidden layer as well: what is linear need not be learned by it.
    score = layers.Dense(1, name="score")(layers.Concatenate(name="both")([hidden, inputs]))
    outputs = Cumulative(len(GRADES), name="grades")(score)
    model = keras.Model(inputs, outputs, name="loan_grade")
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        loss="sparse_categorical_crossentropy",
    )
    return model


def probabilities(model: Any, inputs: Array) -> Array:
    """Keras' own answers, n rows of seven, as float64."""
    batches = [
        np.asarray(model(inputs[start : start + 1000])) for start in range(0, len(inputs), 1000)
    ]
    return np.concatenate(batches).astype(np.float64)


def exported(model: Any, columns: list[dict[str, Any]]) -> dict[str, Any]:
    """The network as data: columns, layers, head; weights as float32 in base64."""
    kernel, bias = model.get_layer("hidden").get_weights()
    both, own = model.get_layer("score").get_weights()
    return {
        "format": FORMAT,
        "labels": list(GRADES),
        "fields": [field.name for field in FIELDS],
        "columns": columns,
        "layers": [
            _dense(kernel, bias, model.get_layer("hidden").activation.__name__),
            _dense(both[:UNITS], own, "linear"),
        ],
        "shortcut": _dense(both[UNITS:], np.zeros(1), "linear"),
        "head": {"kind": "cumulative", "thresholds": model.get_layer("grades").thresholds()},
    }


def _dense(kernel: Array, bias: Array, activation: str) -> dict[str, Any]:
    def encoded(values: Array) -> str:
        return b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()

    return {
        "units": int(kernel.shape[1]),
        "activation": activation,
        "kernel": encoded(kernel),
        "bias": encoded(bias),
    }
