"""SimpleImputer: for what is missing the mean, the median, the most frequent or a constant."""

from __future__ import annotations

from array import array
from math import isnan

from portable.base import (
    DENSE,
    RECORD,
    SPARSE,
    Features,
    SparseRow,
    Transformer,
    UnusableRow,
    sparse,
    without_infinities,
)
from portable.errors import UnsupportedModel
from portable.impute.missing import is_missing, read_indicator, values_of
from portable.pickles.arrays import Array, DType
from portable.pickles.attributes import choice, column_count, read_state
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator

_FITTED = ("statistics_", "strategy", "missing_values", "keep_empty_features", "_fit_dtype")
_PLAIN = (str, int, float, bool)


def read(estimator: Estimator, features: Features) -> Transformer:
    """A SimpleImputer."""
    return SimpleImputer(estimator, features)


class SimpleImputer(Transformer):
    """The row with a value for what is missing, without the columns of which there was none, and
    with what was missing where that is asked for."""

    __slots__ = ("_columns", "_count", "_fills", "_indicator", "_is_missing", "_objects")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(estimator, _FITTED)
        count = self._count = column_count(name, state, features)
        choice(name, state, "strategy", ("mean", "median", "most_frequent", "constant"))
        keep = choice(name, state, "keep_empty_features", (False, True))
        statistics = state["statistics_"]
        fills = statistics.elements() if type(statistics) is Array else []
        if len(fills) != count or any(type(fill) not in _PLAIN for fill in fills):
            raise UnsupportedModel(
                f"The {name}'s statistics_ are not a string or a number for each of its columns."
            )
        self._columns = [
            at
            for at, fill in enumerate(fills)
            if keep or not (isinstance(fill, float) and isnan(fill))
        ]
        self._fills = [fills[at] for at in self._columns]
        dtype = state["_fit_dtype"]
        # Values of any type, as they came.
        self._objects = type(dtype) is DType and dtype.code == "O8"
        if not self._objects and any(type(fill) is str for fill in fills):
            raise UnsupportedModel(f"The {name} fills numbers with strings; fit it again.")
        self._is_missing = is_missing(name, state)
        self._indicator = read_indicator(name, state, Features(RECORD, count))
        self.origins = [*self._columns, *(self._indicator.origins if self._indicator else ())]  # type: ignore[misc]
        names = features.names and [features.names[at] for at in self._columns]
        form = RECORD if self._objects else SPARSE if features.form == SPARSE else DENSE
        self.features = Features(
            form, len(self.origins), None if self._indicator is not None else names
        )

    def transform(self, row: Row) -> Row:
        """The row, of a record's values where it was fitted on such; raises UnusableRow."""
        if self._objects:
            values = values_of(row, self._count)
        else:
            values = without_infinities(row, self._count)
        is_missing = self._is_missing
        filled = [
            fill if is_missing(values[at]) else values[at]
            for at, fill in zip(self._columns, self._fills, strict=True)
        ]
        if self._indicator is not None:
            filled += self._indicator.told(values)
        if self._objects:
            return filled
        numbers: array[float] = array("d", filled)  # type: ignore[arg-type]
        if any(map(isnan, numbers)):
            raise UnusableRow("The row holds NaN where something else says what is missing.")
        return sparse(numbers) if type(row) is SparseRow else numbers
