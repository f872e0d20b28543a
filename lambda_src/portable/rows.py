"""The rows that a model keeps of its training, to compare each new row with them."""

from __future__ import annotations

from array import array
from functools import reduce
from math import dist, fsum
from operator import add, mul, sub

from portable.arithmetic.dot import dot
from portable.base import SparseRow, finite, sparse
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, check_finite
from portable.pickles.sparse import SparseMatrix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from portable.base import Row

    Values = Sequence[float]

MAX_NUMBERS = 1_000_000
"""Numbers of the kept rows that one call compares: 10 to 50 ms of a core."""


BLAS_BLOCK = 32
"""Fewer columns than that are added up one after the other by OpenBLAS as well, so that what
cancels out there does so here; more are added in an order that depends on the processor."""


class DenseRows:
    """The rows that a model keeps, as tuples of `count` numbers."""

    __slots__ = ("count", "rows")

    def __init__(self, rows: list[tuple[float, ...]], count: int) -> None:
        self.rows = rows
        self.count = count

    def size(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def numbers(self) -> int:
        """How many numbers they are made of."""
        return len(self.rows) * self.count

    def longest(self) -> float:
        """The squared length of the longest."""
        return max((dot(one, one) for one in self.rows), default=0.0)

    def sample(self, most: int) -> list[Row]:
        """Some of them, evenly spread, as rows that are asked about."""
        return [array("d", one) for one in self.rows[:: len(self.rows) // most + 1]]

    def query(self, row: Row) -> Any:
        """The row as the other methods take it; raises UnusableRow."""
        return tuple(finite(row, self.count))

    def dots(self, row: Values) -> list[float]:
        """The inner product with each kept row."""
        if self.count < BLAS_BLOCK:
            return [reduce(add, map(mul, one, row), 0.0) for one in self.rows]
        return [dot(one, row) for one in self.rows]

    def distances(self, row: Values) -> list[float]:
        """The squared Euclidean distance from each kept row."""
        if self.count < BLAS_BLOCK:
            return [_sum_of_squares(map(sub, one, row)) for one in self.rows]
        return [dist(one, row) ** 2 for one in self.rows]

    def weighted(self, weights: Values) -> array[float]:
        """The sum of the kept rows, each times its weight."""
        if not self.rows:
            return array("d", bytes(8 * self.count))
        return array("d", [dot(column, weights) for column in zip(*self.rows, strict=True)])


class SparseRows:
    """The rows that a model keeps, by the columns of their numbers: only those are compared that
    have a column in common with the row asked about."""

    __slots__ = ("_by_column", "_rows", "count", "squares")

    def __init__(self, matrix: SparseMatrix, count: int) -> None:
        self._rows = [dict(zip(*entries, strict=True)) for entries in matrix.rows()]
        self.squares = [fsum(value * value for value in row.values()) for row in self._rows]
        self._by_column: dict[int, list[tuple[int, float]]] = {}
        for place, row in enumerate(self._rows):
            for column, value in row.items():
                self._by_column.setdefault(column, []).append((place, value))
        self.count = count

    def size(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def numbers(self) -> int:
        """How many numbers they are made of."""
        return sum(map(len, self._rows)) + len(self._rows)

    def longest(self) -> float:
        """The squared length of the longest."""
        return max(self.squares, default=0.0)

    def sample(self, most: int) -> list[Row]:
        """Some of them, evenly spread, as rows that are asked about."""
        some = self._rows[:: len(self._rows) // most + 1]
        return [SparseRow(list(one), list(one.values()), self.count) for one in some]

    def whole(self) -> bool:
        """Whether all of them are whole numbers."""
        return all(value.is_integer() for row in self._rows for value in row.values())

    def query(self, row: Row) -> Any:
        """The row as the other methods take it; raises UnusableRow."""
        return sparse(row if type(row) is SparseRow else finite(row, self.count))

    def dots(self, row: SparseRow) -> list[float]:
        """The inner product with each kept row."""
        sums = [0.0] * len(self._rows)
        for column, value in zip(row.columns, row.values, strict=True):
            for place, other in self._by_column.get(column, ()):
                sums[place] += value * other
        return sums

    def distances(self, row: SparseRow) -> list[float]:
        """The squared Euclidean distance from each kept row."""
        square = fsum(value * value for value in row.values)
        found = []
        for place, (both, other) in enumerate(zip(self.dots(row), self.squares, strict=True)):
            distance = square + other - 2.0 * both
            # What cancels is added up anew, without cancelling.
            if distance < 1e-4 * (square + other):
                distance = self._distance(row, self._rows[place])
            found.append(distance)
        return found

    def _distance(self, row: SparseRow, other: dict[int, float]) -> float:
        values = dict(zip(row.columns, row.values, strict=True))
        columns = values.keys() | other.keys()
        return fsum((values.get(at, 0.0) - other.get(at, 0.0)) ** 2 for at in columns)

    def weighted(self, weights: Values) -> array[float]:
        """The sum of the kept rows, each times its weight."""
        total = array("d", bytes(8 * self.count))
        for weight, row in zip(weights, self._rows, strict=True):
            for column, value in row.items():
                total[column] += weight * value
        return total


def read_rows(name: str, state: State, attribute: str, count: int) -> DenseRows | SparseRows:
    """The rows that a model keeps, of `count` finite numbers each; raises UnsupportedModel."""
    value = state[attribute]
    if type(value) is SparseMatrix and value.shape[1:] == (count,):
        for _, values in value.rows():
            check_finite(name, attribute, values)
        return SparseRows(value, count)
    if type(value) is not Array or value.shape[1:] != (count,):
        raise UnsupportedModel(
            f"The {name}'s {attribute} are not rows of {count} numbers; the steps of a model must "
            "come from one training run."
        )
    rows = [tuple(check_finite(name, attribute, row)) for row in value.rows()]
    return DenseRows(rows, count)


def check_cost(name: str, rows: DenseRows | SparseRows, others: int) -> None:
    """Raise UnsupportedModel where a call would take more than MAX_NUMBERS: those of the rows, and
    `others` that come on top."""
    numbers = rows.numbers() + others
    if numbers > MAX_NUMBERS:
        raise UnsupportedModel(
            f"The {name} compares each row with {numbers:,} numbers of its training rows, where "
            f"the portable runtime compares {MAX_NUMBERS:,}; serve it by the scikit-learn runtime, "
            "or fit it on fewer rows."
        )


def _sum_of_squares(values: Iterable[float]) -> float:
    total = 0.0
    for value in values:
        total += value * value
    return total
