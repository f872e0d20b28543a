"""Which values of a row are missing, and MissingIndicator, which tells so."""

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
    dense,
    sparse,
)
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, column_count, read_state
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portable.base import Row
    from portable.pickles.attributes import State
    from portable.pickles.unpickler import Estimator

    IsMissing = Callable[[object], bool]


def read(estimator: Estimator, features: Features) -> MissingIndicator:
    """A MissingIndicator that takes rows."""
    if read_state(estimator, ()).get("_precomputed"):
        raise UnsupportedModel(
            "The MissingIndicator is an imputer's own, and takes what is missing, not a row; give "
            "the imputer, or a MissingIndicator fitted on rows."
        )
    return _indicator(estimator, features)


def _indicator(estimator: Estimator, features: Features) -> MissingIndicator:
    name = type(estimator).__name__
    in_double(name, features)
    state = read_state(estimator, ("missing_values", "features", "features_", "sparse"))
    count = column_count(name, state, features)
    as_sparse = choice(name, state, "sparse", ("auto", True, False))
    if as_sparse == "auto":
        as_sparse = features.form == SPARSE
    return MissingIndicator(state, count, sparse=as_sparse is True)


def is_missing(name: str, state: State) -> IsMissing:
    """Whether a value is what `missing_values` says. A request's null is NaN as well as None."""
    marker = state["missing_values"]
    if marker is None or (isinstance(marker, float) and isnan(marker)):
        return lambda value: value is None or value != value
    if not isinstance(marker, str | int | float):
        raise UnsupportedModel(f"The {name}'s missing_values are neither None, nor NaN, nor plain.")

    def equal(value: object) -> bool:
        if value is None or value != value:
            raise UnusableRow(f"The row lacks a value, where {marker!r} says that it is missing.")
        return value == marker

    return equal


def values_of(row: Row, count: int) -> Sequence[object]:
    """The values of a row of `count` columns, which may be strings; raises UnusableRow."""
    if type(row) is SparseRow:
        return dense(row, count)
    if len(row) != count:
        raise UnusableRow(f"The row has {len(row)} values where the model takes {count}.")
    return row  # type: ignore[no-any-return]


class MissingIndicator(Transformer):
    """1 for a column's missing value, else 0; of those columns that had one, or of all."""

    __slots__ = ("_columns", "_count", "_is_missing", "_others", "_sparse")

    def __init__(self, state: State, count: int, *, sparse: bool) -> None:
        name = "MissingIndicator"
        columns = state["features_"]
        places = columns.integers() if type(columns) is Array and len(columns.shape) == 1 else [-1]
        if places and not 0 <= min(places) <= max(places) < count:
            raise UnsupportedModel(f"The {name}'s features_ are not those of {count} columns.")
        choice(name, state, "features", ("missing-only", "all"))
        self._columns = list(places)
        # Where nothing was missing and nothing may be.
        refuses = state.get("error_on_new") is True
        self._others = [at for at in range(count) if refuses and at not in set(places)]
        self._count = count
        self._is_missing = is_missing(name, state)
        self._sparse = sparse
        self.features = Features(SPARSE if sparse else DENSE, len(self._columns))
        self.origins = self._columns

    def told(self, row: Row) -> list[bool]:
        """Whether each of the columns is missing; raises UnusableRow."""
        values = values_of(row, self._count)
        is_missing = self._is_missing
        for column in self._others:
            if is_missing(values[column]):
                raise UnusableRow(
                    f"Column {column} is missing, which it never was when the model was fitted."
                )
        return [is_missing(values[column]) for column in self._columns]

    def transform(self, row: Row) -> Row:
        """The row of ones and zeros; raises UnusableRow."""
        told = array("d", self.told(row))
        return sparse(told) if self._sparse else told


def read_indicator(name: str, state: State, features: Features) -> MissingIndicator | None:
    """The MissingIndicator of an imputer that adds one."""
    if not choice(name, state, "add_indicator", (False, True)):
        return None
    from portable.pickles.unpickler import Estimator

    indicator = state.get("indicator_")
    if not isinstance(indicator, Estimator) or type(indicator).__name__ != "MissingIndicator":
        raise UnsupportedModel(f"The {name} lacks its indicator_; fit it again.")
    return _indicator(indicator, Features(RECORD, features.count))
