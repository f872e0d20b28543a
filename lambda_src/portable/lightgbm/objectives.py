"""What LightGBM's objectives make of the sums of leaves."""

from __future__ import annotations

from math import exp, inf, log1p

from portable.arithmetic.links import softmax
from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Transform = Callable[[list[float]], list[float]]

BINARY = "binary"
MULTICLASS = ("multiclass", "multiclassova")
_IDENTITY = (
    "fair", "huber", "lambdarank", "mape", "quantile", "rank_xendcg", "regression", "regression_l1",
)  # fmt: skip
_EXPONENTIAL = ("gamma", "poisson", "tweedie")


def slope_of(line: str) -> float:
    """What raw scores are multiplied by before the sigmoid, as an objective's line tells."""
    settings = dict(option.partition(":")[::2] for option in line.split())
    return float(settings.get("sigmoid", 1.0))


def transform_of(line: str) -> tuple[str, Transform]:
    """The name of the objective that a booster's line tells, and what it makes of raw scores."""
    name, *options = line.split()
    slope = slope_of(line)
    if name == "multiclass":
        return name, softmax
    if name in (BINARY, "multiclassova", "cross_entropy"):
        return name, lambda scores: [_sigmoid(slope * score) for score in scores]
    if name in _EXPONENTIAL:
        return name, lambda scores: list(map(_exp, scores))
    if name == "cross_entropy_lambda":
        return name, lambda scores: [log1p(_exp(score)) for score in scores]
    if name in _IDENTITY:
        return name, _squares if "sqrt" in options else list
    raise UnsupportedModel(
        f"The booster's objective is {name[:60]!r}, which the portable runtime does not serve."
    )


def _exp(score: float) -> float:
    try:
        return exp(score)
    except OverflowError:
        return inf


def _sigmoid(score: float) -> float:
    return 1.0 / (1.0 + _exp(-score))


def _squares(scores: list[float]) -> list[float]:
    return [score * abs(score) for score in scores]
