"""Scalers: each feature by itself, with scikit-learn's operations in its order."""

from portable.base import DENSE, Features, Transformer, finite
from portable.errors import UnsupportedModel
from portable.pickles.attributes import choice, column_count, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable

    from portable.base import Row
    from portable.pickles.unpickler import Estimator

    Scale = Callable[["array[float]"], "array[float]"]


def read(estimator: "Estimator", features: Features) -> Transformer:
    """A StandardScaler, RobustScaler, MinMaxScaler or MaxAbsScaler."""
    name = type(estimator).__name__
    if name == "StandardScaler":
        return _shifted(estimator, features, "with_mean", "mean_", "with_std")
    if name == "RobustScaler":
        return _shifted(estimator, features, "with_centering", "center_", "with_scaling")
    state = read_state(estimator, ("scale_", "n_features_in_"))
    count = column_count(name, state, features)
    scales = vector(name, state, "scale_", count)
    if name == "MinMaxScaler":
        state = read_state(estimator, ("min_", "clip", "feature_range"))
        offsets = vector(name, state, "min_", count)
        bounds = state["feature_range"] if choice(name, state, "clip", (False, True)) else None
        return Scaler(
            lambda row: _clip(_multiply_add(row, scales, offsets), bounds), count, features
        )
    divisors = _divisors(name, scales)
    limits = (-1.0, 1.0) if state.get("clip", False) is True else None
    return Scaler(lambda row: _clip(_divide(row, divisors), limits), count, features)


class Scaler(Transformer):
    """Each column by itself."""

    __slots__ = ("_count", "_scale")

    def __init__(self, scale: "Scale", count: int, features: Features) -> None:
        self._scale = scale
        self._count = count
        self.features = Features(DENSE, count, features.names)
        self.origins = range(count)

    def transform(self, row: "Row") -> "array[float]":
        """The scaled row; raises UnusableRow."""
        return finite(self._scale(finite(row, self._count)), self._count)


def _shifted(
    estimator: "Estimator", features: Features, shifts: str, center: str, scales: str
) -> Scaler:
    """Subtract the centre, divide by the scale; either may be left out."""
    name = type(estimator).__name__
    state = read_state(estimator, (shifts, center, scales, "scale_", "n_features_in_"))
    count = column_count(name, state, features)
    centers = divisors = None
    if choice(name, state, shifts, (False, True)):
        centers = vector(name, state, center, count)
    if choice(name, state, scales, (False, True)):
        divisors = _divisors(name, vector(name, state, "scale_", count))

    def scale(row: "array[float]") -> "array[float]":
        if centers is not None:
            row = row[:]
            for at, value in enumerate(centers):
                row[at] -= value
        return row if divisors is None else _divide(row, divisors)

    return Scaler(scale, count, features)


def _divisors(name: str, scales: "array[float]") -> "array[float]":
    if 0.0 in scales:
        raise UnsupportedModel(f"The {name}'s scale_ holds 0; fit it again.")
    return scales


def _divide(row: "array[float]", divisors: "array[float]") -> "array[float]":
    row = row[:]
    for at, value in enumerate(divisors):
        row[at] /= value
    return row


def _multiply_add(
    row: "array[float]", factors: "array[float]", offsets: "array[float]"
) -> "array[float]":
    row = row[:]
    for at, (factor, offset) in enumerate(zip(factors, offsets, strict=True)):
        row[at] = row[at] * factor + offset
    return row


def _clip(row: "array[float]", bounds: object) -> "array[float]":
    if bounds is None:
        return row
    if type(bounds) is not tuple or len(bounds) != 2:
        raise UnsupportedModel("The MinMaxScaler's feature_range is not a pair; fit it again.")
    low, high = bounds
    for at, value in enumerate(row):
        row[at] = min(max(value, low), high)
    return row
