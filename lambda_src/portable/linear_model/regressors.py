"""The regression counterparts: boosting, forests, trees and least squares."""

from math import isfinite

from portable.attribution import VALUE, Attribution
from portable.ensemble.forest import attribute, fitted_state, members
from portable.ensemble.gradient_boosting import REQUIRED, Boosting
from portable.errors import UnsupportedModel
from portable.linear_model.classifiers import intercepts, product
from portable.pickles import classes as pickles
from portable.pickles.arrays import Array
from portable.pickles.attributes import read_state, vector
from portable.pickles.parameters import BOOSTING, DUMMY, LEAST_SQUARES, feature_count, number
from portable.pickles.records import Link, RegressionLoss
from portable.rows import UnusableRow, singles
from portable.tree import descend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Any


class BoostingRegressor:
    """GradientBoostingRegressor, with any of its losses: all predict the raw score."""

    __slots__ = ("_boosting", "features")

    def __init__(self, estimator: pickles.Estimator) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, REQUIRED, BOOSTING)
        loss = state["_loss"]
        if type(loss) is not RegressionLoss or type(loss.link) is not Link:
            raise UnsupportedModel(f"The {name}'s loss is not one of a regression.")
        self._boosting = Boosting(name, state, 1)
        self.features = self._boosting.features
        if state["init_"] != "zero":
            self._boosting.start = [_constant(state["init_"])]

    def predict(self, values: "array[float]") -> float:
        """The value of a row of finite numbers."""
        return self._boosting.scores(singles(values))[0]

    def explain(self, values: "array[float]") -> Attribution:
        """The value in parts."""
        base, parts = self._boosting.attribute(singles(values), 0)
        return Attribution(0, 0, VALUE, base, parts)


def _constant(estimator: object) -> float:
    if type(estimator) is not pickles.DummyRegressor:
        raise UnsupportedModel(
            "The gradient boosting starts from an estimator of its own (init); leave init out."
        )
    value = read_state(estimator, frozenset(("constant_",)), DUMMY)["constant_"]
    if type(value) is not Array or value.shape != (1, 1):
        raise UnsupportedModel("The gradient boosting does not start from one number.")
    return number("DummyRegressor", {"constant_": value.numbers()[0]}, "constant_")


class ForestRegressor:
    """RandomForestRegressor, ExtraTreesRegressor, DecisionTreeRegressor, ExtraTreeRegressor."""

    __slots__ = ("_fitted", "_roots", "features")

    def __init__(self, estimator: pickles.Estimator) -> None:
        state = fitted_state(estimator, frozenset())
        self.features = feature_count(type(estimator).__name__, state)
        self._fitted = members(estimator, state, self.features, 1)
        self._roots: list[Any] = [tree.compiled(tree.values) for tree in self._fitted]

    def predict(self, values: "array[float]") -> float:
        """The value of a row of finite numbers."""
        row = singles(values)
        total = 0.0
        for root in self._roots:
            total += descend(root, row)
        return total / len(self._roots)

    def explain(self, values: "array[float]") -> Attribution:
        """The value in parts."""
        base, parts = attribute(self._fitted, singles(values), 0)
        return Attribution(0, 0, VALUE, base, parts)


class LinearRegressor:
    """LinearRegression and Ridge of one output."""

    __slots__ = ("_intercept", "_weights", "features")

    def __init__(self, estimator: pickles.Estimator) -> None:
        name = type(estimator).__name__
        required = frozenset(("coef_", "intercept_", "n_features_in_"))
        state = read_state(estimator, required, LEAST_SQUARES)
        self.features = feature_count(name, state)
        self._weights = vector(name, state, "coef_", self.features)
        self._intercept = intercepts(name, state, 1)[0]

    def predict(self, values: "array[float]") -> float:
        """The value of a row of finite numbers."""
        value = product(self._weights, values) + self._intercept
        if not isfinite(value):
            raise UnusableRow("The row holds numbers so large that the value is infinite.")
        return value

    def explain(self, values: "array[float]") -> Attribution:
        """The value in parts: coefficient times value."""
        parts = [weight * value for weight, value in zip(self._weights, values, strict=True)]
        return Attribution(0, 0, VALUE, self._intercept, parts)
