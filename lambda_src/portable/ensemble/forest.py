"""Forests and single trees: the mean of the leaves' class shares, or of their numbers."""

from __future__ import annotations

from operator import add

from portable.attribution import PROBABILITY, VALUE, Attribution, sides
from portable.base import Predictor
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, column_count, read_labels, read_state
from portable.tree import MAX_COMPILED, descend, read_trees, single_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from portable.base import Features, Row
    from portable.pickles.arrays import Label
    from portable.pickles.unpickler import Estimator

    Answer = tuple[Any, list[float] | None, list[float] | None]

_MEMBERS = {
    "RandomForestClassifier": "DecisionTreeClassifier",
    "ExtraTreesClassifier": "ExtraTreeClassifier",
    "RandomForestRegressor": "DecisionTreeRegressor",
    "ExtraTreesRegressor": "ExtraTreeRegressor",
    "RandomTreesEmbedding": "ExtraTreeRegressor",
}
MAX_OUTPUTS = 10_000
MANY_ROWS = 8
"""Rows that are taken to each tree together: fewer gain nothing by it."""


def read(estimator: Estimator, features: Features) -> Predictor:
    """A forest or a single tree."""
    if type(estimator).__name__.endswith("Regressor"):
        return ForestRegressor(estimator, features)
    state = read_state(estimator, ("n_outputs_",))
    if state["n_outputs_"] == 1:
        return ForestClassifier(estimator, features)
    return ManyOutputsClassifier(estimator, features)


class Forest:
    """The trees of a forest, or the one of a tree."""

    __slots__ = ("count", "name", "outputs", "small", "state", "takes_missing", "trees")

    def __init__(self, estimator: Estimator, features: Features, width: int) -> None:
        name = self.name = type(estimator).__name__
        state = self.state = read_state(estimator, ("n_features_in_", "n_outputs_"))
        outputs = state["n_outputs_"]
        if type(outputs) is not int or not 1 <= outputs <= MAX_OUTPUTS:
            raise UnsupportedModel(f"The {name}'s n_outputs_ is not from 1 to {MAX_OUTPUTS:,}.")
        self.outputs = outputs
        self.count = column_count(name, state, features)
        members = members_of(estimator, state)
        # An ExtraTree that looks for the best split takes no missing values.
        first = type(members[0]).__name__
        best = first.startswith("ExtraTree") and members[0].state.get("splitter") != "random"
        self.takes_missing = not best
        trees = [read_state(one, ("tree_",))["tree_"] for one in members]
        self.trees = read_trees(trees, self.count, width, outputs)
        self.small = sum(tree.count for tree in self.trees) <= MAX_COMPILED

    def row(self, row: Row) -> tuple[list[float], bool]:
        """As `single_row`."""
        return single_row(row, self.count, missing=self.takes_missing)

    def total(self, row: list[float]) -> list[float]:
        """The sum of the values of the leaves that a row reaches, tree by tree."""
        width = self.trees[0].width
        totals = [0.0] * width
        for tree in self.trees:
            start = tree.leaf(row) * width
            totals = list(map(add, totals, tree.values[start : start + width]))
        return totals

    def rows(self, rows: Sequence[Row]) -> list[list[float]] | None:
        """The rows to take to each tree together, None where they go one by one: where there are
        too few or values are missing."""
        if len(rows) < MANY_ROWS:
            return None
        single = [self.row(row) for row in rows]
        return None if any(missing for _, missing in single) else [row for row, _ in single]

    def totals(self, rows: list[list[float]]) -> list[list[float]]:
        """`total` of each row, tree by tree: its nodes stay in the processor's cache."""
        width = self.trees[0].width
        totals = [[0.0] * width for _ in rows]
        for tree in self.trees:
            values, leaf = tree.values, tree.leaf
            starts = [leaf(row) * width for row in rows]
            totals = [
                list(map(add, total, values[start : start + width]))
                for total, start in zip(totals, starts, strict=True)
            ]
        return totals

    def attribute(self, row: list[float], column: int) -> tuple[float, dict[int, float]]:
        """The base and the parts by feature of the trees' mean answer."""
        parts: dict[int, float] = {}
        base = 0.0
        for tree in self.trees:
            base += tree.attribute(row, column, 1.0 / len(self.trees), parts)
        return base, parts


def members_of(estimator: Estimator, state: State) -> list[Estimator]:
    """The trees of a forest as they were pickled, or the one of a tree."""
    name = type(estimator).__name__
    if name not in _MEMBERS:
        return [estimator]
    estimators = state.get("estimators_")
    if type(estimators) is not list or not estimators:
        raise UnsupportedModel(f"The {name} has no trees; fit it again.")
    if any(type(one).__name__ != _MEMBERS[name] for one in estimators):
        raise UnsupportedModel(f"A tree of the {name} is not a {_MEMBERS[name]}.")
    return estimators


class ForestClassifier(Predictor):
    """RandomForestClassifier, ExtraTreesClassifier, DecisionTreeClassifier, ExtraTreeClassifier.

    Shares are added tree by tree and divided once, as scikit-learn does on one thread.
    """

    __slots__ = ("_forest", "_roots")
    proba = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        self.classes_ = read_labels(name, read_state(estimator, ("classes_",)))
        forest = self._forest = Forest(estimator, features, len(self.classes_))
        self._roots: list[Any] = (
            [tree.compiled(tree.shares()) for tree in forest.trees] if forest.small else []
        )

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class; raises UnusableRow."""
        return self._shares(*self._forest.row(row))

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label and the probabilities."""
        shares = self.predict_proba(row)
        return shares.index(max(shares)), shares, None

    def answers(
        self, rows: Sequence[Row]
    ) -> list[tuple[Any, list[float] | None, list[float] | None]]:
        """As `answer`, of each row; the same additions in the same order."""
        many = self._forest.rows(rows)
        if many is None:
            return list(map(self.answer, rows))
        if self._roots and len(self.classes_) == 2:
            totals = self._pairs(many)
        elif self._roots:
            totals = [[0.0] * len(self.classes_)] * len(many)
            for root in self._roots:
                leaves = [descend(root, row) for row in many]
                totals = [list(map(add, *pair)) for pair in zip(totals, leaves, strict=True)]
        else:
            totals = self._forest.totals(many)
        count = len(self._forest.trees)
        answers: list[Answer] = []
        for total in totals:
            shares = [one / count for one in total]
            answers.append((shares.index(max(shares)), shares, None))
        return answers

    def _pairs(self, rows: list[list[float]]) -> list[list[float]]:
        """The sums of two classes' shares."""
        totals = [[0.0, 0.0] for _ in rows]
        for root in self._roots:
            for row, total in zip(rows, totals, strict=True):
                node = root
                while type(node) is tuple:
                    feature, threshold, left, right = node
                    node = left if row[feature] <= threshold else right
                total[0] += node[0]
                total[1] += node[1]
        return totals

    def _shares(self, row: list[float], has_missing: bool) -> list[float]:
        count = len(self._forest.trees)
        if has_missing or not self._roots:
            return [total / count for total in self._forest.total(row)]
        if len(self.classes_) == 2:
            first = second = 0.0
            for node in self._roots:
                # As `descend`, without a call per tree.
                while type(node) is tuple:
                    feature, threshold, left, right = node
                    node = left if row[feature] <= threshold else right
                first += node[0]
                second += node[1]
            return [first / count, second / count]
        totals = [0.0] * len(self.classes_)
        for root in self._roots:
            totals = list(map(add, totals, descend(root, row)))
        return [total / count for total in totals]

    def explain(self, row: Row) -> Attribution:
        """The probability of the label in parts."""
        values, has_missing = self._forest.row(row)
        label, against = sides(self._shares(values, has_missing))
        base, parts = self._forest.attribute(values, label)
        return Attribution(label, against, PROBABILITY, base, parts)


class ManyOutputsClassifier(Predictor):
    """The same fitted on several outputs: a label, and the probabilities of its classes, for
    each."""

    __slots__ = ("_forest", "_labels")
    proba = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        classes = read_state(estimator, ("classes_",))["classes_"]
        if type(classes) is not list or not classes or any(type(c) is not Array for c in classes):
            raise UnsupportedModel(f"The {name}'s classes_ are not a list of labels per output.")
        self.classes_ = ()
        self._labels = [read_labels(name, {"classes_": one}) for one in classes]
        self._forest = Forest(estimator, features, max(map(len, self._labels)))
        if self._forest.outputs != len(self._labels):
            raise UnsupportedModel(f"The {name} does not have the labels of each output.")

    def predict(self, row: Row) -> list[Label]:
        """A label for each output; raises UnusableRow."""
        return self._likeliest(self._totals(row))

    def predict_proba(self, row: Row) -> list[Any]:
        """For each output, the probability of each of its classes; raises UnusableRow."""
        return self._shares(self._totals(row))

    def answer(self, row: Row) -> tuple[list[Label], list[Any], None]:
        """The label and the probabilities of each output."""
        totals = self._totals(row)
        return self._likeliest(totals), self._shares(totals), None

    def _totals(self, row: Row) -> list[list[float]]:
        """For each output, the sum of the trees' shares of its classes."""
        totals = self._forest.total(self._forest.row(row)[0])
        width = len(totals) // len(self._labels)
        return [
            totals[output * width : output * width + len(labels)]
            for output, labels in enumerate(self._labels)
        ]

    def _likeliest(self, totals: list[list[float]]) -> list[Label]:
        return [
            labels[of_one.index(max(of_one))]
            for labels, of_one in zip(self._labels, totals, strict=True)
        ]

    def _shares(self, totals: list[list[float]]) -> list[list[float]]:
        count = len(self._forest.trees)
        return [[total / count for total in of_one] for of_one in totals]


class ForestRegressor(Predictor):
    """RandomForestRegressor, ExtraTreesRegressor, DecisionTreeRegressor, ExtraTreeRegressor."""

    __slots__ = ("_forest", "_roots")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        self.classes_ = ()
        forest = self._forest = Forest(estimator, features, 1)
        self._roots: list[Any] = (
            [tree.compiled(tree.values) for tree in forest.trees]
            if forest.small and forest.outputs == 1
            else []
        )

    def predict(self, row: Row) -> float | list[float]:
        """The value, or one for each output; raises UnusableRow."""
        values, has_missing = self._forest.row(row)
        count = len(self._forest.trees)
        if has_missing or not self._roots:
            means = [total / count for total in self._forest.total(values)]
            return means if self._forest.outputs > 1 else means[0]
        total = 0.0
        for root in self._roots:
            total += descend(root, values)
        return total / count

    def answers(
        self, rows: Sequence[Row]
    ) -> list[tuple[Any, list[float] | None, list[float] | None]]:
        """As `answer`, of each row; the same additions in the same order."""
        many = self._forest.rows(rows)
        if many is None:
            return [(self.predict(row), None, None) for row in rows]
        count = len(self._forest.trees)
        if not self._roots:
            means = [[one / count for one in total] for total in self._forest.totals(many)]
            several = self._forest.outputs > 1
            return [(mean if several else mean[0], None, None) for mean in means]
        totals = [0.0] * len(many)
        for root in self._roots:
            totals = [total + descend(root, row) for total, row in zip(totals, many, strict=True)]
        return [(total / count, None, None) for total in totals]

    def explain(self, row: Row) -> Attribution | None:
        """The value in parts, of one output."""
        if self._forest.outputs > 1:
            return None
        base, parts = self._forest.attribute(self._forest.row(row)[0], 0)
        return Attribution(0, 0, VALUE, base, parts)
