"""Stand-ins for the trees that neighbours are searched in, and for the metrics that they hold."""

from __future__ import annotations

from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array


def _refuse(what: str) -> UnsupportedModel:
    return UnsupportedModel(
        f"The model holds {what} that is not as scikit-learn 1.6 to 1.x pickles it on a 64-bit "
        "little-endian machine; fit and pickle it again with such a release."
    )


class Metric:
    """A DistanceMetric; the estimator names it as well, so only its presence is read."""

    __slots__ = ()

    def __setstate__(self, state: object) -> None:
        if type(state) is not tuple:
            raise _refuse("a distance metric")


class SearchTree:
    """A KDTree or BallTree of points in double precision."""

    __slots__ = ("bounds", "nodes", "order", "points")
    points: Array
    order: Array
    nodes: Array
    bounds: Array

    def __setstate__(self, state: object) -> None:
        # (data, idx_array, node_data, node_bounds, seven counts, the metric, sample weights)
        if type(state) is not tuple or len(state) != 13 or hasattr(self, "points"):
            raise _refuse("a tree of neighbours")
        if any(type(part) is not Array for part in state[:4]):
            raise _refuse("a tree of neighbours")
        self.points, self.order, self.nodes, self.bounds = state[:4]


class KDTree(SearchTree):
    __slots__ = ()


class BallTree(SearchTree):
    __slots__ = ()


class _NewObject:
    """What pickles of Cython classes call to make an object before they set its state."""

    __slots__ = ()

    def __call__(self, kind: object) -> SearchTree | Metric:
        if kind is KDTree or kind is BallTree or kind is Metric:
            made: SearchTree | Metric = kind()
            return made
        raise _refuse("an object")

    def __setstate__(self, state: object) -> None:
        raise _refuse("a state for a function")


new_object = _NewObject()
