"""Linear regressors: coefficients times the row."""

from math import isfinite

from portable.attribution import VALUE, Attribution
from portable.base import Predictor, SparseRow, UnusableRow, finite
from portable.linear_model.classifiers import intercepts, items, weighted_sum
from portable.pickles.attributes import column_count, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator


def read(estimator: "Estimator", features: "Features") -> Predictor:
    """A LinearRegression or a Ridge of one output."""
    return LinearRegressor(estimator, features)


class LinearRegressor(Predictor):
    """LinearRegression and Ridge of one output."""

    __slots__ = ("_count", "_intercept", "_weights")

    def __init__(self, estimator: "Estimator", features: "Features") -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("coef_", "intercept_", "n_features_in_"))
        self.classes_ = ()
        self._count = column_count(name, state, features)
        self._weights = vector(name, state, "coef_", self._count)
        self._intercept = intercepts(name, state, 1)[0]

    def predict(self, row: "Row") -> float:
        """The value; raises UnusableRow."""
        if type(row) is not SparseRow:
            row = finite(row, self._count)
        value = weighted_sum(self._weights, row) + self._intercept
        if not isfinite(value):
            raise UnusableRow("The row holds numbers so large that the value is infinite.")
        return value

    def explain(self, row: "Row") -> Attribution:
        """The value in parts: coefficient times value."""
        if type(row) is not SparseRow:
            row = finite(row, self._count)
        weights = self._weights
        parts = {column: weights[column] * value for column, value in items(row)}
        return Attribution(0, 0, VALUE, self._intercept, parts)
