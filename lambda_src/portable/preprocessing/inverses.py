"""The way back: what a transformer of the target was made of, by its inverse_transform."""

from portable.base import DENSE, Features
from portable.errors import UnsupportedModel
from portable.pickles.attributes import choice, column_count, numbers, read_state
from portable.pickles.unpickler import Estimator
from portable.pipeline import steps_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Inverse = Callable[[list[float]], list[float]]


def read_inverse(transformer: object) -> "Inverse":
    """The inverse of a fitted transformer, of one row at a time.

    Raises UnsupportedModel for a transformer whose inverse is not served.
    """
    name = type(transformer).__name__
    if isinstance(transformer, Estimator) and name in _INVERSES:
        return _INVERSES[name](transformer)
    raise UnsupportedModel(
        f"The target was transformed by a {name}, whose inverse the portable runtime does not "
        "serve; serve the model by the scikit-learn runtime."
    )


def _scaled(estimator: Estimator) -> "Inverse":
    """Multiply by the scale, add the centre; either may be left out."""
    name = type(estimator).__name__
    shifts, center, scales = _SHIFTED[name]
    state = read_state(estimator, (center, "n_features_in_", "scale_", scales, shifts))
    count = column_count(name, state, Features(DENSE))
    factors = [1.0] * count
    offsets = [0.0] * count
    if choice(name, state, scales, (False, True)):
        factors = numbers(name, state, "scale_", count)
    if choice(name, state, shifts, (False, True)):
        offsets = numbers(name, state, center, count)
    return lambda row: [
        value * factor + offset for value, factor, offset in zip(row, factors, offsets, strict=True)
    ]


def _ranged(estimator: Estimator) -> "Inverse":
    name = type(estimator).__name__
    state = read_state(estimator, ("min_", "n_features_in_", "scale_"))
    count = column_count(name, state, Features(DENSE))
    offsets = numbers(name, state, "min_", count)
    divisors = _not_zero(name, numbers(name, state, "scale_", count))
    return lambda row: [
        (value - offset) / divisor
        for value, offset, divisor in zip(row, offsets, divisors, strict=True)
    ]


def _largest(estimator: Estimator) -> "Inverse":
    name = type(estimator).__name__
    state = read_state(estimator, ("n_features_in_", "scale_"))
    count = column_count(name, state, Features(DENSE))
    factors = numbers(name, state, "scale_", count)
    return lambda row: [value * factor for value, factor in zip(row, factors, strict=True)]


def _not_zero(name: str, divisors: list[float]) -> list[float]:
    if 0.0 in divisors:
        raise UnsupportedModel(f"The {name}'s scale_ holds 0; fit it again.")
    return divisors


def _chained(estimator: Estimator) -> "Inverse":
    """The inverses of a Pipeline's steps, the last one first."""
    inverses = [read_inverse(step) for step in reversed(steps_of(estimator))]

    def inverse(row: list[float]) -> list[float]:
        for one in inverses:
            row = one(row)
        return row

    return inverse


def _identity(estimator: Estimator) -> "Inverse":
    """A FunctionTransformer without an inverse, which gives back what it takes."""
    choice("FunctionTransformer", read_state(estimator, ("inverse_func",)), "inverse_func", (None,))
    return list


# What says that it shifts, by what, and what says that it scales.
_SHIFTED = {
    "RobustScaler": ("with_centering", "center_", "with_scaling"),
    "StandardScaler": ("with_mean", "mean_", "with_std"),
}
_INVERSES: "dict[str, Callable[[Estimator], Inverse]]" = {
    "FunctionTransformer": _identity,
    "MaxAbsScaler": _largest,
    "MinMaxScaler": _ranged,
    "Pipeline": _chained,
    "RobustScaler": _scaled,
    "StandardScaler": _scaled,
}
