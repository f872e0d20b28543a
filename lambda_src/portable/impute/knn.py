"""KNNImputer: for what is missing the mean of the nearest rows that it was fitted on."""

from __future__ import annotations

from array import array
from math import isnan, nan

from portable.base import DENSE, Features, Transformer, UnusableRow, without_infinities
from portable.errors import UnsupportedModel
from portable.impute.missing import read_indicator
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, choice, column_count, read_state
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator

MAX_NUMBERS = 200_000
"""Numbers of all the rows that a row with a gap is compared with."""
_SAME = 1e-9
"""Squared distances that differ by less, relatively, are equal: scikit-learn's are rounded so."""
_FITTED = ("_fit_X", "_valid_mask", "n_neighbors", "weights", "metric", "keep_empty_features")


def read(estimator: Estimator, features: Features) -> Transformer:
    """A KNNImputer."""
    return KNNImputer(estimator, features)


class KNNImputer(Transformer):
    """The row with a mean of its neighbours for what is missing, without the columns of which
    there was none, and with what was missing where that is asked for."""

    __slots__ = ("_columns", "_count", "_empty", "_indicator", "_means", "_neighbours", "_rows")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(estimator, _FITTED)
        count = self._count = column_count(name, state, features)
        choice(name, state, "weights", ("uniform",))
        choice(name, state, "metric", ("nan_euclidean",))
        marker = state.get("missing_values")
        if not isinstance(marker, float) or not isnan(marker):
            raise UnsupportedModel(f"The {name}'s missing_values are not NaN; fit it on NaN.")
        neighbours = state["n_neighbors"]
        if type(neighbours) is not int or neighbours < 1:
            raise UnsupportedModel(f"The {name}'s n_neighbors is not a positive number.")
        self._neighbours = neighbours
        self._rows = _rows(name, state, count)
        valid = state["_valid_mask"]
        if type(valid) is not Array or valid.shape != (count,):
            raise UnsupportedModel(f"The {name}'s _valid_mask is not that of {count} columns.")
        is_valid = valid.integers()
        # A column that was empty is left out, or all 0.
        keep = choice(name, state, "keep_empty_features", (False, True))
        self._empty = {at for at in range(count) if not is_valid[at]}
        self._columns = [at for at in range(count) if keep or is_valid[at]]
        self._means = [_mean([row[at] for row in self._rows]) for at in range(count)]
        self._indicator = read_indicator(name, state, Features(DENSE, count))
        self.features = Features(
            DENSE,
            len(self._columns) + (self._indicator.features.count or 0 if self._indicator else 0),
        )
        # What is filled in depends on all of the row.
        self.origins = None

    def transform(self, row: Row) -> array[float]:
        """The row; raises UnusableRow, also where what is missing would depend on which of two
        rows equally near is taken."""
        values = without_infinities(row, self._count)
        filled = values[:]
        missing = [at for at in range(self._count) if isnan(values[at]) and at not in self._empty]
        if missing:
            distances = self._distances(values)
            for at in missing:
                filled[at] = self._filled(at, distances)
        for at in self._empty:
            filled[at] = 0.0
        made = array("d", [filled[at] for at in self._columns])
        if self._indicator is not None:
            made.extend(self._indicator.told(values))
        return made

    def _distances(self, values: array[float]) -> list[float]:
        """The mean squared difference of the columns that neither lacks; NaN where none is."""
        present = [(at, value) for at, value in enumerate(values) if value == value]
        distances = []
        for row in self._rows:
            squares = [(value - row[at]) ** 2 for at, value in present if row[at] == row[at]]
            distances.append(sum(squares) / len(squares) if squares else nan)
        return distances

    def _filled(self, column: int, distances: list[float]) -> float:
        donors = [
            (distance, row[column])
            for distance, row in zip(distances, self._rows, strict=True)
            if distance == distance and row[column] == row[column]
        ]
        if not donors:
            return self._means[column]
        donors.sort()
        nearest, others = donors[: self._neighbours], donors[self._neighbours :]
        farthest = nearest[-1][0] * (1.0 + _SAME)
        if others and others[0][0] <= farthest:
            nearly = nearest[-1][0] * (1.0 - _SAME)
            if len({value for distance, value in donors if nearly <= distance <= farthest}) > 1:
                raise UnusableRow(
                    f"Column {column} is missing, and which of the model's rows are nearest is not "
                    "determined: several are equally near."
                )
        return sum(value for _, value in nearest) / len(nearest)


def _rows(name: str, state: State, count: int) -> list[array[float]]:
    fitted = state["_fit_X"]
    if type(fitted) is not Array or len(fitted.shape) != 2 or fitted.shape[1] != count:
        raise UnsupportedModel(f"The {name}'s _fit_X is not a table of {count} columns.")
    if fitted.shape[0] * count > MAX_NUMBERS:
        raise UnsupportedModel(
            f"The {name} compares each row with more than {MAX_NUMBERS:,} numbers, which takes too "
            "long without numpy; fit it on fewer rows, or serve it by the scikit-learn runtime."
        )
    return fitted.rows()


def _mean(values: list[float]) -> float:
    there = [value for value in values if value == value]
    return sum(there) / len(there) if there else nan
