"""Searches a fitted KDTree or BallTree as scikit-learn does, node by node."""

from __future__ import annotations

from math import inf
from struct import iter_unpack

from portable.errors import UnsupportedModel
from portable.neighbors.heap import Nearest
from portable.pickles.records import SEARCH_NODE_FORMAT
from portable.pickles.search_trees import KDTree, SearchTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from portable.neighbors.metrics import Metric


class TreeSearch:
    """The neighbours of a row among `points`: (distance, place) each."""

    __slots__ = ("_balls", "_high", "_low", "_metric", "_nodes", "_order", "_points")

    def __init__(self, tree: SearchTree, metric: Metric, count: int, columns: int) -> None:
        if tree.points.shape != (count, columns) or tree.order.shape != (count,):
            raise _malformed()
        self._metric = metric
        self._balls = not isinstance(tree, KDTree)
        self._points = list(map(tuple, tree.points.rows()))
        self._order = tree.order.integers()
        if sorted(self._order) != list(range(count)) or type(tree.nodes.raw) is not bytes:
            raise _malformed()
        if tree.nodes.dtype.code != "V32" or len(tree.nodes.shape) != 1:
            raise _malformed()
        self._nodes: list[tuple[int, int, int, float]] = list(
            iter_unpack(SEARCH_NODE_FORMAT, tree.nodes.raw)
        )
        self._check_nodes(0, 0, count)
        sides = 1 if self._balls else 2
        if tree.bounds.shape != (sides, len(self._nodes), columns) or tree.bounds.fortran:
            raise _malformed()
        numbers = tree.bounds.numbers()
        size = len(self._nodes)
        rows = [tuple(numbers[at * columns : (at + 1) * columns]) for at in range(sides * size)]
        # A KDTree's node has its lowest and highest numbers, a BallTree's its centre.
        self._low, self._high = rows[:size], rows[size:]

    def _check_nodes(self, at: int, start: int, end: int) -> None:
        """Raise unless the nodes below `at` divide the points from `start` to `end` in halves."""
        if at >= len(self._nodes) or start >= end:
            raise _malformed()
        first, last, is_leaf, _ = self._nodes[at]
        if (first, last) != (start, end):
            raise _malformed()
        if not is_leaf:
            # Half of the points are in each, so the depth is that of a number's bits.
            middle = start + (end - start) // 2
            self._check_nodes(2 * at + 1, start, middle)
            self._check_nodes(2 * at + 2, middle, end)

    def nearest(self, row: array[float], count: int) -> list[tuple[float, int]]:
        """The `count` nearest, the nearest first."""
        heap = Nearest(count)
        self._descend(0, row, heap, self._nearest_of(0, row))
        distance = self._metric.distance
        return [(distance(reduced), place) for reduced, place in heap.in_order()]

    def _descend(self, at: int, row: array[float], heap: Nearest, bound: float) -> None:
        if bound > heap.distances[0]:
            return
        start, end, is_leaf, _ = self._nodes[at]
        if is_leaf:
            reduced, points = self._metric.reduced, self._points
            for place in self._order[start:end]:
                heap.push(reduced(row, points[place]), place)
            return
        left, right = 2 * at + 1, 2 * at + 2
        left_bound, right_bound = self._nearest_of(left, row), self._nearest_of(right, row)
        if left_bound <= right_bound:
            self._descend(left, row, heap, left_bound)
            self._descend(right, row, heap, right_bound)
        else:
            self._descend(right, row, heap, right_bound)
            self._descend(left, row, heap, left_bound)

    def within(self, row: array[float], radius: float) -> list[tuple[float, int]]:
        """All that are at most `radius` away."""
        found: list[tuple[float, int]] = []
        self._collect(0, row, radius, found)
        return found

    def _collect(
        self, at: int, row: array[float], radius: float, found: list[tuple[float, int]]
    ) -> None:
        metric = self._metric
        least, most = self._between(at, row)
        if least > radius:
            return
        start, end, is_leaf, _ = self._nodes[at]
        if is_leaf or most <= radius:
            limit = inf if most <= radius else metric.reduce(radius)
            for place in self._order[start:end]:
                reduced = metric.reduced(row, self._points[place])
                if reduced <= limit:
                    found.append((metric.distance(reduced), place))
            return
        self._collect(2 * at + 1, row, radius, found)
        self._collect(2 * at + 2, row, radius, found)

    def _nearest_of(self, at: int, row: array[float]) -> float:
        """The least reduced distance that a point of a node can have."""
        if self._balls:
            return self._metric.reduce(self._between(at, row)[0])
        return self._bounds_of(at, row)[0]

    def _between(self, at: int, row: array[float]) -> tuple[float, float]:
        """The least and the largest distance that a point of a node can have."""
        distance = self._metric.distance
        if self._balls:
            center, radius = distance(self._metric.reduced(row, self._low[at])), self._nodes[at][3]
            return max(0.0, center - radius), center + radius
        least, most = self._bounds_of(at, row)
        return distance(least), distance(most)

    def _bounds_of(self, at: int, row: array[float]) -> tuple[float, float]:
        power = self._metric.power
        least = most = 0.0
        for value, low, high in zip(row, self._low[at], self._high[at], strict=True):
            below, above = low - value, value - high
            gap = 0.5 * ((below + abs(below)) + (above + abs(above)))
            span = max(abs(below), abs(above))
            if power == inf:
                least, most = max(least, gap), max(most, span)
            else:
                least += gap**power
                most += span**power
        return least, most


def _malformed() -> UnsupportedModel:
    return UnsupportedModel(
        "The tree of neighbours does not divide its points as scikit-learn does; fit it again."
    )
