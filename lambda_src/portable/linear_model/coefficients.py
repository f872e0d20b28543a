"""What all linear models share: coefficients times the row, plus the intercept."""

from __future__ import annotations

from array import array
from math import isfinite
from operator import itemgetter

from portable.arithmetic.dot import dot
from portable.base import SparseRow, UnusableRow, blocks, finite
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, check_finite, column_count
from portable.pickles.sparse import SparseMatrix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portable.base import Features, Row

MAX_NUMBERS = 16_000_000
"""Coefficients of a model; a sparse matrix of few bytes can have any shape."""


class Coefficients:
    """`weights` for each output, one for each of `count` columns, and `intercepts`."""

    __slots__ = ("count", "intercepts", "weights")

    def __init__(
        self, weights: Sequence[array[float]], intercepts: Sequence[float], count: int
    ) -> None:
        self.weights = weights
        self.intercepts = intercepts
        self.count = count

    def scores(self, row: Row) -> list[float]:
        """One number for each output; raises UnusableRow."""
        if type(row) is not SparseRow:
            row = finite(row, self.count)
            sums = [dot(weights, row) for weights in self.weights]
        elif len(row.columns) > 1:
            of_columns = itemgetter(*row.columns)
            values = row.values
            sums = [dot(of_columns(weights), values) for weights in self.weights]
        elif row.columns:
            column, value = row.columns[0], row.values[0]
            sums = [weights[column] * value for weights in self.weights]
        else:
            sums = [0.0] * len(self.weights)
        scores = list(map(float.__add__, sums, self.intercepts))
        if not all(map(isfinite, scores)):
            raise UnusableRow("The row holds numbers so large that the answer is infinite.")
        return scores

    def many_scores(self, rows: Sequence[Row]) -> list[list[float]]:
        """`scores` of each row, to the last bit; raises UnusableRow."""
        tables: list[list[float]] = []
        count, intercepts = self.count, self.intercepts
        scores: list[list[float]] = []
        for block, numbers in blocks(rows, count):
            if numbers is None:
                scores += map(self.scores, block)
                continue
            # A list has the numbers that an array makes anew whenever one is asked for.
            tables = tables or [weights.tolist() for weights in self.weights]
            values = numbers.tolist()
            for at in range(0, len(values), count):
                row = values[at : at + count]
                sums = [dot(weights, row) for weights in tables]
                scores.append(list(map(float.__add__, sums, intercepts)))
        if not all(isfinite(sum(of_one)) or all(map(isfinite, of_one)) for of_one in scores):
            raise UnusableRow("The row holds numbers so large that the answer is infinite.")
        return scores

    def parts(self, row: Row, output: int, against: int | None = None) -> dict[int, float]:
        """What each column adds to an output, or to its difference from the one `against`."""
        weights = self.weights[output]
        if against is None:
            return {column: weights[column] * value for column, value in self._items(row)}
        others = self.weights[against]
        return {
            column: (weights[column] - others[column]) * value for column, value in self._items(row)
        }

    def _items(self, row: Row) -> Iterable[tuple[int, float]]:
        if type(row) is SparseRow:
            return zip(row.columns, row.values, strict=True)
        return enumerate(finite(row, self.count))


def read_coefficients(
    name: str, state: State, features: Features, outputs: int | None = None
) -> tuple[Coefficients, bool]:
    """`coef_` and `intercept_`, and whether coef_ is a table of several outputs, or one row.

    `outputs` says how many they have to be. Raises UnsupportedModel.
    """
    count = column_count(name, state, features)
    weights, several = read_weights(name, state, "coef_", count, features)
    if outputs not in (None, len(weights)):
        raise UnsupportedModel(
            f"The {name}'s coef_ has {len(weights)} rows where {outputs} are expected; "
            "fit it again."
        )
    return Coefficients(weights, read_intercepts(name, state, len(weights)), count), several


def read_weights(
    name: str, state: State, attribute: str, count: int, features: Features
) -> tuple[list[array[float]], bool]:
    """The rows of finite numbers, `count` each, of a table or of one row; which of the two.

    Coefficients in single precision are served, since scikit-learn widens them for the rows it is
    asked about; raises UnsupportedModel where those are in single precision as well.
    """
    value = state[attribute]
    if type(value) is SparseMatrix:
        rows, single = _widened(value), value.single()
    elif type(value) is Array and value.shape and value.shape[-1] == count:
        rows, single = _rows(value), value.dtype.code == "f4"
    else:
        rows, single = [], False
    if not rows or value.shape[-1] != count:  # type: ignore[attr-defined]
        raise UnsupportedModel(
            f"The {name}'s {attribute} is no table of numbers for {count} columns; the steps of a "
            "model must come from one training run."
        )
    if single and features.single:
        raise UnsupportedModel(
            f"The {name}'s {attribute} and its rows are float32, so scikit-learn scores in single "
            "precision; fit it after a vectorizer of dtype float64."
        )
    several = len(value.shape) == 2  # type: ignore[attr-defined]
    return [check_finite(name, attribute, row) for row in rows], several


def _rows(value: Array) -> list[array[float]]:
    if len(value.shape) == 1:
        return [value.numbers()]
    return value.rows() if len(value.shape) == 2 else []


def _widened(matrix: SparseMatrix) -> list[array[float]]:
    entries, width = matrix.rows(), matrix.shape[-1]
    if len(entries) * width > MAX_NUMBERS:
        raise UnsupportedModel(f"The model has more than {MAX_NUMBERS:,} coefficients.")
    rows = []
    for columns, values in entries:
        row = array("d", bytes(8 * width))
        for column, value in zip(columns, values, strict=True):
            row[column] = value
        rows.append(row)
    return rows


def read_intercepts(
    name: str, state: State, size: int, attribute: str = "intercept_"
) -> list[float]:
    """`intercept_` as `size` numbers; a model without one holds 0.0 or zeros."""
    value = state[attribute]
    if type(value) is Array and value.shape == (size,):
        return check_finite(name, attribute, value.numbers()).tolist()
    if isinstance(value, int | float) and isfinite(value):
        return [float(value)] * size
    raise UnsupportedModel(f"The {name}'s {attribute} is not {size} finite numbers; fit it again.")
