"""From raw scores to probabilities and back, with scikit-learn's and scipy's own formulas."""

from __future__ import annotations

from math import exp, log, log1p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EPSILON = 2.0**-52


def expit(score: float) -> float:
    """1 / (1 + exp(-score))."""
    try:
        return 1.0 / (1.0 + exp(-score))
    except OverflowError:
        return 0.0


def logit(probability: float) -> float:
    """log(p / (1 - p)), near one half by scipy's second formula (xsf/log_exp.h)."""
    if probability < 0.3 or probability > 0.65:
        return log(probability / (1.0 - probability))
    doubled = 2.0 * (probability - 0.5)
    return log1p(doubled) - log1p(-doubled)


def softmax(scores: Sequence[float]) -> list[float]:
    """exp(score) / the sum of all, shifted by the largest."""
    best = max(scores)
    powers = [exp(score - best) for score in scores]
    total = 0.0
    for power in powers:
        total += power
    return [power / total for power in powers]


def clipped(probability: float) -> float:
    """At least machine epsilon away from 0 and 1."""
    return min(max(probability, EPSILON), 1.0 - EPSILON)
