"""Forests and single trees: the mean of the leaves' class shares, or of their numbers."""

from portable.attribution import PROBABILITY, VALUE, Attribution, sides
from portable.base import Predictor, finite
from portable.errors import UnsupportedModel
from portable.pickles.attributes import State, choice, column_count, read_labels, read_state
from portable.rows import singles
from portable.tree import FittedTree, descend, read_trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Any

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_MEMBERS = {
    "RandomForestClassifier": "DecisionTreeClassifier",
    "ExtraTreesClassifier": "ExtraTreeClassifier",
    "RandomForestRegressor": "DecisionTreeRegressor",
    "ExtraTreesRegressor": "ExtraTreeRegressor",
}


def read(estimator: "Estimator", features: "Features") -> Predictor:
    """A forest or a single tree, of one output."""
    if type(estimator).__name__.endswith("Regressor"):
        return ForestRegressor(estimator, features)
    return ForestClassifier(estimator, features)


class ForestClassifier(Predictor):
    """RandomForestClassifier, ExtraTreesClassifier, DecisionTreeClassifier, ExtraTreeClassifier.

    Shares are added tree by tree and divided once, as scikit-learn does on one thread.
    """

    __slots__ = ("_count", "_fitted", "_roots")
    proba = True

    def __init__(self, estimator: "Estimator", features: "Features") -> None:
        name = type(estimator).__name__
        state = _fitted_state(estimator)
        self.classes_ = read_labels(name, state)
        self._count = column_count(name, state, features)
        self._fitted = _members(estimator, state, self._count, len(self.classes_))
        self._roots: list[Any] = [tree.compiled(tree.shares()) for tree in self._fitted]

    def predict_proba(self, row: "Row") -> list[float]:
        """The probability of each class; raises UnusableRow."""
        return self._shares(singles(finite(row, self._count)))

    def answer(self, row: "Row") -> tuple[int, list[float], None]:
        """The place of the label and the probabilities."""
        shares = self.predict_proba(row)
        return shares.index(max(shares)), shares, None

    def _shares(self, row: "array[float]") -> list[float]:
        count = len(self._roots)
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
            leaf = descend(root, row)
            totals = [total + share for total, share in zip(totals, leaf, strict=True)]
        return [total / count for total in totals]

    def explain(self, row: "Row") -> Attribution:
        """The probability of the label in parts."""
        values = singles(finite(row, self._count))
        label, against = sides(self._shares(values))
        base, parts = _attribute(self._fitted, values, label)
        return Attribution(label, against, PROBABILITY, base, parts)


class ForestRegressor(Predictor):
    """RandomForestRegressor, ExtraTreesRegressor, DecisionTreeRegressor, ExtraTreeRegressor."""

    __slots__ = ("_count", "_fitted", "_roots")

    def __init__(self, estimator: "Estimator", features: "Features") -> None:
        state = _fitted_state(estimator)
        self.classes_ = ()
        self._count = column_count(type(estimator).__name__, state, features)
        self._fitted = _members(estimator, state, self._count, 1)
        self._roots: list[Any] = [tree.compiled(tree.values) for tree in self._fitted]

    def predict(self, row: "Row") -> float:
        """The value; raises UnusableRow."""
        values = singles(finite(row, self._count))
        total = 0.0
        for root in self._roots:
            total += descend(root, values)
        return total / len(self._roots)

    def explain(self, row: "Row") -> Attribution:
        """The value in parts."""
        base, parts = _attribute(self._fitted, singles(finite(row, self._count)), 0)
        return Attribution(0, 0, VALUE, base, parts)


def _attribute(
    trees: list[FittedTree], row: "array[float]", column: int
) -> tuple[float, dict[int, float]]:
    """The base and the parts by feature of the trees' mean answer."""
    parts: dict[int, float] = {}
    base = 0.0
    for tree in trees:
        base += tree.attribute(row, column, 1.0 / len(trees), parts)
    return base, parts


def _fitted_state(estimator: "Estimator") -> State:
    """The state of a tree or forest of one output."""
    name = type(estimator).__name__
    own = "estimators_" if name in _MEMBERS else "tree_"
    required = (own, "n_features_in_", "n_outputs_")
    state = read_state(
        estimator, required if name.endswith("Regressor") else (*required, "classes_")
    )
    choice(name, state, "n_outputs_", (1,))
    return state


def _members(estimator: "Estimator", state: State, count: int, width: int) -> list[FittedTree]:
    """The trees of a forest, or the one of a tree."""
    name = type(estimator).__name__
    member = _MEMBERS.get(name)
    if member is None:
        return read_trees([state["tree_"]], count, width)
    estimators = state["estimators_"]
    if type(estimators) is not list or not estimators:
        raise UnsupportedModel(f"The {name} has no trees; fit it again.")
    trees = []
    for one in estimators:
        if type(one).__name__ != member:
            raise UnsupportedModel(f"A tree of the {name} is not a {member}.")
        trees.append(read_state(one, ("tree_",))["tree_"])
    return read_trees(trees, count, width)
