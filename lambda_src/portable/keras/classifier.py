"""A classifier of raw records: preparation, dense layers, probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from operator import add

from portable.keras.columns import Columns
from portable.keras.heads import head
from portable.keras.layers import Dense, FirstDense
from portable.keras.reading import Piece, document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = "dense-network-1"


class NetworkClassifier:
    """What `load` gives. `classes_` are the labels, `fields` the names a record may hold.

    `predict` may be called from any thread; it changes nothing.
    """

    def __init__(self, artifact: Piece) -> None:
        if artifact.text("format") != FORMAT:
            raise artifact.refused("format", FORMAT)
        self.classes_ = artifact.names("labels")
        self.fields = artifact.names("fields")
        if len(self.classes_) < 2:
            raise artifact.refused("labels", "a list of two or more")
        self.columns = Columns(artifact.pieces("columns"), self.fields)
        inputs = self.columns.width
        shortcut = Dense(artifact.piece("shortcut"), inputs) if artifact.has("shortcut") else None
        layers = []
        for piece in artifact.pieces("layers"):
            layers.append(Dense(piece, inputs))
            inputs = len(layers[-1].columns)
        if shortcut and (len(shortcut.columns) != inputs or not shortcut.linear):
            raise artifact.refused("shortcut", f"linear and of {inputs} units, as the last layer")
        self._first = FirstDense(layers[0], shortcut, len(self.columns.numbers))
        self._rest = layers[1:]
        self._head = head(artifact.piece("head"), len(self.classes_), inputs)

    def predict(self, record: Mapping[str, Any]) -> tuple[str, list[float]]:
        """The likeliest label of a record, and the probability of each in the order of `classes_`.

        `record` holds by name what the model's `fields` say: finite numbers and strings; None, or
        nothing, where a value is not known.
        """
        numbers, ones = self.columns.prepared(record)
        values, direct = self._first(numbers, ones)
        for layer in self._rest:
            values = layer(values)
        if direct:
            values = list(map(add, values, direct))
        probabilities = self._head(values)
        return self.classes_[probabilities.index(max(probabilities))], probabilities


def load(data: bytes) -> NetworkClassifier:
    """The classifier in an artifact's bytes.

    Raises `portable.errors.UnsupportedModel`, one sentence, for anything it could not score:
    other shapes than its columns need, numbers that are not finite, an unknown activation.
    """
    return NetworkClassifier(document(data))
