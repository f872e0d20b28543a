"""The discrete Naive Bayes classifiers: each is linear in the features once it is fitted."""

from math import exp, log
from operator import eq

from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array, Float64
from portable.pickles.attributes import State, check_finite, matrix, read_state, vector
from portable.pickles.unpickler import BernoulliNB, ComplementNB, Estimator, MultinomialNB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.pickles.arrays import Label

_REQUIRED = frozenset(("classes_", "class_log_prior_", "feature_log_prob_"))
_KNOWN = frozenset(
    [
        "alpha",
        "fit_prior",
        "class_prior",
        "force_alpha",
        "n_features_in_",
        "class_count_",
        "feature_count_",
    ]
)
_MORE_KNOWN = {
    MultinomialNB: frozenset[str](),
    ComplementNB: frozenset(("norm", "feature_all_")),
    BernoulliNB: frozenset(("binarize",)),
}


class LinearNaiveBayes:
    """Joint log-likelihood of a class = its intercept + the sum of value * its weight.

    Weights are scikit-learn's `feature_log_prob_` (MultinomialNB, ComplementNB), or the log odds
    of a feature's presence (BernoulliNB), in the order and with the rounding of scikit-learn's
    `_joint_log_likelihood`. `narrow` says that the vectorizer's rows are in single precision.
    """

    __slots__ = ("intercepts", "labels", "threshold", "weights")

    def __init__(self, estimator: Estimator, terms: int, *, narrow: bool) -> None:
        kind = type(estimator)
        name = kind.__name__
        required = _REQUIRED | {"binarize"} if kind is BernoulliNB else _REQUIRED
        state = read_state(estimator, required, _KNOWN | _MORE_KNOWN[kind])
        self.labels = read_labels(name, state)
        size = len(self.labels)
        prior = vector(name, state, "class_log_prior_", size)
        self.weights = matrix(name, state, "feature_log_prob_", size, terms)
        self.intercepts = prior.tolist()
        self.threshold: float | None = None
        if kind is ComplementNB and size > 1:
            self.intercepts = [0.0] * size
        if kind is BernoulliNB:
            self.threshold = _threshold(name, state["binarize"], narrow)
            self._turn_to_presence()

    def _turn_to_presence(self) -> None:
        from portable.arithmetic.pairwise import pairwise_sum

        for at, row in enumerate(self.weights):
            try:
                absent = [log(1.0 - exp(weight)) for weight in row]
            except (ValueError, OverflowError):
                raise UnsupportedModel(
                    "The BernoulliNB is certain of a feature; fit it with smoothing (alpha > 0)."
                ) from None
            for column, value in enumerate(absent):
                row[column] -= value
            self.intercepts[at] += pairwise_sum(absent)
            check_finite("BernoulliNB", "feature_log_prob_", row)

    def joint(self, columns: list[int], values: list[float]) -> list[float]:
        """The joint log-likelihood of every class, for the non-zero features of one text."""
        if self.threshold is not None:
            threshold = self.threshold
            columns = [c for c, value in zip(columns, values, strict=True) if value > threshold]
            values = [1.0] * len(columns)
        joint = []
        for weights, intercept in zip(self.weights, self.intercepts, strict=True):
            # Not sum(): from Python 3.12 that compensates, which scikit-learn does not.
            total = 0.0
            for column, value in zip(columns, values, strict=True):
                total += value * weights[column]
            joint.append(total + intercept)
        return joint

    def contribution(self, column: int, value: float, label: int, against: int) -> float:
        """What one feature adds to the log-odds of class `label` against class `against`."""
        if self.threshold is not None:
            value = 1.0 if value > self.threshold else 0.0
        return value * (self.weights[label][column] - self.weights[against][column])


def read_labels(name: str, state: State) -> "tuple[Label, ...]":
    """`classes_` as a tuple; raises UnsupportedModel unless they are distinct labels."""
    classes = state["classes_"]
    labels = classes.labels() if type(classes) is Array else ()
    # Sorted, not made a set of: the hashes of numbers can be chosen to be the same.
    ordered = sorted(labels, key=lambda label: (type(label) is str, label))
    if not labels or any(map(eq, ordered, ordered[1:])):
        raise UnsupportedModel(f"The {name}'s classes_ are not an array of distinct labels.")
    return labels


def _threshold(name: str, value: object, narrow: bool) -> float | None:
    """`binarize` in the precision that numpy compares it in with a row.

    Rows in single precision turn Python's numbers into single precision too, and not numpy's own
    float64, for which the row is widened.
    """
    if value is None:
        return None
    if not isinstance(value, int | float) or not 0.0 <= value < float("inf"):
        raise UnsupportedModel(f"The {name}'s binarize is neither None nor a number of at least 0.")
    if narrow and not isinstance(value, Float64):
        from portable.arithmetic.float32 import rounded

        return rounded(value)
    return float(value)
