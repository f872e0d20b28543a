"""What XGBoost's objectives make of a sum of leaves, in its single-precision arithmetic."""

from __future__ import annotations

from math import inf, ldexp, log

from portable.arithmetic.float32 import rounded
from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# glibc's expf (sysdeps/ieee754/flt-32/e_expf.c): 2^(k/32) times a polynomial, in double precision.
_STEPS = 32
_STEPS_PER_E = 1.4426950408889634 * _STEPS
_POWERS = tuple(2.0 ** (step / _STEPS) for step in range(_STEPS))
_EXP = (
    float.fromhex("0x1.c6af84b912394p-5") / _STEPS**3,
    float.fromhex("0x1.ebfce50fac4f3p-3") / _STEPS**2,
    float.fromhex("0x1.62e42ff0c52d6p-1") / _STEPS,
)
_EXP_OVERFLOW, _EXP_UNDERFLOW = 88.72283935546875, -103.97207641601562
_NO_DIVISION_BY_ZERO = rounded(1e-16)
_LARGEST_POWER = rounded(88.7)


def exp32(power: float) -> float:
    """The C library's expf, of a single-precision number."""
    if power > _EXP_OVERFLOW:
        return inf
    if power < _EXP_UNDERFLOW:
        return 0.0
    steps = _STEPS_PER_E * power
    whole = round(steps)
    rest = steps - whole
    product = (_EXP[0] * rest + _EXP[1]) * (rest * rest) + (_EXP[2] * rest + 1.0)
    return rounded(ldexp(product * _POWERS[whole % _STEPS], whole // _STEPS))


def sigmoid(margin: float) -> float:
    """1 / (1 + exp(-margin))."""
    power = exp32(min(-margin, _LARGEST_POWER))
    return rounded(1.0 / rounded(rounded(power + 1.0) + _NO_DIVISION_BY_ZERO))


def softmax(margins: Sequence[float]) -> list[float]:
    """exp(margin) / the sum of all, shifted by the largest."""
    best = max(margins)
    powers = [exp32(rounded(margin - best)) for margin in margins]
    total = 0.0
    for power in powers:
        total += power
    total = rounded(total)
    return [rounded(power / total) for power in powers]


def same(margin: float) -> float:
    """The margin itself."""
    return margin


def _hinge(margin: float) -> float:
    return 1.0 if margin > 0.0 else 0.0


def _log_odds(share: float) -> float:
    if not 0.0 < share < 1.0:
        raise UnsupportedModel("The booster's base_score is no probability; fit it again.")
    return rounded(-rounded(log(rounded(rounded(1.0 / share) - 1.0))))


def _log(mean: float) -> float:
    return rounded(log(mean)) if mean > 0.0 else -inf


_IDENTITY = (same, same)
_LOGISTIC = (sigmoid, _log_odds)
_EXPONENTIAL = (exp32, _log)
# The transformation of a margin, and that of base_score into a margin.
_OBJECTIVES: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "binary:hinge": (_hinge, same),
    "binary:logistic": _LOGISTIC,
    "binary:logitraw": _IDENTITY,
    "count:poisson": _EXPONENTIAL,
    "multi:softmax": _IDENTITY,
    "multi:softprob": _IDENTITY,
    "rank:map": _IDENTITY,
    "rank:ndcg": _IDENTITY,
    "rank:pairwise": _IDENTITY,
    "reg:absoluteerror": _IDENTITY,
    "reg:gamma": _EXPONENTIAL,
    "reg:linear": _IDENTITY,
    "reg:logistic": _LOGISTIC,
    "reg:pseudohubererror": _IDENTITY,
    "reg:quantileerror": _IDENTITY,
    "reg:squarederror": _IDENTITY,
    "reg:squaredlogerror": _IDENTITY,
    "reg:tweedie": _EXPONENTIAL,
    "survival:aft": _EXPONENTIAL,
    "survival:cox": _EXPONENTIAL,
}


def objective(name: object) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """What a margin becomes, and the margin of a base_score; raises UnsupportedModel."""
    if type(name) is not str or name not in _OBJECTIVES:
        raise UnsupportedModel(
            f"The booster's objective is {str(name)[:60]!r}, which the portable runtime does not "
            f"serve; it serves {', '.join(sorted(_OBJECTIVES))}."
        )
    return _OBJECTIVES[name]
