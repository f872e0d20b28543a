"""Dense layers: `activation(inputs · kernel + bias)`, as Keras computes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import erf, tanh
from operator import add

from portable.arithmetic.dot import dot
from portable.arithmetic.links import expit
from portable.errors import UnsupportedModel
from portable.keras.reading import Piece

Activate = Callable[[list[float]], list[float]]

# (The most negative inputs give -0.0 or 0.0; no sum tells them apart.)
ACTIVATIONS: dict[str, Activate] = {
    "linear": lambda values: values,
    "relu": lambda values: [value if value > 0.0 else 0.0 for value in values],
    "tanh": lambda values: list(map(tanh, values)),
    "sigmoid": lambda values: list(map(expit, values)),
    "gelu": lambda values: [0.5 * v * (1.0 + erf(v * 0.7071067811865476)) for v in values],
}
"""By Keras' own name; `gelu` is the exact one, not the approximation."""


class Dense:
    """One layer; `rows[i]` is what input i weighs in each unit, `columns[j]` unit j's weights."""

    __slots__ = ("activate", "bias", "columns", "linear", "rows")

    def __init__(self, piece: Piece, inputs: int) -> None:
        """Raises `UnsupportedModel` for shapes that do not fit or an unknown activation."""
        units = piece.count("units")
        kernel = piece.floats("kernel", inputs * units)
        self.rows = [kernel[at * units : (at + 1) * units] for at in range(inputs)]
        self.columns = [kernel[unit::units] for unit in range(units)]
        self.bias = piece.floats("bias", units)
        name = piece.text("activation")
        if name not in ACTIVATIONS:
            raise UnsupportedModel(
                f"activation in {piece.where} of the network is not one of "
                f"{', '.join(ACTIVATIONS)}."
            )
        self.activate = ACTIVATIONS[name]
        self.linear = name == "linear"

    def __call__(self, inputs: Sequence[float]) -> list[float]:
        """The units' values."""
        sums = [dot(inputs, column) for column in self.columns]
        return self.activate(list(map(add, sums, self.bias)))


class FirstDense:
    """The layer that reads a record's inputs: some numbers, and a one in each of some places.

    The places are not multiplied: the row that the one picks is added. Where the network has a
    shortcut from the inputs to the outputs, its units are computed along with the layer's.
    """

    __slots__ = ("_activate", "_bias", "_columns", "_rows", "_units")

    def __init__(self, layer: Dense, shortcut: Dense | None, numbers: int) -> None:
        layers = (layer, shortcut) if shortcut else (layer,)
        self._columns = [column[:numbers] for one in layers for column in one.columns]
        self._bias = [value for one in layers for value in one.bias]
        self._rows = [
            [value for one in layers for value in one.rows[at]] for at in range(len(layer.rows))
        ]
        self._activate = layer.activate
        self._units = len(layer.columns)

    def __call__(
        self, numbers: Sequence[float], ones: Sequence[int]
    ) -> tuple[list[float], list[float]]:
        """The units' values, and the shortcut's: none where there is no shortcut."""
        sums = self._bias
        for place in ones:
            sums = list(map(add, sums, self._rows[place]))
        found = [dot(numbers, column) for column in self._columns]
        values = list(map(add, sums, found))
        return self._activate(values[: self._units]), values[self._units :]
