"""Scalers: each feature by itself, with scikit-learn's operations in its order."""

from portable.errors import UnsupportedModel
from portable.pickles import classes as pickles
from portable.pickles.attributes import choice, read_state, vector
from portable.pickles.parameters import SCALER, feature_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable

    Scale = Callable[["array[float]"], "array[float]"]


def read_scaler(estimator: object) -> "tuple[int, Scale]":
    """How many features a fitted scaler takes, and what it does to a row."""
    name = type(estimator).__name__
    if type(estimator) is pickles.StandardScaler:
        return _shifted(estimator, "with_mean", "mean_", "with_std")
    if type(estimator) is pickles.RobustScaler:
        return _shifted(estimator, "with_centering", "center_", "with_scaling")
    required = frozenset(("scale_", "n_features_in_"))
    if type(estimator) is pickles.MinMaxScaler:
        state = read_state(estimator, required | {"min_", "clip", "feature_range"}, SCALER)
        features = feature_count(name, state)
        factors = vector(name, state, "scale_", features)
        offsets = vector(name, state, "min_", features)
        bounds = state["feature_range"] if choice(name, state, "clip", (False, True)) else None
        return features, lambda row: _clip(_multiply_add(row, factors, offsets), bounds)
    if type(estimator) is pickles.MaxAbsScaler:
        state = read_state(estimator, required, SCALER)
        features = feature_count(name, state)
        divisors = _divisors(name, vector(name, state, "scale_", features))
        limits = (-1.0, 1.0) if state.get("clip", False) is True else None
        return features, lambda row: _clip(_divide(row, divisors), limits)
    raise UnsupportedModel(
        f"The Pipeline holds a {name} where a scaler is expected; the portable runtime serves "
        "StandardScaler, MinMaxScaler, RobustScaler and MaxAbsScaler."
    )


def _shifted(
    estimator: pickles.Estimator, shifts: str, center: str, scales: str
) -> "tuple[int, Scale]":
    """Subtract the centre, divide by the scale; either may be left out."""
    name = type(estimator).__name__
    required = frozenset((shifts, center, scales, "scale_", "n_features_in_"))
    state = read_state(estimator, required, SCALER)
    features = feature_count(name, state)
    centers = divisors = None
    if choice(name, state, shifts, (False, True)):
        centers = vector(name, state, center, features)
    if choice(name, state, scales, (False, True)):
        divisors = _divisors(name, vector(name, state, "scale_", features))

    def scale(row: "array[float]") -> "array[float]":
        if centers is not None:
            row = row[:]
            for at, value in enumerate(centers):
                row[at] -= value
        return row if divisors is None else _divide(row, divisors)

    return features, scale


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
