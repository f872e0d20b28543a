"""The way back: what a transformer of the target was made of, by its inverse_transform."""

from __future__ import annotations

from math import erfc, exp, inf, log1p, nan, sqrt

from portable.arithmetic.interpolation import interpolate
from portable.arithmetic.links import EPSILON
from portable.base import DENSE, Features
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, column_count, matrix, numbers, read_state
from portable.pickles.unpickler import Estimator
from portable.pipeline import steps_of
from portable.preprocessing.functions import FUNCTIONS, evaluated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Inverse = Callable[[list[float]], list[float]]

BOUNDS = 1e-7
"""How near to 0 and 1 a share counts as them (sklearn.preprocessing's BOUNDS_THRESHOLD)."""
SQRT_2 = sqrt(2.0)


def read_inverse(transformer: object) -> Inverse:
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


def _scaled(estimator: Estimator) -> Inverse:
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


def _ranged(estimator: Estimator) -> Inverse:
    name = type(estimator).__name__
    state = read_state(estimator, ("min_", "n_features_in_", "scale_"))
    count = column_count(name, state, Features(DENSE))
    offsets = numbers(name, state, "min_", count)
    divisors = _not_zero(name, numbers(name, state, "scale_", count))
    return lambda row: [
        (value - offset) / divisor
        for value, offset, divisor in zip(row, offsets, divisors, strict=True)
    ]


def _largest(estimator: Estimator) -> Inverse:
    name = type(estimator).__name__
    state = read_state(estimator, ("n_features_in_", "scale_"))
    count = column_count(name, state, Features(DENSE))
    factors = numbers(name, state, "scale_", count)
    return lambda row: [value * factor for value, factor in zip(row, factors, strict=True)]


def _not_zero(name: str, divisors: list[float]) -> list[float]:
    if 0.0 in divisors:
        raise UnsupportedModel(f"The {name}'s scale_ holds 0; fit it again.")
    return divisors


def _chained(estimator: Estimator) -> Inverse:
    """The inverses of a Pipeline's steps, the last one first."""
    inverses = [read_inverse(step) for step in reversed(steps_of(estimator))]

    def inverse(row: list[float]) -> list[float]:
        for one in inverses:
            row = one(row)
        return row

    return inverse


def _by_function(estimator: Estimator) -> Inverse:
    """The FunctionTransformer's inverse function; what it takes without one."""
    name = type(estimator).__name__
    state = read_state(estimator, ("inv_kw_args", "inverse_func"))
    chosen = choice(name, state, "inverse_func", (None, *FUNCTIONS))
    if state["inv_kw_args"] not in (None, {}):
        raise UnsupportedModel(
            f"The {name} hands its inverse function arguments; serve it by the scikit-learn "
            "runtime."
        )
    if chosen is None:
        return list
    function = FUNCTIONS[str(chosen)]
    return lambda row: [evaluated(function, value) for value in row]


def _root(estimator: Estimator) -> Inverse:
    """The PowerTransformer's inverse."""
    name = type(estimator).__name__
    state = read_state(estimator, ("lambdas_", "method", "n_features_in_", "standardize"))
    count = column_count(name, state, Features(DENSE))
    powers = numbers(name, state, "lambdas_", count)
    by_box_cox = choice(name, state, "method", ("yeo-johnson", "box-cox")) == "box-cox"
    root = inverse_box_cox if by_box_cox else inverse_yeo_johnson
    scaled: Inverse = list
    if choice(name, state, "standardize", (False, True)):
        scaled = read_inverse(state.get("_scaler"))
    return lambda row: [root(*one) for one in zip(scaled(row), powers, strict=True)]


def inverse_yeo_johnson(value: float, power: float) -> float:
    """What Yeo and Johnson's formula makes `value` of; NaN where there is nothing."""
    # As scikit-learn, whose powers of numbers below 0 are no numbers.
    if value >= 0:
        if abs(power) < EPSILON:
            return exp(value) - 1
        base = value * power + 1
        return nan if base < 0 else _power(base, 1 / power) - 1
    if abs(power - 2) <= EPSILON:
        return 1 - exp(-value)
    base = -(2 - power) * value + 1
    return nan if base < 0 else 1 - _power(base, 1 / (2 - power))


def inverse_box_cox(value: float, power: float) -> float:
    """What Box and Cox's formula makes `value` of; NaN where there is nothing."""
    if power == 0:
        return exp(value)
    grown = power * value
    if grown < -1:
        return nan
    return _power(0.0, 1 / power) if grown == -1 else exp(log1p(grown) / power)


def _power(base: float, exponent: float) -> float:
    return inf if base == 0 and exponent < 0 else base**exponent


def _quantile(estimator: Estimator) -> Inverse:
    """The QuantileTransformer's inverse."""
    name = type(estimator).__name__
    state = read_state(
        estimator, ("n_features_in_", "output_distribution", "quantiles_", "references_")
    )
    count = column_count(name, state, Features(DENSE))
    quantiles = state["quantiles_"]
    size = quantiles.shape[0] if type(quantiles) is Array and quantiles.shape else 0
    shares = numbers(name, state, "references_", size)
    columns = list(zip(*matrix(name, state, "quantiles_", size, count), strict=True))
    normal = choice(name, state, "output_distribution", ("uniform", "normal")) == "normal"

    def quantile(value: float, column: tuple[float, ...]) -> float:
        if normal:
            value = 0.5 * erfc(-value / SQRT_2)
            if value - BOUNDS < 0:
                return column[0]
            if value + BOUNDS > 1:
                return column[-1]
        return interpolate(value, shares, column)

    return lambda row: [quantile(value, one) for value, one in zip(row, columns, strict=True)]


# What says that it shifts, by what, and what says that it scales.
_SHIFTED = {
    "RobustScaler": ("with_centering", "center_", "with_scaling"),
    "StandardScaler": ("with_mean", "mean_", "with_std"),
}
_INVERSES: dict[str, Callable[[Estimator], Inverse]] = {
    "FunctionTransformer": _by_function,
    "MaxAbsScaler": _largest,
    "MinMaxScaler": _ranged,
    "Pipeline": _chained,
    "PowerTransformer": _root,
    "QuantileTransformer": _quantile,
    "RobustScaler": _scaled,
    "StandardScaler": _scaled,
}
