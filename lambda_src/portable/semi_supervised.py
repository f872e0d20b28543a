"""LabelPropagation and LabelSpreading: the labels of the rows that they were fitted on, near ones
first."""

from portable.arithmetic.kernels import kernel_of
from portable.base import ByProbability, UnusableRow, finite
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import (
    choice,
    column_count,
    matrix,
    number,
    read_labels,
    read_state,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator


def read(estimator: "Estimator", features: "Features") -> ByProbability:
    """A LabelPropagation or a LabelSpreading with the rbf kernel."""
    return PropagatedLabels(estimator, features)


class PropagatedLabels(ByProbability):
    """LabelPropagation and LabelSpreading: each row's shares of the labels, by its kernel."""

    __slots__ = ("_count", "_kernel", "_shares")

    def __init__(self, estimator: "Estimator", features: "Features") -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("X_", "classes_", "gamma", "kernel", "label_distributions_"))
        self.classes_ = read_labels(name, state)
        self._count = column_count(name, state, features)
        choice(name, state, "kernel", ("rbf",))
        rows = state["X_"]
        if type(rows) is not Array or len(rows.shape) != 2:
            raise UnsupportedModel(
                f"The {name} was fitted on sparse rows; serve it by the scikit-learn runtime."
            )
        size = rows.shape[0]
        self._kernel = kernel_of(
            name,
            "rbf",
            matrix(name, state, "X_", size, self._count),
            gamma=number(name, state, "gamma"),
            degree=0.0,
            coef0=0.0,
        )
        shares = matrix(name, state, "label_distributions_", size, len(self.classes_))
        self._shares = list(zip(*shares, strict=True))

    def predict_proba(self, row: "Row") -> list[float]:
        """The probability of each label; raises UnusableRow for a row far from all others."""
        weights = self._kernel(finite(row, self._count))
        sums = [
            sum([weight * share for weight, share in zip(weights, column, strict=True)])
            for column in self._shares
        ]
        total = sum(sums)
        if not total:
            raise UnusableRow("The row is so far from those of the training that it has no label.")
        return [one / total for one in sums]
