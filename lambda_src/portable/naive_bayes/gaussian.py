"""GaussianNB: every feature counts, absent ones too, so the absent part is summed at load."""

from __future__ import annotations

from bisect import bisect_right
from math import log, pi

from portable.arithmetic.pairwise import block_starts, block_sum, combine, pairwise_sum
from portable.base import SparseRow, finite
from portable.errors import UnsupportedModel
from portable.naive_bayes import NaiveBayes
from portable.pickles.attributes import column_count, matrix, read_labels, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from portable.base import Features, Predictor, Row
    from portable.pickles.unpickler import Estimator

_REQUIRED = ("classes_", "class_prior_", "n_features_in_", "theta_", "var_")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A GaussianNB."""
    return GaussianNaiveBayes(estimator, features)


class GaussianNaiveBayes(NaiveBayes):
    """log P(class) - 1/2 sum(log(2 pi var)) - 1/2 sum((x - theta)^2 / var), on dense rows.

    A feature that a class never showed has a variance of about 1e-12, so terms reach 1e11 and
    nearly cancel between classes: scikit-learn's answer then depends on the order in which numpy
    adds. A sparse row adds only those blocks of the sum again that it touches, in numpy's order.
    """

    __slots__ = ("_absent", "_bases", "_means", "_starts", "_sums", "_variances")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = "GaussianNB"
        state = read_state(estimator, _REQUIRED)
        self.classes_ = read_labels(name, state)
        size = len(self.classes_)
        terms = self.count = column_count(name, state, features)
        priors = vector(name, state, "class_prior_", size)
        self._means = matrix(name, state, "theta_", size, terms)
        self._variances = matrix(name, state, "var_", size, terms)
        if min(priors) <= 0.0 or min(map(min, self._variances)) <= 0.0:
            raise UnsupportedModel("The GaussianNB holds a prior or variance that is not positive.")
        self._starts = block_starts(0, terms)
        self._absent: list[list[float]] = []
        self._sums: list[list[float]] = []
        self._bases: list[tuple[float, float]] = []
        for prior, means, variances in zip(priors, self._means, self._variances, strict=True):
            absent = [mean * mean / var for mean, var in zip(means, variances, strict=True)]
            self._absent.append(absent)
            self._sums.append([block_sum(absent[at:end]) for at, end in self._blocks()])
            spread = pairwise_sum([log(2.0 * pi * variance) for variance in variances])
            self._bases.append((log(prior), -0.5 * spread))

    def _blocks(self) -> zip[tuple[int, int]]:
        return zip(self._starts, [*self._starts[1:], len(self._means[0])], strict=True)

    def checked(self, row: Row) -> SparseRow | array[float]:
        """The row as it is where it is sparse, else as finite numbers."""
        return super().checked(row) if type(row) is SparseRow else finite(row, self.count)

    def joint(self, row: SparseRow | array[float]) -> list[float]:
        """The joint log-likelihood of every class."""
        if type(row) is not SparseRow:
            return [self._joint_of_all(label, row) for label in range(len(self.classes_))]
        touched: dict[int, list[tuple[int, float]]] = {}
        for column, value in zip(row.columns, row.values, strict=True):
            touched.setdefault(bisect_right(self._starts, column) - 1, []).append((column, value))
        return [self._joint_of(label, touched) for label in range(len(self.classes_))]

    def _joint_of(self, label: int, touched: dict[int, list[tuple[int, float]]]) -> float:
        means, variances, absent = self._means[label], self._variances[label], self._absent[label]
        starts = self._starts
        sums = self._sums[label].copy()
        for block, features in touched.items():
            start = starts[block]
            terms = absent[start : starts[block + 1] if block + 1 < len(starts) else None]
            for column, value in features:
                distance = value - means[column]
                terms[column - start] = distance * distance / variances[column]
            sums[block] = block_sum(terms)
        prior, constant = self._bases[label]
        return prior + (constant - 0.5 * combine(sums, len(means)))

    def _joint_of_all(self, label: int, row: Row) -> float:
        terms = []
        for value, mean, variance in zip(
            row, self._means[label], self._variances[label], strict=True
        ):
            distance = value - mean
            terms.append(distance * distance / variance)
        prior, constant = self._bases[label]
        return prior + (constant - 0.5 * pairwise_sum(terms))

    def contribution(self, column: int, value: float, label: int, against: int) -> float:
        """What one feature adds to the log-odds of class `label` against class `against`."""
        return self._gain(label, column, value) - self._gain(against, column, value)

    def _gain(self, label: int, column: int, value: float) -> float:
        # -1/2 ((x - theta)^2 - theta^2) / var, without the cancellation.
        mean: array[float] = self._means[label]
        return 0.5 * value * (2.0 * mean[column] - value) / self._variances[label][column]
