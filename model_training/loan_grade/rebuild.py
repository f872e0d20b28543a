"""The published network back in Keras, from the file that is served.

Its float32 weights are the Keras network's own, so anyone can compare the two without training:
it is what the benchmark's Keras peers answer with.
"""

from base64 import b64decode
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.loan_grade import network, preparation

Array = NDArray[Any]


def network_of(document: dict[str, Any]) -> Any:
    """The Keras network with the weights of an artifact (its JSON, read)."""
    columns = preparation.read(document["columns"])
    keras = network.deterministic_keras(0)
    model = network.unfitted(keras, columns.width, steps=1)
    hidden, score = document["layers"]
    through, past = _weights(score), _weights(document["shortcut"])
    model.get_layer("hidden").set_weights(list(_weights(hidden)))
    model.get_layer("score").set_weights(
        [np.concatenate([through[0], past[0]]), through[1] + past[1]]
    )
    # Ascending by softplus of what each is higher by: its inverse gives them back.
    thresholds = np.array(document["head"]["thresholds"])
    steps = np.log(np.expm1(np.diff(thresholds)))
    model.get_layer("grades").set_weights([thresholds[:1], steps])
    return model


def _weights(layer: dict[str, Any]) -> tuple[Array, Array]:
    kernel = np.frombuffer(b64decode(layer["kernel"]), dtype="<f4")
    bias = np.frombuffer(b64decode(layer["bias"]), dtype="<f4")
    return kernel.reshape(-1, layer["units"]), bias
