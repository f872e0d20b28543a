"""Linear classifiers: coefficients times the row, and what each makes of these scores."""

from __future__ import annotations

from itertools import repeat

from portable.arithmetic.links import expit, softmax
from portable.attribution import DECISION, LOG_ODDS, Attribution, sides
from portable.base import Predictor
from portable.errors import UnsupportedModel
from portable.linear_model.coefficients import (
    Coefficients,
    read_coefficients,
    read_intercepts,
    read_weights,
)
from portable.pickles.attributes import State, choice, column_count, read_labels, read_state
from portable.pickles.tables import held_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from portable.base import Features, Row
    from portable.pickles.arrays import Label
    from portable.pickles.unpickler import Estimator

    Probabilities = Callable[[list[float]], list[float]]

_LOSSES = (
    "hinge",
    "log_loss",
    "modified_huber",
    "squared_hinge",
    "perceptron",
    "squared_error",
    "huber",
    "epsilon_insensitive",
    "squared_epsilon_insensitive",
)


def read(estimator: Estimator, features: Features) -> Predictor:
    """A linear classifier of scikit-learn's linear_model, or a LinearSVC."""
    name = type(estimator).__name__
    if name == "SGDOneClassSVM":
        return _read_one_class(estimator, features)
    state = read_state(estimator, ("coef_", "intercept_", "n_features_in_"))
    if name.startswith("RidgeClassifier"):
        read_state(estimator, ("_label_binarizer",))
        classes, multilabel = held_labels(name, state)
        if multilabel:
            return MultilabelClassifier(read_coefficients(name, state, features)[0])
        return linear_classifier(name, {**state, "classes_": classes}, features)
    if name.startswith("LogisticRegression"):
        return linear_classifier(name, state, features, _logistic_regression(name, state))
    if name == "SGDClassifier":
        loss = choice(name, read_state(estimator, ("loss",)), "loss", _LOSSES)
        probabilities = {"log_loss": one_against_rest, "modified_huber": _modified_huber}
        return linear_classifier(name, state, features, probabilities.get(str(loss)))
    return linear_classifier(name, state, features)


def linear_classifier(
    name: str,
    state: State,
    features: Features,
    probabilities: Probabilities | None = None,
) -> LinearClassifier:
    """The classifier of `state`, with `probabilities` of its scores where it has them."""
    if "classes_" not in state:
        raise UnsupportedModel(f"The {name} lacks 'classes_'; pickle it after fitting it.")
    classes = read_labels(name, state)
    if len(classes) < 2:
        raise UnsupportedModel(f"The {name} has one class; fit it on rows of two or more.")
    outputs = 1 if len(classes) == 2 else len(classes)
    coefficients, _ = read_coefficients(name, state, features, outputs)
    if probabilities is None:
        return LinearClassifier(classes, coefficients)
    return ProbabilisticClassifier(classes, coefficients, probabilities)


def _logistic_regression(name: str, state: State) -> Probabilities:
    """Until scikit-learn 1.7 `multi_class` may ask for each class against the rest, which is also
    what liblinear fits of three and more."""
    if "multi_class" not in state:
        return logistic
    asked = choice(name, state, "multi_class", ("auto", "deprecated", "ovr", "multinomial"))
    if asked == "multinomial":
        return _symmetric
    return one_against_rest if asked == "ovr" or state.get("solver") == "liblinear" else logistic


def _read_one_class(estimator: Estimator, features: Features) -> Predictor:
    name = type(estimator).__name__
    state = read_state(estimator, ("coef_", "offset_", "n_features_in_"))
    count = column_count(name, state, features)
    weights, _ = read_weights(name, state, "coef_", count, features)
    offset = read_intercepts(name, state, 1, "offset_")[0]
    return LinearOutlierDetector((-1, 1), Coefficients(weights[:1], [-offset], count))


class LinearClassifier(Predictor):
    """Answers by its decision function: one score for two classes, else one for each.

    scikit-learn leaves the order of additions to BLAS, so answers agree to rounding.
    """

    __slots__ = ("coefficients",)
    decision = True

    def __init__(self, classes: tuple[Label, ...], coefficients: Coefficients) -> None:
        self.classes_ = classes
        self.coefficients = coefficients

    def decision_function(self, row: Row) -> list[float]:
        """One score for two classes, else one for each."""
        return self.coefficients.scores(row)

    def place(self, scores: list[float]) -> int:
        """The place of the class that has the scores."""
        return int(scores[0] > 0.0) if len(scores) == 1 else scores.index(max(scores))

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return self.place(self.decision_function(row))

    def answer(self, row: Row) -> tuple[int, list[float] | None, list[float] | None]:
        """The place of the label, and the scores."""
        scores = self.decision_function(row)
        return self.place(scores), None, scores

    def answers(self, rows: Sequence[Row]) -> list[Any]:
        """As `answer`, of each row."""
        return [
            (self.place(scores), None, scores) for scores in self.coefficients.many_scores(rows)
        ]

    def unit(self) -> str:
        """What a difference of scores is."""
        return DECISION

    def explain(self, row: Row) -> Attribution:
        """Coefficient times value: what sets the row apart from a row of zeros."""
        intercepts, unit = self.coefficients.intercepts, self.unit()
        scores = self.decision_function(row)
        if len(scores) == 1:
            return Attribution(1, 0, unit, intercepts[0], self.coefficients.parts(row, 0))
        label, against = sides(scores)
        parts = self.coefficients.parts(row, label, against)
        return Attribution(label, against, unit, intercepts[label] - intercepts[against], parts)


class ProbabilisticClassifier(LinearClassifier):
    """Its probabilities are a function of the scores."""

    __slots__ = ("_probabilities",)
    proba = True

    def __init__(
        self,
        classes: tuple[Label, ...],
        coefficients: Coefficients,
        probabilities: Probabilities,
    ) -> None:
        super().__init__(classes, coefficients)
        self._probabilities = probabilities

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        return self._probabilities(self.decision_function(row))

    def answer(self, row: Row) -> tuple[int, list[float] | None, list[float] | None]:
        """The place of the label and the probabilities."""
        scores = self.decision_function(row)
        return self.place(scores), self._probabilities(scores), None

    def answers(self, rows: Sequence[Row]) -> list[Any]:
        """As `answer`, of each row."""
        many_scores = self.coefficients.many_scores(rows)
        probabilities = map(self._probabilities, many_scores)
        return list(zip(map(self.place, many_scores), probabilities, repeat(None)))

    def unit(self) -> str:
        """Log-odds where the probabilities are the logistic function or softmax of the scores."""
        is_logistic = self._probabilities is logistic or (
            self._probabilities is one_against_rest and len(self.classes_) == 2
        )
        return LOG_ODDS if is_logistic else DECISION


class LinearOutlierDetector(LinearClassifier):
    """SGDOneClassSVM: an inlier where the score is not negative."""

    __slots__ = ()

    def place(self, scores: list[float]) -> int:
        """0 for an outlier, 1 for an inlier."""
        return int(scores[0] >= 0.0)


class MultilabelClassifier(Predictor):
    """RidgeClassifier of several labels at once: answers 0 or 1 for each."""

    __slots__ = ("_coefficients",)
    decision = True

    def __init__(self, coefficients: Coefficients) -> None:
        self.classes_ = ()
        self._coefficients = coefficients

    def decision_function(self, row: Row) -> list[float]:
        """One score for each label."""
        return self._coefficients.scores(row)

    def predict(self, row: Row) -> list[int]:
        """0 or 1 for each label."""
        return [int(score > 0.0) for score in self.decision_function(row)]


def logistic(scores: list[float]) -> list[float]:
    """The logistic function for two classes, else softmax."""
    return one_against_rest(scores) if len(scores) == 1 else softmax(scores)


def _symmetric(scores: list[float]) -> list[float]:
    """Softmax of two classes too, as a multinomial LogisticRegression until scikit-learn 1.7."""
    return softmax([-scores[0], scores[0]] if len(scores) == 1 else scores)


def one_against_rest(scores: list[float]) -> list[float]:
    """The logistic function of each score, in shares of their sum."""
    if len(scores) == 1:
        probability = expit(scores[0])
        return [1.0 - probability, probability]
    probabilities = [expit(score) for score in scores]
    return _shares(probabilities)


def _modified_huber(scores: list[float]) -> list[float]:
    """Each score between -1 and 1, in shares of their sum."""
    return _shares([(min(max(score, -1.0), 1.0) + 1.0) / 2.0 for score in scores])


def _shares(probabilities: list[float]) -> list[float]:
    """Of two classes the second's probability is given; of more, each is divided by their sum."""
    if len(probabilities) == 1:
        return [1.0 - probabilities[0], probabilities[0]]
    total = sum(probabilities)
    if total == 0.0:
        return [1.0 / len(probabilities)] * len(probabilities)
    return [probability / total for probability in probabilities]
