"""Naive Bayes: what its classifiers share, from a joint log-likelihood to probabilities."""

from math import exp, log, log1p

from portable.attribution import LOG_ODDS, Attribution, sides
from portable.base import Predictor, SparseRow, sparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row


class NaiveBayes(Predictor):
    """A classifier by joint log-likelihoods, of which a row's non-zero features are a part."""

    __slots__ = ()
    proba = True

    def joint(self, row: SparseRow) -> list[float]:
        """The joint log-likelihood of every class."""
        raise NotImplementedError

    def contribution(self, column: int, value: float, label: int, against: int) -> float:
        """What one feature adds to the log-odds of class `label` against class `against`."""
        raise NotImplementedError

    def predict(self, row: "Row") -> int:
        """The place of the first class with the highest joint log-likelihood, as argmax."""
        joint = self.joint(sparse(row))
        return joint.index(max(joint))

    def predict_proba(self, row: "Row") -> list[float]:
        """The probability of each class."""
        return self.answer(row)[1]

    def answer(self, row: "Row") -> tuple[int, list[float], None]:
        """The place of the label, and the probability of each class."""
        joint = self.joint(sparse(row))
        best = max(joint)
        # scikit-learn's own formula: GaussianNB's log-likelihoods reach 1e11, where rounding shows.
        others = [exp(value - best) for value in joint if value != best]
        winners = len(joint) - len(others)
        evidence = log1p(sum(others) / winners) + log(winners) + best
        return joint.index(best), [exp(value - evidence) for value in joint], None

    def explain(self, row: "Row") -> Attribution:
        """The log-odds in parts: what sets the row apart from one without features."""
        given = sparse(row)
        label, against = sides(self.joint(given))
        empty = self.joint(SparseRow([], [], given.width))
        parts = {
            column: self.contribution(column, value, label, against)
            for column, value in zip(given.columns, given.values, strict=True)
        }
        return Attribution(label, against, LOG_ODDS, empty[label] - empty[against], parts)
