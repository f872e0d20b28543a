"""Linear classifiers: coefficients times the row, then the logistic function or softmax."""

from math import isfinite

from portable.arithmetic.links import expit, softmax
from portable.attribution import DECISION, LOG_ODDS, Attribution, sides
from portable.base import Predictor, SparseRow, UnusableRow, finite
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import (
    State,
    choice,
    column_count,
    matrix,
    read_labels,
    read_state,
    vector,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_REQUIRED = ("classes_", "coef_", "intercept_", "n_features_in_")


def read(estimator: "Estimator", features: "Features") -> Predictor:
    """A LogisticRegression or an SGDClassifier."""
    return LinearClassifier(estimator, features)


class LinearClassifier(Predictor):
    """LogisticRegression (two classes, or multinomial) and SGDClassifier with log_loss.

    scikit-learn leaves the order of additions to BLAS, so answers agree to rounding.
    """

    __slots__ = ("_count", "_one_per_class", "_weights", "intercepts")
    proba = True
    decision = True

    def __init__(self, estimator: "Estimator", features: "Features") -> None:
        name = type(estimator).__name__
        by_descent = name == "SGDClassifier"
        state = read_state(estimator, (*_REQUIRED, "loss" if by_descent else "solver"))
        self.classes_ = read_labels(name, state)
        self._count = column_count(name, state, features)
        size = len(self.classes_)
        if by_descent:
            choice(name, state, "loss", ("log_loss",))
        elif "multi_class" in state:
            choice(name, state, "multi_class", ("auto", "deprecated"))
        if size < 2 or (size > 2 and state.get("solver") == "liblinear"):
            raise UnsupportedModel(
                f"The {name} has {size} classes and solver {state.get('solver')!r}; the portable "
                "runtime serves two classes, or more with another solver than liblinear."
            )
        # Every class against the rest, each by its own logistic function.
        self._one_per_class = by_descent and size > 2
        rows = 1 if size == 2 else size
        self._weights = matrix(name, state, "coef_", rows, self._count)
        self.intercepts = intercepts(name, state, rows)

    def decision_function(self, row: "Row") -> list[float]:
        """One score for two classes, else one for each."""
        scores = [
            weighted_sum(weights, row) + intercept
            for weights, intercept in zip(self._weights, self.intercepts, strict=True)
        ]
        if not all(map(isfinite, scores)):
            raise UnusableRow("The row holds numbers so large that the score is infinite.")
        return scores

    def predict(self, row: "Row") -> int:
        """The place of the label."""
        return self.answer(row)[0]

    def predict_proba(self, row: "Row") -> list[float]:
        """The probability of each class."""
        return self.answer(row)[1]

    def answer(self, row: "Row") -> tuple[int, list[float], None]:
        """The place of the label and the probabilities."""
        if type(row) is not SparseRow:
            row = finite(row, self._count)
        scores = self.decision_function(row)
        if len(scores) == 1:
            probability = expit(scores[0])
            return int(scores[0] > 0.0), [1.0 - probability, probability], None
        label = scores.index(max(scores))
        if not self._one_per_class:
            return label, softmax(scores), None
        probabilities = [expit(score) for score in scores]
        total = sum(probabilities)
        if total == 0.0:
            return label, [1.0 / len(scores)] * len(scores), None
        return label, [probability / total for probability in probabilities], None

    def explain(self, row: "Row") -> Attribution:
        """Coefficient times value: what sets the row apart from a row of zeros."""
        if type(row) is not SparseRow:
            row = finite(row, self._count)
        scores = self.decision_function(row)
        if len(scores) == 1:
            weights = self._weights[0]
            parts = {column: weights[column] * value for column, value in items(row)}
            return Attribution(1, 0, LOG_ODDS, self.intercepts[0], parts)
        label, against = sides(scores)
        ours, theirs = self._weights[label], self._weights[against]
        parts = {column: (ours[column] - theirs[column]) * value for column, value in items(row)}
        base = self.intercepts[label] - self.intercepts[against]
        unit = DECISION if self._one_per_class else LOG_ODDS
        return Attribution(label, against, unit, base, parts)


def items(row: "Row") -> "Iterable[tuple[int, float]]":
    """Column and value of each number of a dense row, or of each that is not zero."""
    if type(row) is SparseRow:
        return zip(row.columns, row.values, strict=True)
    return enumerate(row)


def weighted_sum(weights: "array[float]", row: "Row") -> float:
    """The sum of weight * value, in order."""
    total = 0.0
    if type(row) is SparseRow:
        for column, value in zip(row.columns, row.values, strict=True):
            total += weights[column] * value
        return total
    for weight, value in zip(weights, row, strict=True):
        total += weight * value
    return total


def intercepts(name: str, state: State, size: int) -> list[float]:
    """`intercept_` as `size` numbers; a model without one holds 0.0 or zeros."""
    value = state["intercept_"]
    if type(value) is Array:
        return vector(name, state, "intercept_", size).tolist()
    if isinstance(value, int | float) and isfinite(value):
        return [float(value)] * size
    raise UnsupportedModel(f"The {name}'s intercept_ is not a finite number.")
