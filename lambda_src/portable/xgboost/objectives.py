"""What XGBoost's objectives make of a sum of leaves, in its single-precision arithmetic."""

from __future__ import annotations

from math import inf, log

from portable.arithmetic.float32 import exp32, rounded
from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NO_DIVISION_BY_ZERO = rounded(1e-16)
_LARGEST_POWER = rounded(88.7)


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


def _same(margin: float) -> float:
    return margin


def _hinge(margin: float) -> float:
    return 1.0 if margin > 0.0 else 0.0


def _log_odds(share: float) -> float:
    if not 0.0 < share < 1.0:
        raise UnsupportedModel("The booster's base_score is no probability; fit it again.")
    return rounded(-rounded(log(rounded(rounded(1.0 / share) - 1.0))))


def _log(mean: float) -> float:
    return rounded(log(mean)) if mean > 0.0 else -inf


_IDENTITY = (_same, _same)
_LOGISTIC = (sigmoid, _log_odds)
_EXPONENTIAL = (exp32, _log)
# The transformation of a margin, and that of base_score into a margin.
_OBJECTIVES: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "binary:hinge": (_hinge, _same),
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
