"""Scalers: each feature by itself, with scikit-learn's operations in its order."""

from __future__ import annotations

from array import array
from itertools import cycle
from operator import add, mul, sub, truediv

from portable.base import (
    DENSE,
    SPARSE,
    Features,
    SparseRow,
    Transformer,
    blocks,
    without_infinities,
)
from portable.errors import UnsupportedModel
from portable.pickles.attributes import choice, column_count, read_state, vector
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portable.base import Row
    from portable.pickles.attributes import State
    from portable.pickles.unpickler import Estimator

    Bounds = tuple[float, float]


def read(estimator: Estimator, features: Features) -> Transformer:
    """A StandardScaler, RobustScaler, MinMaxScaler or MaxAbsScaler."""
    name = type(estimator).__name__
    in_double(name, features)
    if name == "StandardScaler":
        return _centred(estimator, features, ("with_mean", "mean_", "with_std"))
    if name == "RobustScaler":
        return _centred(estimator, features, ("with_centering", "center_", "with_scaling"))
    state = read_state(estimator, ("scale_", "n_features_in_"))
    count = column_count(name, state, features)
    scales = vector(name, state, "scale_", count)
    if name == "MinMaxScaler":
        state = read_state(estimator, ("min_", "clip", "feature_range"))
        bounds = _bounds(state) if choice(name, state, "clip", (False, True)) else None
        return MinMaxScaler(scales, vector(name, state, "min_", count), bounds, features)
    limits = (-1.0, 1.0) if state.get("clip", False) is True else None
    return Scaler(count, None, _divisors(name, scales), limits, features)


class Scaler(Transformer):
    """Each column by itself: minus its centre, divided by its scale, either of which may be left
    out, and then within bounds. NaN stays NaN."""

    __slots__ = ("_bounds", "_centers", "_count", "_divisors", "_factors")

    def __init__(
        self,
        count: int,
        centers: array[float] | None,
        divisors: array[float] | None,
        bounds: Bounds | None,
        features: Features,
    ) -> None:
        self._count = count
        self._centers = centers
        self._divisors = divisors
        # scikit-learn multiplies the numbers of a sparse row.
        self._factors = None if divisors is None else [1.0 / value for value in divisors]
        self._bounds = bounds
        form = SPARSE if features.form == SPARSE and centers is None else DENSE
        self.features = Features(form, count, features.names)
        self.origins = range(count)

    def transform(self, row: Row) -> Row:
        """The scaled row, sparse where it was and has no centres; raises UnusableRow."""
        if type(row) is SparseRow and self._centers is None and row.width == self._count:
            entries = row.values
            if self._factors is not None:
                entries = list(map(mul, entries, map(self._factors.__getitem__, row.columns)))
            return SparseRow(row.columns, list(_clipped(entries, self._bounds)), row.width)
        values = without_infinities(row, self._count)
        if self._centers is not None:
            values = array("d", map(sub, values, self._centers))
        if self._divisors is not None:
            values = array("d", map(truediv, values, self._divisors))
        return _clipped(values, self._bounds)

    def transform_many(self, rows: Sequence[Row]) -> list[Row]:
        """The scaled rows; dense ones of finite numbers one after the other."""
        if self._bounds is not None:
            return list(map(self.transform, rows))
        count = self._count
        scaled: list[Row] = []
        for block, numbers in blocks(rows, count):
            if numbers is None:
                scaled += map(self.transform, block)
                continue
            values: Iterable[float] = numbers
            if self._centers is not None:
                values = map(sub, values, cycle(self._centers))
            if self._divisors is not None:
                values = map(truediv, values, cycle(self._divisors))
            results = array("d", values)
            scaled += [results[at : at + count] for at in range(0, len(results), count)]
        return scaled


class MinMaxScaler(Transformer):
    """Each column times its factor plus its offset, and then within bounds. NaN stays NaN."""

    __slots__ = ("_bounds", "_factors", "_offsets")

    def __init__(
        self,
        factors: array[float],
        offsets: array[float],
        bounds: Bounds | None,
        features: Features,
    ) -> None:
        self._factors = factors
        self._offsets = offsets
        self._bounds = bounds
        self.features = Features(DENSE, len(factors), features.names)
        self.origins = range(len(factors))

    def transform(self, row: Row) -> array[float]:
        """The scaled row; raises UnusableRow."""
        values = without_infinities(row, len(self._factors))
        scaled = array("d", map(add, map(mul, values, self._factors), self._offsets))
        bounded: array[float] = _clipped(scaled, self._bounds)
        return bounded


def _centred(estimator: Estimator, features: Features, names: tuple[str, str, str]) -> Scaler:
    """A scaler whose options and centres have these names."""
    name = type(estimator).__name__
    centring, center, scaling = names
    state = read_state(estimator, (*names, "scale_", "n_features_in_"))
    count = column_count(name, state, features)
    centers = divisors = None
    if choice(name, state, centring, (False, True)):
        centers = vector(name, state, center, count)
    if choice(name, state, scaling, (False, True)):
        divisors = _divisors(name, vector(name, state, "scale_", count))
    return Scaler(count, centers, divisors, None, features)


def _divisors(name: str, scales: array[float]) -> array[float]:
    if 0.0 in scales:
        raise UnsupportedModel(f"The {name}'s scale_ holds 0; fit it again.")
    return scales


def _bounds(state: State) -> Bounds:
    bounds = state["feature_range"]
    if type(bounds) is tuple and len(bounds) == 2:
        low, high = bounds
        if isinstance(low, int | float) and isinstance(high, int | float):
            return float(low), float(high)
    raise UnsupportedModel("The MinMaxScaler's feature_range is not a pair; fit it again.")


def _clipped(values: Row, bounds: Bounds | None) -> Row:
    if bounds is None:
        return values
    low, high = bounds
    # In this order of the comparisons NaN stays.
    return array("d", [low if value < low else high if value > high else value for value in values])
