"""Distances between two rows, and the reduced ones (without the root) that trees compare.

Additions are in scikit-learn's order, so that equal distances are equal here too.
"""

from __future__ import annotations

from math import inf, isfinite, sqrt

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portable.pickles.attributes import State

    Distance = Callable[[Sequence[float], Sequence[float]], float]

EUCLIDEAN = 2.0
_POWERS = {
    "euclidean": 2.0, "l2": 2.0, "manhattan": 1.0, "cityblock": 1.0, "l1": 1.0,
    "chebyshev": inf, "infinity": inf,
}  # fmt: skip


class Metric:
    """The distance of order `power`: `reduced` of two rows, and the way from it and back."""

    __slots__ = ("power", "reduced")

    def __init__(self, power: float) -> None:
        self.power = power
        self.reduced: Distance = _REDUCED.get(power) or _minkowski(power)

    def distance(self, reduced: float) -> float:
        """The distance that a reduced one stands for."""
        if self.power == 2.0:
            return sqrt(reduced)
        return reduced if self.power in (1.0, inf) else reduced ** (1.0 / self.power)

    def reduce(self, distance: float) -> float:
        """The reduced distance."""
        if self.power == 2.0:
            return distance * distance
        return distance if self.power in (1.0, inf) else distance**self.power


def read_metric(name: str, state: State) -> Metric | None:
    """The metric of an estimator's `effective_metric_`; None for the cosine distance.

    Raises UnsupportedModel for any other.
    """
    metric, settings = state["effective_metric_"], state["effective_metric_params_"]
    if type(settings) is not dict or not isinstance(metric, str):
        raise UnsupportedModel(f"The {name}'s metric is a function; {_ADVICE}")
    power = _POWERS.get(metric)
    if metric == "minkowski":
        power = settings.get("p")
        if not isinstance(power, int | float) or not isfinite(power) or power < 1.0:
            raise UnsupportedModel(f"The {name}'s p is not a number of at least 1; {_ADVICE}")
    if settings.keys() - {"p", "w"} or settings.get("w") is not None:
        raise UnsupportedModel(f"The {name}'s metric has settings of its own; {_ADVICE}")
    if power is None and metric != "cosine":
        raise UnsupportedModel(f"The {name}'s metric is {metric[:40]!r}; {_ADVICE}")
    return None if power is None else Metric(float(power))


_ADVICE = (
    "the portable runtime serves euclidean, manhattan, chebyshev, minkowski and cosine; serve it "
    "by the scikit-learn runtime."
)


def _euclidean(row: Sequence[float], other: Sequence[float]) -> float:
    total = 0.0
    for one, two in zip(row, other, strict=True):
        difference = one - two
        total += difference * difference
    return total


def _manhattan(row: Sequence[float], other: Sequence[float]) -> float:
    total = 0.0
    for one, two in zip(row, other, strict=True):
        total += abs(one - two)
    return total


def _chebyshev(row: Sequence[float], other: Sequence[float]) -> float:
    return max([abs(one - two) for one, two in zip(row, other, strict=True)])


def _minkowski(power: float) -> Distance:
    def reduced(row: Sequence[float], other: Sequence[float]) -> float:
        total = 0.0
        for one, two in zip(row, other, strict=True):
            total += abs(one - two) ** power
        return total

    return reduced


_REDUCED: dict[float, Distance] = {2.0: _euclidean, 1.0: _manhattan, inf: _chebyshev}
