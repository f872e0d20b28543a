"""Gradient boosting: a starting score plus the learning rate times each tree's answer, in order."""

from __future__ import annotations

from math import log

from portable.arithmetic.links import clipped, expit, logit, softmax
from portable.attribution import LOG_ODDS, VALUE, Attribution, sides
from portable.base import DENSE, Features, Predictor
from portable.dummy import starting_scores, starting_value
from portable.errors import UnsupportedModel
from portable.estimators import read_predictor
from portable.pickles import records
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, column_count, number, read_labels, read_state
from portable.pickles.unpickler import Estimator
from portable.quick_scorer import scorer
from portable.supported import ESTIMATORS
from portable.tree import read_trees, single_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row

_REQUIRED = ("estimators_", "init_", "learning_rate", "_loss", "n_features_in_")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A GradientBoostingClassifier or GradientBoostingRegressor."""
    if type(estimator).__name__ == "GradientBoostingRegressor":
        return BoostingRegressor(estimator, features)
    return BoostingClassifier(estimator, features)


class Boosting:
    """The raw scores of a fitted gradient boosting, one per class or a single one.

    Answers are bit for bit scikit-learn's: the same additions in the same order.
    """

    __slots__ = ("_count", "_factor", "_fitted", "_rate", "_trees", "first", "start")

    def __init__(self, name: str, state: State, features: Features, scores: int) -> None:
        self._count = column_count(name, state, features)
        rate = self._rate = number(name, state, "learning_rate")
        estimators = state["estimators_"]
        if (
            type(estimators) is not Array
            or len(estimators.shape) != 2
            or estimators.shape[1] != scores
            or type(estimators.raw) is not list
        ):
            raise UnsupportedModel(f"The {name}'s estimators_ are not stages of {scores} trees.")
        trees = read_trees(list(map(_tree_of, estimators.raw)), self._count, 1)
        if not trees:
            raise UnsupportedModel(f"The {name} has no stages; fit it again.")
        if estimators.fortran:
            stages = estimators.shape[0]
            trees = [tree for at in range(stages) for tree in trees[at::stages]]
        self._fitted = [trees[at::scores] for at in range(scores)]
        self._trees = scorer(
            [tree.nodes([rate * value for value in tree.values], self._count) for tree in trees]
        )
        self.start = [0.0] * scores
        self.first: Predictor | None = None

    def row(self, row: Row) -> list[float]:
        """The row in single precision; raises UnusableRow."""
        return single_row(row, self._count, missing=False)[0]

    def scores(self, row: list[float]) -> list[float]:
        """The raw score of each class for a row in single precision."""
        start = self.start if self.first is None else self._first_scores(row)
        values = self._trees.values(row)
        scores = len(start)
        totals = []
        for at, total in enumerate(start):
            # Not sum(): from Python 3.12 that compensates, which scikit-learn does not.
            for value in values[at::scores]:
                total += value
            totals.append(total)
        return totals

    def start_from(self, estimator: object, factor: float) -> None:
        """Start from what an estimator answers, which takes rows in single precision."""
        if not isinstance(estimator, Estimator) or not ESTIMATORS[estimator.module][
            type(estimator).__name__
        ].startswith("ensemble."):
            raise UnsupportedModel(
                "The gradient boosting starts from an estimator of its own (init) that is neither "
                "a dummy nor made of trees; leave init out, or serve it by the scikit-learn "
                "runtime."
            )
        self.first = read_predictor(estimator, Features(DENSE, self._count))
        self._factor = factor

    def _first_scores(self, row: list[float]) -> list[float]:
        first: Predictor = self.first  # type: ignore[assignment]
        if not first.proba:
            return [float(first.predict(row))]
        shares = list(map(clipped, first.predict_proba(row)))
        if len(self.start) == 1:
            return [logit(shares[1]) / self._factor]
        # The geometric mean of the shares is the reference.
        mean = sum(map(log, shares)) / len(shares)
        return [log(share) - mean for share in shares]

    def attribute(self, row: list[float], at: int) -> tuple[float, dict[int, float]]:
        """The base and the parts by feature of one raw score."""
        parts: dict[int, float] = {}
        base = self.start[at]
        for tree in self._fitted[at]:
            base += tree.attribute(row, 0, self._rate, parts)
        return base, parts


def _tree_of(estimator: object) -> object:
    if type(estimator).__name__ != "DecisionTreeRegressor":
        raise UnsupportedModel("A stage of the gradient boosting is not a DecisionTreeRegressor.")
    return read_state(estimator, ("tree_",))["tree_"]  # type: ignore[arg-type]


class BoostingClassifier(Predictor):
    """GradientBoostingClassifier with the losses log_loss and exponential."""

    __slots__ = ("_boosting", "_factor")
    proba = True
    decision = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, (*_REQUIRED, "classes_"))
        self.classes_ = read_labels(name, state)
        size = len(self.classes_)
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
        self._boosting = Boosting(name, state, features, scores)
        first = state["init_"]
        if type(first).__name__ == "DummyClassifier":
            self._boosting.start = starting_scores(first, size, self._factor)
        elif first != "zero":
            self._boosting.start_from(first, self._factor)
            if self._boosting.first and self._boosting.first.classes_ != self.classes_:
                # scikit-learn takes its columns by their places alone.
                raise UnsupportedModel(f"The {name}'s init has other classes; fit it again.")

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return self.answer(row)[0]

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        return self.answer(row)[1]

    def decision_function(self, row: Row) -> list[float]:
        """The raw score of the second of two classes, or of each."""
        return self._boosting.scores(self._boosting.row(row))

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label and the probabilities; raises UnusableRow."""
        scores = self._boosting.scores(self._boosting.row(row))
        if len(scores) > 1:
            return scores.index(max(scores)), softmax(scores), None
        probability = expit(self._factor * scores[0])
        return int(scores[0] >= 0.0), [1.0 - probability, probability], None

    def explain(self, row: Row) -> Attribution | None:
        """The log-odds in parts: exact Shapley values where trees have one split."""
        if self._boosting.first is not None:
            return None
        values = self._boosting.row(row)
        if self._boosting.start[1:]:
            label, against = sides(self._boosting.scores(values))
            base, parts = self._boosting.attribute(values, label)
            other_base, other_parts = self._boosting.attribute(values, against)
            differences = {
                column: parts.get(column, 0.0) - other_parts.get(column, 0.0)
                for column in parts.keys() | other_parts.keys()
            }
            return Attribution(label, against, LOG_ODDS, base - other_base, differences)
        base, parts = self._boosting.attribute(values, 0)
        factor = self._factor
        parts = {column: factor * part for column, part in parts.items()}
        return Attribution(1, 0, LOG_ODDS, factor * base, parts)


class BoostingRegressor(Predictor):
    """GradientBoostingRegressor, with any of its losses: all predict the raw score."""

    __slots__ = ("_boosting",)

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        loss = state["_loss"]
        if type(loss) is not records.RegressionLoss or type(loss.link) is not records.Link:
            raise UnsupportedModel(f"The {name}'s loss is not one of a regression.")
        self._boosting = Boosting(name, state, features, 1)
        self.classes_ = ()
        first = state["init_"]
        if type(first).__name__ == "DummyRegressor":
            self._boosting.start = [starting_value(first)]
        elif first != "zero":
            self._boosting.start_from(first, 1.0)

    def predict(self, row: Row) -> float:
        """The value; raises UnusableRow."""
        return self._boosting.scores(self._boosting.row(row))[0]

    def explain(self, row: Row) -> Attribution | None:
        """The value in parts."""
        if self._boosting.first is not None:
            return None
        base, parts = self._boosting.attribute(self._boosting.row(row), 0)
        return Attribution(0, 0, VALUE, base, parts)
