"""Gradient boosting: a starting score plus the learning rate times each tree's answer, in order."""

from math import log

from portable.arithmetic.links import clipped, expit, logit, softmax
from portable.attribution import LOG_ODDS, Attribution, sides
from portable.errors import UnsupportedModel
from portable.naive_bayes.discrete import read_labels
from portable.pickles import classes as pickles
from portable.pickles import records
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, read_state, vector
from portable.pickles.parameters import BOOSTING, DUMMY, TREE, feature_count, number
from portable.rows import singles
from portable.tree import descend, read_trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Any

REQUIRED = frozenset(("estimators_", "init_", "learning_rate", "_loss", "n_features_in_"))


class Boosting:
    """The raw scores of a fitted gradient boosting, one per class or a single one.

    Answers are bit for bit scikit-learn's: the same additions in the same order.
    """

    __slots__ = ("_fitted", "_rate", "_stumps", "_trees", "features", "start")

    def __init__(self, name: str, state: State, scores: int) -> None:
        self.features = feature_count(name, state)
        rate = self._rate = number(name, state, "learning_rate")
        estimators = state["estimators_"]
        if (
            type(estimators) is not Array
            or len(estimators.shape) != 2
            or estimators.shape[1] != scores
            or type(estimators.raw) is not list
        ):
            raise UnsupportedModel(f"The {name}'s estimators_ are not stages of {scores} trees.")
        trees = read_trees(list(map(_tree_of, estimators.raw)), self.features, 1)
        if estimators.fortran:
            stages = estimators.shape[0]
            self._fitted = [trees[at * stages : (at + 1) * stages] for at in range(scores)]
        else:
            self._fitted = [trees[at::scores] for at in range(scores)]
        self._trees: list[list[Any]] = [
            [tree.compiled([rate * value for value in tree.values]) for tree in fitted]
            for fitted in self._fitted
        ]
        self._stumps = all(tree.count == 3 for tree in trees)
        self.start = [0.0] * scores

    def scores(self, row: "array[float]") -> list[float]:
        """The raw score of each class for a row in single precision."""
        found = []
        for score, trees in zip(self.start, self._trees, strict=True):
            if self._stumps:
                for feature, threshold, left, right in trees:
                    score += left if row[feature] <= threshold else right
            else:
                for tree in trees:
                    score += descend(tree, row)
            found.append(score)
        return found

    def attribute(self, row: "array[float]", at: int) -> tuple[float, list[float]]:
        """The base and the parts by feature of one raw score."""
        parts = [0.0] * self.features
        base = self.start[at]
        for tree in self._fitted[at]:
            base += tree.attribute(row, 0, self._rate, parts)
        return base, parts


def _tree_of(estimator: object) -> object:
    if type(estimator) is not pickles.DecisionTreeRegressor:
        raise UnsupportedModel("A stage of the gradient boosting is not a DecisionTreeRegressor.")
    return read_state(estimator, frozenset(("tree_",)), TREE)["tree_"]


class BoostingClassifier:
    """GradientBoostingClassifier with the losses log_loss and exponential."""

    __slots__ = ("_boosting", "_factor", "features", "labels")

    def __init__(self, estimator: pickles.Estimator) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, REQUIRED | {"classes_"}, BOOSTING)
        self.labels = read_labels(name, state)
        size = len(self.labels)
        loss = state["_loss"]
        link = getattr(loss, "link", None)
        if type(loss) is records.HalfBinomialLoss and type(link) is records.LogitLink:
            scores, self._factor = 1, 1.0
        elif type(loss) is records.ExponentialLoss and type(link) is records.HalfLogitLink:
            scores, self._factor = 1, 2.0
        elif type(loss) is records.HalfMultinomialLoss and type(link) is records.MultinomialLogit:
            scores, self._factor = size, 1.0
        else:
            raise UnsupportedModel(f"The {name}'s loss is neither log_loss nor exponential.")
        if (size == 2) != (scores == 1) or size < 2:
            raise UnsupportedModel(f"The {name}'s loss does not fit its {size} classes.")
        self._boosting = Boosting(name, state, scores)
        self.features = self._boosting.features
        if state["init_"] != "zero":
            self._boosting.start = _starting_scores(state["init_"], size, self._factor)

    def predict(self, values: "array[float]") -> tuple[int, list[float]]:
        """The index of the label and the probabilities of a row of finite numbers."""
        scores = self._boosting.scores(singles(values))
        if len(scores) > 1:
            return scores.index(max(scores)), softmax(scores)
        probability = expit(self._factor * scores[0])
        return int(scores[0] >= 0.0), [1.0 - probability, probability]

    def explain(self, values: "array[float]") -> Attribution:
        """The log-odds in parts: exact Shapley values where trees have one split."""
        row = singles(values)
        if self._boosting.start[1:]:
            label, against = sides(self._boosting.scores(row))
            base, parts = self._boosting.attribute(row, label)
            other_base, other_parts = self._boosting.attribute(row, against)
            differences = [a - b for a, b in zip(parts, other_parts, strict=True)]
            return Attribution(label, against, LOG_ODDS, base - other_base, differences)
        base, parts = self._boosting.attribute(row, 0)
        factor = self._factor
        return Attribution(1, 0, LOG_ODDS, factor * base, [factor * part for part in parts])


def _starting_scores(estimator: object, size: int, factor: float) -> list[float]:
    if type(estimator) is not pickles.DummyClassifier:
        raise UnsupportedModel(
            "The gradient boosting starts from an estimator of its own (init); leave init out."
        )
    state = read_state(estimator, frozenset(("class_prior_", "strategy")), DUMMY)
    if state["strategy"] != "prior":
        raise UnsupportedModel("The gradient boosting does not start from the classes' shares.")
    shares = [clipped(share) for share in vector("DummyClassifier", state, "class_prior_", size)]
    if size == 2:
        return [logit(shares[1]) / factor]
    # The geometric mean of the shares is the reference.
    mean = sum(map(log, shares)) / size
    return [log(share) - mean for share in shares]
