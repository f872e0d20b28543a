"""KernelRidge: a sum over all rows that it was fitted on, within a stated cost."""

from __future__ import annotations

from math import isfinite

from portable.arithmetic.dot import dot
from portable.arithmetic.kernels import Kernel, check_rounding, unsigned_sums
from portable.base import Predictor, UnusableRow
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import check_finite, choice, column_count, number, read_state
from portable.rows import DenseRows, check_cost, read_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_REQUIRED = ("X_fit_", "coef0", "degree", "dual_coef_", "gamma", "kernel", "n_features_in_")
_SPARSE_KERNELS = ("linear", "poly", "polynomial", "rbf", "sigmoid")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A KernelRidge."""
    name = type(estimator).__name__
    state = read_state(estimator, _REQUIRED)
    count = column_count(name, state, features)
    rows = read_rows(name, state, "X_fit_", count)
    dense = isinstance(rows, DenseRows)
    served = (*_SPARSE_KERNELS, "cosine", "laplacian") if dense else _SPARSE_KERNELS
    kind = str(choice(name, state, "kernel", served))
    weights = state["dual_coef_"]
    if type(weights) is not Array or weights.shape[:1] != (rows.size(),) or len(weights.shape) > 2:
        raise UnsupportedModel(f"The {name}'s dual_coef_ is not one for each row of X_fit_.")
    outputs = weights.columns() if len(weights.shape) == 2 else [weights.numbers()]
    if features.single and weights.dtype.code == "f4":
        raise UnsupportedModel(f"The {name} scores in single precision; fit it on float64 rows.")
    check_cost(name, rows, len(outputs) * rows.size())
    gamma = 1.0 / count if state["gamma"] is None else number(name, state, "gamma")
    degree = number(name, state, "degree")
    kernel = Kernel(rows, kind, gamma, number(name, state, "coef0"), degree)
    for column in outputs:
        check_finite(name, "dual_coef_", column)
    model = KernelRidge(kernel, outputs, several=len(weights.shape) == 2)
    check_rounding(name, kernel, unsigned_sums(outputs), model.values)
    return model


class KernelRidge(Predictor):
    """The sum of kernel times dual coefficient, for each output."""

    __slots__ = ("_kernel", "_outputs", "_several")

    def __init__(
        self,
        kernel: Kernel,
        outputs: list[array[float]],
        *,
        several: bool,
    ) -> None:
        self.classes_ = ()
        self._kernel = kernel
        self._outputs = outputs
        self._several = several

    def predict(self, row: Row) -> float | list[float]:
        """The value, or one for each output; raises UnusableRow."""
        answers = self.values(row)
        if not all(map(isfinite, answers)):
            raise UnusableRow("The row holds numbers for which the answer is no finite number.")
        return answers if self._several else answers[0]

    def values(self, row: Row) -> list[float]:
        """The value of each output, whatever it is."""
        values = self._kernel(row)
        return [dot(weights, values) for weights in self._outputs]
