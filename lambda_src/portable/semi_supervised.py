"""LabelPropagation and LabelSpreading: the labels of the rows that they were fitted on, near ones
first."""

from __future__ import annotations

from portable.arithmetic.kernels import Kernel
from portable.base import ByProbability, UnusableRow
from portable.pickles.attributes import (
    choice,
    column_count,
    matrix,
    number,
    read_labels,
    read_state,
)
from portable.rows import check_cost, read_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> ByProbability:
    """A LabelPropagation or a LabelSpreading with the rbf kernel."""
    return PropagatedLabels(estimator, features)


class PropagatedLabels(ByProbability):
    """LabelPropagation and LabelSpreading: each row's shares of the labels, by its kernel."""

    __slots__ = ("_count", "_kernel", "_shares")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("X_", "classes_", "gamma", "kernel", "label_distributions_"))
        self.classes_ = read_labels(name, state)
        self._count = column_count(name, state, features)
        choice(name, state, "kernel", ("rbf",))
        rows = read_rows(name, state, "X_", self._count)
        check_cost(name, rows, 0)
        gamma = number(name, state, "gamma")
        self._kernel = Kernel(rows, "rbf", gamma, 0.0, 0.0)
        shares = matrix(name, state, "label_distributions_", rows.size(), len(self.classes_))
        self._shares = list(zip(*shares, strict=True))

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each label; raises UnusableRow for a row far from all others."""
        weights = self._kernel(row)
        sums = [
            sum([weight * share for weight, share in zip(weights, column, strict=True)])
            for column in self._shares
        ]
        total = sum(sums)
        if not total:
            raise UnusableRow("The row is so far from those of the training that it has no label.")
        return [one / total for one in sums]
