"""Linear classifiers: coefficients times the row, then the logistic function or softmax."""

from math import isfinite

from portable.arithmetic.links import expit, softmax
from portable.attribution import DECISION, LOG_ODDS, Attribution, sides
from portable.errors import UnsupportedModel
from portable.naive_bayes.discrete import read_labels
from portable.pickles import classes as pickles
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, choice, matrix, read_state, vector
from portable.pickles.parameters import LOGISTIC, SGD, feature_count
from portable.rows import UnusableRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

_REQUIRED = frozenset(("classes_", "coef_", "intercept_", "n_features_in_"))


class LinearClassifier:
    """LogisticRegression (two classes, or multinomial) and SGDClassifier with log_loss.

    scikit-learn leaves the order of additions to BLAS, so answers agree to rounding.
    """

    __slots__ = ("_one_per_class", "_weights", "features", "intercepts", "labels")

    def __init__(self, estimator: pickles.Estimator) -> None:
        name = type(estimator).__name__
        by_descent = type(estimator) is pickles.SGDClassifier
        required = _REQUIRED | {"loss" if by_descent else "solver"}
        state = read_state(estimator, required, SGD if by_descent else LOGISTIC)
        self.labels = read_labels(name, state)
        self.features = feature_count(name, state)
        size = len(self.labels)
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
        self._weights = matrix(name, state, "coef_", rows, self.features)
        self.intercepts = intercepts(name, state, rows)

    def scores(self, row: "array[float]") -> list[float]:
        """The decision function."""
        found = []
        for weights, intercept in zip(self._weights, self.intercepts, strict=True):
            found.append(product(weights, row) + intercept)
        if not all(map(isfinite, found)):
            raise UnusableRow("The row holds numbers so large that the score is infinite.")
        return found

    def predict(self, values: "array[float]") -> tuple[int, list[float]]:
        """The index of the label and the probabilities of a row of finite numbers."""
        scores = self.scores(values)
        if len(scores) == 1:
            probability = expit(scores[0])
            return int(scores[0] > 0.0), [1.0 - probability, probability]
        label = scores.index(max(scores))
        if not self._one_per_class:
            return label, softmax(scores)
        chances = [expit(score) for score in scores]
        total = sum(chances)
        if total == 0.0:
            return label, [1.0 / len(chances)] * len(chances)
        return label, [chance / total for chance in chances]

    def explain(self, values: "array[float]") -> Attribution:
        """Coefficient times value: what sets the row apart from a row of zeros."""
        scores = self.scores(values)
        if len(scores) == 1:
            parts = [w * value for w, value in zip(self._weights[0], values, strict=True)]
            return Attribution(1, 0, LOG_ODDS, self.intercepts[0], parts)
        label, against = sides(scores)
        pairs = zip(self._weights[label], self._weights[against], values, strict=True)
        parts = [(ours - theirs) * value for ours, theirs, value in pairs]
        base = self.intercepts[label] - self.intercepts[against]
        unit = DECISION if self._one_per_class else LOG_ODDS
        return Attribution(label, against, unit, base, parts)


def product(weights: "array[float]", row: "array[float]") -> float:
    """The sum of weight * value, in order."""
    total = 0.0
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
