"""Naive Bayes: what its classifiers share, and the discrete ones, which are linear once fitted."""

from __future__ import annotations

from math import exp, log, log1p
from operator import itemgetter

from portable.base import Predictor, SparseRow, UnusableRow, sparse
from portable.pickles.attributes import (
    column_count,
    matrix,
    read_labels,
    read_state,
    vector,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from portable.attribution import Attribution
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_nothing: Callable[[Any], Any] = itemgetter(slice(0))
_REQUIRED = ("classes_", "class_log_prior_", "feature_log_prob_", "n_features_in_")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A MultinomialNB or ComplementNB."""
    return LinearNaiveBayes(estimator, features)


class NaiveBayes(Predictor):
    """A classifier of rows of `count` columns by joint log-likelihoods."""

    __slots__ = ("count",)
    count: int
    proba = True

    def joint(self, row: Any) -> list[float]:
        """The joint log-likelihood of every class, for what `checked` made of a row."""
        raise NotImplementedError

    def checked(self, row: Row) -> Any:
        """The row as `joint` takes it: its non-zero numbers. Raises UnusableRow."""
        row = sparse(row)
        if row.width != self.count:
            raise UnusableRow(f"The row has {row.width} values where the model takes {self.count}.")
        return row

    def contribution(self, column: int, value: float, label: int, against: int) -> float:
        """What one feature adds to the log-odds of class `label` against class `against`."""
        raise NotImplementedError

    def predict(self, row: Row) -> int:
        """The place of the first class with the highest joint log-likelihood, as argmax."""
        joint = self.joint(self.checked(row))
        return joint.index(max(joint))

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        return self.answer(row)[1]

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label, and the probability of each class."""
        joint = self.joint(self.checked(row))
        best = max(joint)
        # scikit-learn's own formula: GaussianNB's log-likelihoods reach 1e11, where rounding shows.
        others = [exp(value - best) for value in joint if value != best]
        winners = len(joint) - len(others)
        evidence = log1p(sum(others) / winners) + log(winners) + best
        return joint.index(best), [exp(value - evidence) for value in joint], None

    def explain(self, row: Row) -> Attribution | None:
        """The log-odds in parts: what sets the row apart from one without features."""
        from portable.attribution import LOG_ODDS, Attribution, sides

        given: SparseRow = NaiveBayes.checked(self, row)
        label, against = sides(self.joint(given))
        empty = self.joint(SparseRow([], [], given.width))
        parts = {
            column: self.contribution(column, value, label, against)
            for column, value in zip(given.columns, given.values, strict=True)
        }
        return Attribution(label, against, LOG_ODDS, empty[label] - empty[against], parts)


class LinearNaiveBayes(NaiveBayes):
    """Joint log-likelihood of a class = its intercept + the sum of value * its weight.

    Weights are scikit-learn's `feature_log_prob_`, in the order and with the rounding of its
    `_joint_log_likelihood`.
    """

    __slots__ = ("intercepts", "weights")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        self.classes_ = read_labels(name, state)
        size = len(self.classes_)
        self.count = column_count(name, state, features)
        prior = vector(name, state, "class_log_prior_", size)
        self.weights = matrix(name, state, "feature_log_prob_", size, self.count)
        self.intercepts = prior.tolist()
        if name == "ComplementNB" and size > 1:
            self.intercepts = [0.0] * size

    def joint(self, row: SparseRow) -> list[float]:
        """The joint log-likelihood of every class."""
        columns, values = row.columns, row.values
        # One column alone would come without a tuple around it.
        of_columns = itemgetter(*columns, columns[0]) if columns else _nothing
        # Not sum(): from Python 3.12 that compensates, which scikit-learn does not.
        if len(self.weights) == 2:
            first = second = 0.0
            ours, others = map(of_columns, self.weights)
            for value, one, other in zip(values, ours, others):  # noqa: B905 - one more
                first += value * one
                second += value * other
            return [first + self.intercepts[0], second + self.intercepts[1]]
        joint = []
        for weights, intercept in zip(self.weights, self.intercepts, strict=True):
            total = 0.0
            for value, weight in zip(values, of_columns(weights)):  # noqa: B905 - one more
                total += value * weight
            joint.append(total + intercept)
        return joint

    def contribution(self, column: int, value: float, label: int, against: int) -> float:
        """What one feature adds to the log-odds of class `label` against class `against`."""
        return value * (self.weights[label][column] - self.weights[against][column])
