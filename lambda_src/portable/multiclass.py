"""One versus rest, one versus one, and output codes: classes by classifiers of two."""

from __future__ import annotations

from math import inf

from portable.base import Predictor
from portable.errors import UnsupportedModel
from portable.estimators import read_predictors
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, choice, read_labels, read_state
from portable.pickles.unpickler import Estimator
from portable.responses import DECISION, PROBA, check_binary, positive_score, response_method

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Row

_FIRST_OF_EQUALS = (1, 8)
"""The release of scikit-learn from which one versus rest gives the first of equal classes."""


def read(estimator: Estimator, features: Features) -> Predictor:
    """A OneVsRestClassifier, OneVsOneClassifier, OutputCodeClassifier, or what the first of them
    puts for a class that all rows or none are of."""
    name = type(estimator).__name__
    if name == "_ConstantPredictor":
        return ConstantPredictor(estimator)
    state = read_state(estimator, ("estimators_",))
    predictors = read_predictors(name, state["estimators_"], features)
    check_binary(name, predictors)
    if name == "OneVsOneClassifier":
        return OneVsOneClassifier(estimator, predictors)
    if name == "OutputCodeClassifier":
        return OutputCodeClassifier(estimator, predictors)
    binarizer = read_state(estimator, ("label_binarizer_",))["label_binarizer_"]
    if not isinstance(binarizer, Estimator) or type(binarizer).__name__ != "LabelBinarizer":
        raise UnsupportedModel(f"The {name} lacks its LabelBinarizer; fit it again.")
    labels = read_state(binarizer, ("classes_", "y_type_"))
    if labels["y_type_"] == "multilabel-indicator":
        return MultilabelClassifier(predictors)
    choice("LabelBinarizer", labels, "y_type_", ("binary", "multiclass"))
    return OneVsRestClassifier(state, labels, predictors)


class ConstantPredictor(Predictor):
    """The same number for every row: 0 or -1 against, 1 for the class of all rows or of none.

    To scikit-learn it is no classifier, nor a regressor (sklearn.multiclass._ConstantPredictor).
    """

    __slots__ = ("_value",)
    proba = True
    decision = True

    def __init__(self, estimator: Estimator) -> None:
        value = read_state(estimator, ("y_",))["y_"]
        labels = value.labels() if type(value) is Array else ()
        if labels not in ((0,), (1,), (-1,)):
            raise UnsupportedModel("A class of the model that all rows are of is neither 0 nor 1.")
        self.classes_ = ()
        self._value = float(labels[0])

    def predict(self, row: Row) -> float:  # noqa: ARG002 - whatever the row
        """The number."""
        return self._value

    def predict_proba(self, row: Row) -> list[float]:  # noqa: ARG002 - whatever the row
        """1 for the class that the number stands for."""
        return [1.0 - self._value, self._value]

    def decision_function(self, row: Row) -> list[float]:  # noqa: ARG002 - whatever the row
        """The number."""
        return [self._value]


class OneVsRestClassifier(Predictor):
    """Each class against all others."""

    __slots__ = ("_first", "_predictors", "_threshold", "decision", "proba")

    def __init__(self, state: State, labels: State, predictors: list[Predictor]) -> None:
        name = "OneVsRestClassifier"
        self.classes_ = read_labels(name, labels)
        if len(predictors) != (1 if labels["y_type_"] == "binary" else len(self.classes_)):
            raise UnsupportedModel(f"The {name} has not as many estimators as labels.")
        self._predictors = predictors
        self.proba = predictors[0].proba
        self.decision = predictors[0].decision
        _check_alike(predictors)
        self._threshold = _threshold(predictors)
        major, minor = str(state["_sklearn_version"]).split(".")[:2]
        self._first = (int(major), int(minor)) >= _FIRST_OF_EQUALS

    def predict(self, row: Row) -> int:
        """The place of the label; raises UnusableRow."""
        scores = [positive_score(one, row) for one in self._predictors]
        if len(scores) == 1:
            return int(scores[0] > self._threshold)
        best = max(scores)
        if best == -inf:
            return 0
        return (
            scores.index(best)
            if self._first
            else max(place for place, score in enumerate(scores) if score == best)
        )

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class, made to add up to 1."""
        shares = [one.predict_proba(row)[1] for one in self._predictors]
        if len(shares) == 1:
            shares = [1.0 - shares[0], shares[0]]
        total = sum(shares)
        return [share / total for share in shares] if total else shares

    def decision_function(self, row: Row) -> list[float]:
        """One score for two classes, else one for each."""
        return [one.decision_function(row)[0] for one in self._predictors]


class MultilabelClassifier(Predictor):
    """Each label by itself: one versus rest of a matrix of labels. Answers 0 or 1 for each."""

    __slots__ = ("_predictors", "_threshold", "decision", "proba")

    def __init__(self, predictors: list[Predictor]) -> None:
        self.classes_ = ()
        self._predictors = predictors
        _check_alike(predictors)
        self.proba = predictors[0].proba
        self.decision = predictors[0].decision
        self._threshold = _threshold(predictors)

    def predict(self, row: Row) -> list[int]:
        """1 for each label that the row has; raises UnusableRow."""
        return [int(positive_score(one, row) > self._threshold) for one in self._predictors]

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each label."""
        return [one.predict_proba(row)[1] for one in self._predictors]

    def decision_function(self, row: Row) -> list[float]:
        """The score of each label."""
        return [one.decision_function(row)[0] for one in self._predictors]


class OneVsOneClassifier(Predictor):
    """Each class against each other: the most wins, and the scores where they are as many."""

    __slots__ = ("_pairs", "_predictors", "_threshold")
    decision = True

    def __init__(self, estimator: Estimator, predictors: list[Predictor]) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("classes_", "pairwise_indices_"))
        choice(name, state, "pairwise_indices_", (None,))
        self.classes_ = read_labels(name, state)
        size = len(self.classes_)
        if len(predictors) != size * (size - 1) // 2 or any(
            one.classes_ not in ((), (0, 1)) for one in predictors
        ):
            raise UnsupportedModel(f"The {name} has not one classifier for each pair of labels.")
        self._pairs = [(i, j) for i in range(size) for j in range(i + 1, size)]
        self._predictors = predictors
        self._threshold = _threshold(predictors)

    def _scores(self, row: Row) -> list[float]:
        votes = [0.0] * len(self.classes_)
        sums = [0.0] * len(self.classes_)
        for (i, j), predictor in zip(self._pairs, self._predictors, strict=True):
            said = predictor.predict(row)
            score = positive_score(predictor, row)
            sums[i] -= score
            sums[j] += score
            if said in (0, 1):
                votes[j if said else i] += 1.0
        return [vote + one / (3 * (abs(one) + 1)) for vote, one in zip(votes, sums, strict=True)]

    def predict(self, row: Row) -> int:
        """The place of the label; raises UnusableRow."""
        scores = self._scores(row)
        if len(scores) == 2:
            return int(scores[1] > self._threshold)
        return scores.index(max(scores))

    def decision_function(self, row: Row) -> list[float]:
        """One score for two classes, else one for each."""
        scores = self._scores(row)
        return scores[1:] if len(scores) == 2 else scores


class OutputCodeClassifier(Predictor):
    """The class whose code is nearest to what the classifiers of its digits say."""

    __slots__ = ("_codes", "_predictors")

    def __init__(self, estimator: Estimator, predictors: list[Predictor]) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("classes_", "code_book_"))
        self.classes_ = read_labels(name, state)
        book = state["code_book_"]
        if type(book) is not Array or book.shape != (len(self.classes_), len(predictors)):
            raise UnsupportedModel(f"The {name}'s code_book_ does not fit its labels.")
        self._codes = book.rows()
        self._predictors = predictors

    def predict(self, row: Row) -> int:
        """The place of the label; raises UnusableRow."""
        said = [positive_score(one, row) for one in self._predictors]
        # As scikit-learn: what all codes share, the square of what is said, is left out.
        distances = [
            sum([digit * digit - 2.0 * digit * one for digit, one in zip(code, said, strict=True)])
            for code in self._codes
        ]
        return distances.index(min(distances))


def _threshold(predictors: list[Predictor]) -> float:
    """Above which a score speaks for a class: that of probabilities, unless the first estimator is
    a classifier with a decision function."""
    return 0.0 if predictors[0].decision and predictors[0].classes_ else 0.5


def _check_alike(predictors: list[Predictor]) -> None:
    """Raise UnsupportedModel where one lacks a method that the first has."""
    for method in (PROBA, DECISION):
        if response_method(predictors[0], (method, "predict")) == method:
            for one in predictors[1:]:
                response_method(one, (method,))
