"""Forests and single trees: the mean of the leaves' class shares."""

from portable.attribution import PROBABILITY, Attribution, sides
from portable.errors import UnsupportedModel
from portable.naive_bayes.discrete import read_labels
from portable.pickles import classes as pickles
from portable.pickles.attributes import State, choice, read_state
from portable.pickles.parameters import FOREST, TREE, feature_count
from portable.rows import singles
from portable.tree import FittedTree, descend, read_trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Any

CLASSIFIERS = (
    pickles.DecisionTreeClassifier,
    pickles.ExtraTreeClassifier,
    pickles.RandomForestClassifier,
    pickles.ExtraTreesClassifier,
)
REGRESSORS = (
    pickles.DecisionTreeRegressor,
    pickles.ExtraTreeRegressor,
    pickles.RandomForestRegressor,
    pickles.ExtraTreesRegressor,
)
_MEMBER = {
    pickles.RandomForestClassifier: pickles.DecisionTreeClassifier,
    pickles.ExtraTreesClassifier: pickles.ExtraTreeClassifier,
    pickles.RandomForestRegressor: pickles.DecisionTreeRegressor,
    pickles.ExtraTreesRegressor: pickles.ExtraTreeRegressor,
}


class ForestClassifier:
    """RandomForestClassifier, ExtraTreesClassifier, DecisionTreeClassifier, ExtraTreeClassifier.

    Shares are added tree by tree and divided once, as scikit-learn does on one thread.
    """

    __slots__ = ("_fitted", "_roots", "features", "labels")

    def __init__(self, estimator: pickles.Estimator) -> None:
        name = type(estimator).__name__
        state = fitted_state(estimator, frozenset(("classes_",)))
        self.labels = read_labels(name, state)
        self.features = feature_count(name, state)
        self._fitted = members(estimator, state, self.features, len(self.labels))
        self._roots: list[Any] = [tree.compiled(tree.shares()) for tree in self._fitted]

    def predict(self, values: "array[float]") -> tuple[int, list[float]]:
        """The index of the label and the probabilities of a row of finite numbers."""
        shares = self._shares(singles(values))
        return shares.index(max(shares)), shares

    def _shares(self, row: "array[float]") -> list[float]:
        count = len(self._roots)
        if len(self.labels) == 2:
            first = second = 0.0
            for node in self._roots:
                # As `descend`, without a call per tree.
                while type(node) is tuple:
                    feature, threshold, left, right = node
                    node = left if row[feature] <= threshold else right
                first += node[0]
                second += node[1]
            return [first / count, second / count]
        totals = [0.0] * len(self.labels)
        for root in self._roots:
            leaf = descend(root, row)
            totals = [total + share for total, share in zip(totals, leaf, strict=True)]
        return [total / count for total in totals]

    def explain(self, values: "array[float]") -> Attribution:
        """The probability of the label in parts."""
        row = singles(values)
        label, against = sides(self._shares(row))
        base, parts = attribute(self._fitted, row, label)
        return Attribution(label, against, PROBABILITY, base, parts)


def attribute(
    trees: list[FittedTree], row: "array[float]", column: int
) -> tuple[float, list[float]]:
    """The base and the parts by feature of the trees' mean answer."""
    parts = [0.0] * len(row)
    base = 0.0
    for tree in trees:
        base += tree.attribute(row, column, 1.0 / len(trees), parts)
    return base, parts


def fitted_state(estimator: pickles.Estimator, required: frozenset[str]) -> State:
    """The state of a tree or forest of one output."""
    forest = type(estimator) in _MEMBER
    own = frozenset(("estimators_",)) if forest else frozenset(("tree_",))
    known = FOREST if forest else TREE
    state = read_state(estimator, required | own | {"n_features_in_", "n_outputs_"}, known)
    choice(type(estimator).__name__, state, "n_outputs_", (1,))
    return state


def members(
    estimator: pickles.Estimator, state: State, features: int, width: int
) -> list[FittedTree]:
    """The trees of a forest, or the one of a tree."""
    member = _MEMBER.get(type(estimator))
    if member is None:
        return read_trees([state["tree_"]], features, width)
    estimators = state["estimators_"]
    if type(estimators) is not list or not estimators:
        raise UnsupportedModel(f"The {type(estimator).__name__} has no trees; fit it again.")
    trees = []
    for one in estimators:
        if type(one) is not member:
            raise UnsupportedModel(
                f"A tree of the {type(estimator).__name__} is not a {member.__name__}."
            )
        trees.append(read_state(one, frozenset(("tree_",)), TREE)["tree_"])
    return read_trees(trees, features, width)
