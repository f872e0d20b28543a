"""Searches every training row, as scikit-learn does without a tree."""

from __future__ import annotations

from math import dist, sqrt
from operator import mul

from portable.base import UnusableRow
from portable.neighbors.heap import Nearest
from portable.neighbors.metrics import Metric

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    Point = tuple[float, ...]

CHUNK = 256
"""Rows that one thread of scikit-learn searches; of more, threads share the work, and which of
equally near rows stays depends on how many there are."""
NOISE = 1e-12
"""Of squared lengths, how far two squared distances may be apart and still be told apart only by
the rounding of a matrix product."""
UNCERTAIN = 5e-7
"""Of squared lengths, below which such rounding shows in the ninth digit of a distance."""


class BruteSearch:
    """The neighbours of a row among `points`: (distance, place) each.

    scikit-learn takes euclidean and cosine distances from a matrix product, whose last digits
    differ from one processor to another. Where these decide, the row is refused: unless all
    numbers are whole (then there is no rounding), or the `targets` of the rows in question are
    the same. `steady` says that equals are kept in the order of scikit-learn's own heap;
    `weighted` that the distances themselves are used.
    """

    __slots__ = ("_lengths", "_metric", "_points", "_steady", "_targets", "_weighted", "_whole")

    def __init__(
        self,
        points: Sequence[Point],
        metric: Metric | None,
        targets: Sequence[object],
        *,
        steady: bool,
        weighted: bool,
    ) -> None:
        self._metric = metric
        self._targets = targets
        self._steady = steady and len(points) <= CHUNK
        self._weighted = weighted
        self._whole = all(all(map(float.is_integer, point)) for point in points)
        self._points = points if metric is not None else list(map(_of_length_one, points))
        self._lengths = max(sum(map(mul, point, point)) for point in self._points)

    def nearest(self, row: array[float], count: int) -> list[tuple[float, int]]:
        """The `count` nearest, the nearest first; raises UnusableRow."""
        distances, noise, scale = self._distances(row)
        heap = Nearest(count)
        for place, distance in enumerate(distances):
            heap.push(distance, place)
        farthest = heap.distances[0]
        if noise or not self._steady:
            equals = [
                place
                for place, distance in enumerate(distances)
                if abs(distance - farthest) * (distance + farthest) <= noise
            ]
            taken = set(heap.indices)
            if any(place not in taken for place in equals):
                self._check_equals(equals)
        return self._checked(list(heap.in_order()), noise, scale)

    def within(self, row: array[float], radius: float) -> list[tuple[float, int]]:
        """All that are at most `radius` away; raises UnusableRow."""
        distances, noise, scale = self._distances(row)
        if noise and any(abs(d - radius) * (d + radius) <= noise for d in distances):
            raise UnusableRow("A training row is as far away as the radius, to the last digit.")
        found = [(d, place) for place, d in enumerate(distances) if d <= radius]
        return self._checked(found, noise, scale)

    def _distances(self, row: array[float]) -> tuple[list[float], float, float]:
        """The distance of every point, how far squares of them are uncertain, and the scale."""
        metric = self._metric
        if metric is None:
            point = _of_length_one(row)
            return [1.0 - sum(map(mul, point, other)) for other in self._points], NOISE, 1.0
        if metric.power != 2.0:
            whole = [metric.distance(metric.reduced(row, other)) for other in self._points]
            return whole, 0.0, 0.0
        scale = max(self._lengths, sum(map(mul, row, row)))
        # No sum of whole numbers below 2 ** 53 is rounded.
        exact = self._whole and scale < 2.0**48 and all(map(float.is_integer, row))
        given = tuple(row)
        return (
            [dist(given, other) for other in self._points],
            0.0 if exact else NOISE * scale,
            scale,
        )

    def _check_equals(self, equals: list[int]) -> None:
        first = self._targets[equals[0]]
        if any(self._targets[place] != first for place in equals):
            raise UnusableRow(
                "Several training rows are equally far away and not alike, so which of them count "
                "as neighbours is left to chance."
            )

    def _checked(
        self, found: list[tuple[float, int]], noise: float, scale: float
    ) -> list[tuple[float, int]]:
        if noise and self._weighted and any(d * d <= UNCERTAIN * scale for d, _ in found):
            raise UnusableRow(
                "The row is so near to a training row that its distance is no more than rounding."
            )
        return found


def _of_length_one(point: Sequence[float]) -> Point:
    length = sqrt(sum(map(mul, point, point))) or 1.0
    return tuple([value / length for value in point])
