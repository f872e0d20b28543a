"""BernoulliNB: what counts is whether a feature is there, and the absent ones count too."""

from __future__ import annotations

from math import exp, log

from portable.arithmetic.pairwise import pairwise_sum
from portable.base import SparseRow
from portable.errors import UnsupportedModel
from portable.naive_bayes import LinearNaiveBayes
from portable.pickles.arrays import Float64
from portable.pickles.attributes import check_finite, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> LinearNaiveBayes:
    """A BernoulliNB."""
    return BernoulliNaiveBayes(estimator, features)


class BernoulliNaiveBayes(LinearNaiveBayes):
    """Weights are the log odds of a feature's presence; a feature is present above `threshold`,
    or where that is None as the row has it."""

    __slots__ = ("threshold",)

    def __init__(self, estimator: Estimator, features: Features) -> None:
        super().__init__(estimator, features)
        binarize = read_state(estimator, ("binarize",))["binarize"]
        self.threshold = _threshold("BernoulliNB", binarize, features.single)
        self._turn_to_presence()

    def _turn_to_presence(self) -> None:
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

    def joint(self, row: SparseRow) -> list[float]:
        """The joint log-likelihood of every class."""
        threshold = self.threshold
        if threshold is not None:
            pairs = zip(row.columns, row.values, strict=True)
            columns = [column for column, value in pairs if value > threshold]
            row = SparseRow(columns, [1.0] * len(columns), row.width)
        return super().joint(row)

    def contribution(self, column: int, value: float, label: int, against: int) -> float:
        """What one feature adds to the log-odds of class `label` against class `against`."""
        if self.threshold is not None:
            value = 1.0 if value > self.threshold else 0.0
        return super().contribution(column, value, label, against)


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
