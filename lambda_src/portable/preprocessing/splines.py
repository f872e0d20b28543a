"""SplineTransformer: for each number the values of B-splines, as scipy computes them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from math import isnan

from portable.base import (
    DENSE,
    Features,
    Transformer,
    UnusableRow,
    finite,
    sparse,
    without_infinities,
)
from portable.base import SPARSE as SPARSE_FORM
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import check_finite, choice, column_count, read_state
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.base import Row
    from portable.pickles.unpickler import Estimator

_OPTIONS = ("bsplines_", "degree", "extrapolation", "include_bias", "n_features_in_")
_EXTRAPOLATIONS = ("error", "constant", "linear", "continue", "periodic")
MAX_DEGREE = 50


class BSpline:
    """What stands for scipy's BSpline in a pickle."""

    __slots__ = ("state",)

    def __setstate__(self, state: object) -> None:
        if type(state) is not dict or hasattr(self, "state"):
            raise UnsupportedModel("The model's splines have no plain state; fit it again.")
        self.state = state


def read(estimator: Estimator, features: Features) -> Transformer:
    """A SplineTransformer."""
    return SplineTransformer(estimator, features)


class Spline:
    """The basis splines of one column: knots, and by knot interval the coefficients."""

    __slots__ = ("_coefficients", "_degree", "_last", "knots", "width")

    def __init__(self, name: str, spline: object, degree: int) -> None:
        state = spline.state if type(spline) is BSpline else {}
        # scipy keeps them under names of its own from 1.16 on.
        knots, coefficients = (state.get(f"_{one}", state.get(one)) for one in "tc")
        if (
            type(knots) is not Array
            or type(coefficients) is not Array
            or len(knots.shape) != 1
            or len(coefficients.shape) != 2
            or state.get("k") != degree
            or coefficients.shape[0] != knots.shape[0] - degree - 1
            or not degree < coefficients.shape[0]
        ):
            raise UnsupportedModel(f"The {name}'s bsplines_ are malformed; fit it again.")
        self.knots = check_finite(name, "bsplines_", knots.numbers())
        if sorted(self.knots) != self.knots.tolist():
            raise UnsupportedModel(f"The {name}'s knots do not ascend; fit it again.")
        self._coefficients = coefficients.rows()
        self.width = coefficients.shape[1]
        self._degree = degree
        self._last = len(self._coefficients)

    def bounds(self, degree: int) -> tuple[float, float]:
        """The knots that many from either end."""
        return self.knots[degree], self.knots[-degree - 1]

    def values(self, number: float, *, slopes: bool = False) -> list[float]:
        """Each spline's value, or its slope, at `number`."""
        degree = self._degree
        place = bisect_right(self.knots, number) - 1
        interval = min(max(place, degree), self._last - 1)
        weights = self._weights(number, interval, slopes=slopes)
        values = [0.0] * self.width
        for weight, row in zip(
            weights, self._coefficients[interval - degree : interval + 1], strict=True
        ):
            if weight:
                values = [
                    value + weight * factor for value, factor in zip(values, row, strict=True)
                ]
        return values

    def _weights(self, number: float, interval: int, *, slopes: bool) -> list[float]:
        """The values of the degree + 1 splines that are not 0 in the interval (de Boor)."""
        knots, degree = self.knots, self._degree
        weights = [1.0]
        for step in range(1, degree + 1):
            differ = slopes and step == degree
            previous = weights
            weights = [0.0] * (step + 1)
            for at in range(1, step + 1):
                right, left = knots[interval + at], knots[interval + at - step]
                if right == left:
                    continue
                if differ:
                    share = step * previous[at - 1] / (right - left)
                    weights[at - 1] -= share
                    weights[at] = share
                else:
                    share = previous[at - 1] / (right - left)
                    weights[at - 1] += share * (right - number)
                    weights[at] = share * (number - left)
        return [0.0] if slopes and not degree else weights


class SplineTransformer(Transformer):
    """The values of each column's splines, without the last of them where no bias is asked for."""

    __slots__ = ("_count", "_functions", "_nan", "_sparse", "_widths")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(estimator, _OPTIONS)
        count = self._count = column_count(name, state, features)
        degree, splines = state["degree"], state["bsplines_"]
        if type(degree) is not int or not 0 <= degree <= MAX_DEGREE:
            raise UnsupportedModel(f"The {name}'s degree is not from 0 to {MAX_DEGREE}.")
        if type(splines) is not list or len(splines) != count:
            raise UnsupportedModel(f"The {name}'s bsplines_ are not one for each column.")
        kind = choice(name, state, "extrapolation", _EXTRAPOLATIONS)
        if kind == "constant" and degree == 0:
            raise UnsupportedModel(
                f"The {name} of degree 0 does not go on constantly, because scikit-learn fails "
                "there; fit it with another degree or extrapolation."
            )
        # An option from scikit-learn 1.8 on.
        self._nan = state.get("handle_missing", "error") == "zeros"
        self._sparse = state.get("sparse_output", False) is True
        bias = choice(name, state, "include_bias", (False, True))
        self._functions: list[Callable[[float], list[float]]] = []
        self._widths = []
        reach = degree
        for one in splines:
            spline = Spline(name, one, degree)
            self._widths.append(spline.width - (not bias))
            if kind == "linear":
                # As scikit-learn does: what a low degree is raised to stays so for what follows.
                bounds, reach = spline.bounds(reach), reach + (reach <= 1)
                self._functions.append(_linear(spline, bounds, reach))
            else:
                self._functions.append(_function(spline, str(kind), degree))
        form = SPARSE_FORM if self._sparse else DENSE
        self.features = Features(form, sum(self._widths))
        self.origins = [column for column, width in enumerate(self._widths) for _ in range(width)]

    def transform(self, row: Row) -> Row:
        """The row of the splines' values; raises UnusableRow."""
        numbers = (without_infinities if self._nan else finite)(row, self._count)
        values = array("d")
        for number, function, width in zip(numbers, self._functions, self._widths, strict=True):
            values.extend([0.0] * width if isnan(number) else function(number)[:width])
        return sparse(values) if self._sparse else values


def _function(spline: Spline, kind: str, degree: int) -> Callable[[float], list[float]]:
    """The splines' values at a number, going on as `kind` says beyond the outermost knots."""
    low, high = spline.bounds(degree)
    if kind == "continue":
        return spline.values
    if kind == "periodic":
        period = high - low
        return lambda number: spline.values(low + (number - low) % period if period > 0 else 0.0)
    if kind == "error":

        def within(number: float) -> list[float]:
            if not low <= number <= high:
                raise UnusableRow(f"{number} is beyond the knots, from {low} to {high}.")
            return spline.values(number)

        return within
    first = [*spline.values(low)[:degree], *[0.0] * (spline.width - degree)]
    last = [*[0.0] * (spline.width - degree), *spline.values(high)[spline.width - degree :]]

    def constant(number: float) -> list[float]:
        if number < low:
            return first
        return last if number > high else spline.values(number)

    return constant


def _linear(
    spline: Spline, bounds: tuple[float, float], reach: int
) -> Callable[[float], list[float]]:
    """As `_function`, going on along the slopes of the first and last `reach` splines."""
    low, high = bounds
    first, last = spline.values(low), spline.values(high)
    first_slopes, last_slopes = spline.values(low, slopes=True), spline.values(high, slopes=True)
    width = spline.width

    def linear(number: float) -> list[float]:
        if low <= number <= high:
            return spline.values(number)
        values = [0.0] * width
        for at in range(reach):
            if number < low:
                values[at] = first[at] + (number - low) * first_slopes[at]
            else:
                values[-1 - at] = last[-1 - at] + (number - high) * last_slopes[-1 - at]
        return values

    return linear
