"""Normalizer and Binarizer, which have learned nothing but how many columns there are."""

from __future__ import annotations

from array import array
from math import sqrt

from portable.base import DENSE, SPARSE, Features, SparseRow, Transformer, finite
from portable.errors import UnsupportedModel
from portable.pickles.attributes import choice, column_count, number, read_state
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Row
    from portable.pickles.unpickler import Estimator

_TINY = 10 * 2.0**-52
"""A dense row with a smaller norm stays as it is (sklearn's _handle_zeros_in_scale)."""


def read(estimator: Estimator, features: Features) -> Transformer:
    """A Normalizer or Binarizer."""
    name = type(estimator).__name__
    in_double(name, features)
    if name == "Normalizer":
        state = read_state(estimator, ("norm", "n_features_in_"))
        norm = str(choice(name, state, "norm", ("l1", "l2", "max")))
        return Normalizer(norm, column_count(name, state, features), features)
    state = read_state(estimator, ("threshold", "n_features_in_"))
    threshold = number(name, state, "threshold")
    if features.form == SPARSE and threshold < 0:
        raise UnsupportedModel("The Binarizer's threshold is below 0, which sparse rows have not.")
    return Binarizer(threshold, column_count(name, state, features), features)


def norm_of(norm: str, values: Sequence[float]) -> float:
    """The l1, l2 or max norm of a row, given its numbers that are not zero."""
    if norm == "l1":
        return float(sum(map(abs, values)))
    if norm == "max":
        return max(map(abs, values), default=0.0)
    return sqrt(sum([value * value for value in values]))


class Normalizer(Transformer):
    """The row divided by its norm."""

    __slots__ = ("_count", "_norm")

    def __init__(self, norm: str, count: int, features: Features) -> None:
        self._norm = norm
        self._count = count
        form = SPARSE if features.form == SPARSE else DENSE
        self.features = Features(form, count, features.names)
        # Every column of the result depends on all of the row.
        self.origins = None

    def transform(self, row: Row) -> Row:
        """The row, sparse where it was; raises UnusableRow."""
        if type(row) is SparseRow:
            norm = norm_of(self._norm, row.values)
            values = [value / norm for value in row.values] if norm else row.values
            return SparseRow(row.columns, values, row.width)
        dense_values = finite(row, self._count)
        norm = norm_of(self._norm, dense_values)
        if norm < _TINY:
            return dense_values
        return array("d", [value / norm for value in dense_values])


class Binarizer(Transformer):
    """1 for every number above the threshold, else 0."""

    __slots__ = ("_count", "_threshold")

    def __init__(self, threshold: float, count: int, features: Features) -> None:
        self._threshold = threshold
        self._count = count
        form = SPARSE if features.form == SPARSE else DENSE
        self.features = Features(form, count, features.names)
        self.origins = range(count)

    def transform(self, row: Row) -> Row:
        """The row, sparse where it was; raises UnusableRow."""
        threshold = self._threshold
        if type(row) is SparseRow:
            pairs = zip(row.columns, row.values, strict=True)
            columns = [column for column, value in pairs if value > threshold]
            return SparseRow(columns, [1.0] * len(columns), row.width)
        return array("d", [1.0 if value > threshold else 0.0 for value in finite(row, self._count)])
