"""BisectingKMeans: from the root of its tree to the nearer of two centres, down to a cluster."""

from __future__ import annotations

from portable.base import Predictor
from portable.cluster.centers import Centers, NearestCenter
from portable.cluster.centers import read_transforming as read_transforming
from portable.errors import UnsupportedModel
from portable.pickles.attributes import State, column_count, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

    Node = int | tuple[Centers, "Node", "Node"]

MAX_DEPTH = 200
"""Bisections one below the other."""


class BisectingTree:
    """Stands in for scikit-learn's _BisectingTree: a node with its centre and two below it."""

    __slots__ = ("state",)

    def __setstate__(self, state: object) -> None:
        if type(state) is not dict or hasattr(self, "state"):
            raise UnsupportedModel("The BisectingKMeans' tree has no plain state; fit it again.")
        self.state: State = state


def read(estimator: Estimator, features: Features) -> Predictor:
    """A BisectingKMeans."""
    return BisectingKMeans(estimator, features)


class BisectingKMeans(NearestCenter):
    """The cluster that a row comes to when it is bisected as the training rows were."""

    __slots__ = ("_root",)

    def __init__(self, estimator: Estimator, features: Features) -> None:
        super().__init__(estimator, features)
        name = type(estimator).__name__
        state = read_state(estimator, ("_bisecting_tree", "n_features_in_"))
        count = column_count(name, state, features)
        mean = vector(name, state, "_X_mean", count).tolist() if "_X_mean" in state else None
        self._root = _node(state["_bisecting_tree"], count, mean, len(self.centers), 0)

    def predict(self, row: Row) -> int:
        """The number of the cluster; raises UnusableRow."""
        node = self._root
        while type(node) is tuple:
            centers, left, right = node
            node = right if centers.nearest(row) else left
        return node  # type: ignore[return-value]


def _node(tree: object, count: int, mean: list[float] | None, clusters: int, depth: int) -> Node:
    if type(tree) is not BisectingTree or depth > MAX_DEPTH:
        raise UnsupportedModel("The BisectingKMeans' tree is not one of bisections; fit it again.")
    left, right = tree.state.get("left"), tree.state.get("right")
    if left is None:
        label = tree.state.get("label")
        if type(label) is not int or not 0 <= label < clusters:
            raise UnsupportedModel("The BisectingKMeans' tree has no number for a cluster.")
        return label
    centers = Centers([_center(child, count, mean) for child in (left, right)], count)
    return (
        centers,
        _node(left, count, mean, clusters, depth + 1),
        _node(right, count, mean, clusters, depth + 1),
    )


def _center(tree: object, count: int, mean: list[float] | None) -> list[float]:
    if type(tree) is not BisectingTree or "center" not in tree.state:
        raise UnsupportedModel("The BisectingKMeans' tree has no centre; fit it again.")
    center = vector("BisectingKMeans", tree.state, "center", count).tolist()
    return (
        center if mean is None else [one + shift for one, shift in zip(center, mean, strict=True)]
    )
