"""IsolationForest: how few splits isolate a row, against what is usual."""

from __future__ import annotations

from array import array
from math import log

from portable.base import Predictor, dense
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import column_count, number, read_state
from portable.tree import FittedTree, read_trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_REQUIRED = ("estimators_", "estimators_features_", "n_features_in_", "offset_", "_max_samples")
_EULER_GAMMA = 0.5772156649015329


def read(estimator: Estimator, features: Features) -> Predictor:
    """A fitted IsolationForest."""
    return IsolationForest(estimator, features)


class IsolationForest(Predictor):
    """Labels -1 for what is isolated early, else 1; the decision function is below 0 there."""

    __slots__ = ("_count", "_depths", "_members", "_offset", "_usual")
    decision = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        self.classes_ = (-1, 1)
        self._count = column_count(name, state, features)
        self._offset = number(name, state, "offset_")
        estimators, columns = state["estimators_"], state["estimators_features_"]
        if (
            type(estimators) is not list
            or type(columns) is not list
            or not len(estimators) == len(columns) > 0
            or any(type(one).__name__ != "ExtraTreeRegressor" for one in estimators)
        ):
            raise UnsupportedModel(f"The {name}'s estimators_ are not ExtraTreeRegressors.")
        self._members: list[tuple[FittedTree, list[int] | None]] = []
        trees = [read_state(one, ("tree_",))["tree_"] for one in estimators]
        chosen = [_columns(name, one, self._count) for one in columns]
        for tree, one in zip(trees, chosen, strict=True):
            everything = one == list(range(self._count))
            self._members.append((read_trees([tree], len(one), 1)[0], None if everything else one))
        self._depths = [_depths(tree) for tree, _ in self._members]
        self._usual = len(estimators) * _average_path(number(name, state, "_max_samples"))

    def decision_function(self, row: Row) -> list[float]:
        """The mean score less the offset; infinite and missing values find a way as others do."""
        row = array("f", dense(row, self._count)).tolist()
        total = 0.0
        for (tree, columns), depths in zip(self._members, self._depths, strict=True):
            values = row if columns is None else [row[column] for column in columns]
            total += depths[tree.leaf(values)]
        share = total / self._usual if self._usual else 1.0
        return [-(2.0**-share) - self._offset]

    def predict(self, row: Row) -> int:
        """0 for an outlier, 1 for an inlier: the place in `classes_`."""
        return int(self.decision_function(row)[0] >= 0.0)

    def answer(self, row: Row) -> tuple[int, None, list[float]]:
        """The place of the label and the decision function."""
        scores = self.decision_function(row)
        return int(scores[0] >= 0.0), None, scores


def _columns(name: str, columns: object, count: int) -> list[int]:
    chosen = columns.integers() if type(columns) is Array else []
    if not chosen or min(chosen) < 0 or max(chosen) >= count:
        raise UnsupportedModel(f"The {name}'s estimators_features_ are not columns of a row.")
    return list(chosen)


def _depths(tree: FittedTree) -> Sequence[float]:
    """For each node, the splits that lead to it and those that its training rows would take."""
    depths = [1.0] * tree.count
    left, right, samples = tree.left.tolist(), tree.right.tolist(), tree.samples.tolist()
    for place, depth in enumerate(depths):
        if left[place] >= 0:
            depths[left[place]] = depths[right[place]] = depth + 1.0
    return [d + _average_path(n) - 1.0 for d, n in zip(depths, samples, strict=True)]


def _average_path(samples: float) -> float:
    """Of an unsuccessful search in a binary search tree of as many samples."""
    if samples <= 1:
        return 0.0
    if samples == 2:
        return 1.0
    return 2.0 * (log(samples - 1.0) + _EULER_GAMMA) - 2.0 * (samples - 1.0) / samples
