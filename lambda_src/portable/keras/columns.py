"""From a raw record to a network's inputs: preparation that was fitted in training, as data.

A network's inputs are first all numeric columns, in order, then for each category one column per
level, one for "not given" where training has seen that, and one for every other level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log1p

from portable.errors import UnsupportedModel
from portable.keras.reading import Piece

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Record = Mapping[str, Any]
    Column = Callable[[Record], float]
    """One numeric input of a record."""


class Category:
    """One-hot columns of a field; `start` is the first one's place among all inputs."""

    __slots__ = ("_missing", "_other", "_places", "field", "start", "width")

    def __init__(self, piece: Piece, start: int) -> None:
        self.field = piece.text("field")
        self.start = start
        # Where training has seen no level often, all of them are other ones.
        levels = piece.names("levels", least=0)
        self._places = {level: start + at for at, level in enumerate(levels)}
        missing = piece.flag("missing")
        self.width = len(levels) + missing + 1
        # What training has not seen is one of the other levels, be it a level or its absence.
        self._other = start + self.width - 1
        self._missing = self._other - 1 if missing else self._other

    def place(self, record: Record) -> int:
        """Which input is 1 for this record; the category's other inputs are 0."""
        value = record.get(self.field)
        return self._missing if value is None else self._places.get(value, self._other)


class Columns:
    """All inputs of a network; `width` is their number."""

    def __init__(self, pieces: Sequence[Piece], fields: Sequence[str]) -> None:
        """Raises `UnsupportedModel` for a column that is not one of those above."""
        numeric = [piece for piece in pieces if piece.text("kind") != "levels"]
        named = [piece for piece in pieces if piece.text("kind") == "levels"]
        self.numbers: tuple[Column, ...] = tuple(map(_column, numeric))
        self.categories: list[Category] = []
        self.width = len(self.numbers)
        for piece in named:
            self.categories.append(Category(piece, self.width))
            self.width += self.categories[-1].width
        used = {category.field for category in self.categories}
        for piece in numeric:
            used.update(_fields(piece))
        if used != set(fields):
            raise UnsupportedModel("The network's columns do not read exactly its fields.")

    def prepared(self, record: Record) -> tuple[list[float], list[int]]:
        """The numeric inputs, and the places of the categories' inputs that are 1."""
        return (
            [column(record) for column in self.numbers],
            [category.place(record) for category in self.categories],
        )

    def row(self, record: Record) -> list[float]:
        """All inputs of a record, as training takes them."""
        numbers, ones = self.prepared(record)
        row = numbers + [0.0] * (self.width - len(numbers))
        for place in ones:
            row[place] = 1.0
        return row


def _fields(piece: Piece) -> list[str]:
    if piece.text("kind") == "ratio":
        return [piece.text("field"), *piece.names("by")]
    return [piece.text("field")]


def _column(piece: Piece) -> Column:
    kind = piece.text("kind")
    if kind == "missing":
        field = piece.text("field")
        return lambda record: 1.0 if record.get(field) is None else 0.0
    if kind == "number":
        return _number(piece)
    if kind == "ratio":
        return _ratio(piece)
    raise piece.refused("kind", "number, ratio, missing or levels")


def _scaled(piece: Piece) -> tuple[Callable[[float], float], float]:
    """What makes an input of a value, and the input where there is no value."""
    low, high, mean, scale = map(piece.number, ("low", "high", "mean", "scale"))
    logarithm = piece.flag("log")
    if not low <= high or scale <= 0 or (logarithm and low < 0):
        raise piece.refused("low, high, mean and scale", "a range and a scale above 0")

    def plain(value: float) -> float:
        return ((low if value < low else high if value > high else value) - mean) / scale

    def logarithmic(value: float) -> float:
        return (log1p(low if value < low else high if value > high else value) - mean) / scale

    scaled = logarithmic if logarithm else plain
    return scaled, scaled(piece.number("typical"))


def _number(piece: Piece) -> Column:
    """A field's value, or the typical one where it is not given."""
    field = piece.text("field")
    scaled, typical = _scaled(piece)

    def column(record: Record) -> float:
        value = record.get(field)
        return typical if value is None else scaled(value)

    return column


def _ratio(piece: Piece) -> Column:
    """A field's value divided by the first of some others that is given, and at least `floor`."""
    field, others, floor = piece.text("field"), piece.names("by"), piece.number("floor")
    scaled, typical = _scaled(piece)
    if floor <= 0:
        raise piece.refused("floor", "above 0")

    def column(record: Record) -> float:
        value = record.get(field)
        if value is None:
            return typical
        for other in others:
            divisor = record.get(other)
            if divisor is not None:
                return scaled(value / (floor if divisor < floor else divisor))
        return typical

    return column
