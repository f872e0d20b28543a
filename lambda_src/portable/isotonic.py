"""Isotonic regression: a number by straight lines between the thresholds that it was fitted to."""

from __future__ import annotations

from math import isfinite, nan

from portable.arithmetic.interpolation import interpolate
from portable.base import Predictor, UnusableRow, dense
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, number, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_NAME = "IsotonicRegression"
_REQUIRED = ("X_max_", "X_min_", "X_thresholds_", "out_of_bounds", "y_thresholds_")


def read(estimator: Estimator, features: Features) -> Predictor:
    """An IsotonicRegression, which takes one number."""
    if features.count not in (None, 1):
        raise UnsupportedModel(f"The {_NAME} takes one number of a row of {features.count}.")
    return IsotonicRegressor(estimator)


class IsotonicRegressor(Predictor):
    """IsotonicRegression."""

    __slots__ = ("_highest", "_lowest", "_outside", "_xs", "_ys")

    def __init__(self, estimator: Estimator) -> None:
        state = read_state(estimator, _REQUIRED)
        self.classes_ = ()
        thresholds = state["X_thresholds_"]
        if type(thresholds) is not Array or len(thresholds.shape) != 1 or thresholds.shape == (0,):
            raise UnsupportedModel(f"The {_NAME}'s X_thresholds_ are no numbers; fit it again.")
        if thresholds.dtype.code != "f8":
            raise UnsupportedModel(
                f"The {_NAME} was fitted in single precision; fit it on numbers of dtype float64."
            )
        size = thresholds.shape[0]
        self._xs: array[float] = vector(_NAME, state, "X_thresholds_", size)
        self._ys: array[float] = vector(_NAME, state, "y_thresholds_", size)
        if sorted(self._xs) != self._xs.tolist():
            raise UnsupportedModel(f"The {_NAME}'s X_thresholds_ do not ascend; fit it again.")
        self._outside = choice(_NAME, state, "out_of_bounds", ("nan", "clip", "raise"))
        self._lowest = number(_NAME, state, "X_min_")
        self._highest = number(_NAME, state, "X_max_")

    def predict(self, row: Row) -> float:
        """The value; NaN or UnusableRow beyond the thresholds, as `out_of_bounds` has it."""
        return self.value(dense(row, 1)[0])

    def value(self, given: float) -> float:
        """The value of one number; raises as `predict` does."""
        if not isfinite(given):
            raise UnusableRow("The row holds NaN or an infinite value, or one that becomes so.")
        xs = self._xs
        if self._outside == "clip":
            given = min(max(given, self._lowest), self._highest)
        elif not xs[0] <= given <= xs[-1] and len(xs) > 1:
            if self._outside == "raise":
                raise UnusableRow(f"The number is not between {xs[0]} and {xs[-1]}.")
            return nan
        return interpolate(given, xs, self._ys)
