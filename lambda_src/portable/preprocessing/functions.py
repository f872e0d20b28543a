"""FunctionTransformer of nothing, or of a function of numpy by its name."""

from __future__ import annotations

import math
from array import array
from math import inf, nan

from portable.base import (
    DENSE,
    RECORD,
    SPARSE,
    Features,
    SparseRow,
    Transformer,
    UnusableRow,
    dense,
    finite,
)
from portable.errors import UnsupportedModel
from portable.pickles.attributes import choice, column_count, read_state
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.base import Row
    from portable.pickles.unpickler import Estimator

    Function = Callable[[float], float]

_LARGEST = 1.7976931348623157e308


def _sign(value: float) -> float:
    return float((value > 0) - (value < 0)) if value == value else value


def _to_number(value: float) -> float:
    return 0.0 if value != value else min(max(value, -_LARGEST), _LARGEST)


def _integral(function: Callable[[float], int]) -> Function:
    return lambda value: float(function(value)) if math.isfinite(value) else value


def _logarithm(function: Function, pole: float = 0.0) -> Function:
    return lambda value: -inf if value == pole else function(value)


def _growing(function: Function, below: float = inf) -> Function:
    """A function that numpy lets become infinite; `below` for what is under 0."""

    def infinite(value: float) -> float:
        try:
            return function(value)
        except OverflowError:
            return below if value < 0 else inf

    return infinite


# What a sparse matrix has as well, because 0 stays 0.
_OF_ZERO: dict[str, Function] = {
    "absolute": abs,
    "arcsin": math.asin,
    "arcsinh": math.asinh,
    "arctan": math.atan,
    "arctanh": lambda value: math.copysign(inf, value) if abs(value) == 1.0 else math.atanh(value),
    "deg2rad": math.radians,
    "expm1": _growing(math.expm1),
    "log1p": _logarithm(math.log1p, -1.0),
    "negative": lambda value: -value,
    "rad2deg": math.degrees,
    "rint": _integral(round),
    "sin": math.sin,
    "sinh": _growing(math.sinh, -inf),
    "sqrt": math.sqrt,
    "tan": math.tan,
    "tanh": math.tanh,
}
FUNCTIONS: dict[str, Function] = _OF_ZERO | {
    "arccos": math.acos,
    "arccosh": math.acosh,
    "cbrt": math.cbrt,
    "ceil": _integral(math.ceil),
    "cos": math.cos,
    "cosh": _growing(math.cosh),
    "degrees": math.degrees,
    "exp": _growing(math.exp),
    "exp2": _growing(math.exp2),
    "fabs": abs,
    "floor": _integral(math.floor),
    "log": _logarithm(math.log),
    "log10": _logarithm(math.log10),
    "log2": _logarithm(math.log2),
    "nan_to_num": _to_number,
    "positive": lambda value: value,
    "radians": math.radians,
    "sign": _sign,
    "square": lambda value: value * value,
    "trunc": _integral(math.trunc),
}


def read(estimator: Estimator, features: Features) -> Transformer:
    """A FunctionTransformer."""
    name = type(estimator).__name__
    state = read_state(estimator, ("func", "kw_args", "validate"))
    function = choice(name, state, "func", (None, *FUNCTIONS))
    if function is not None:
        in_double(name, features)
        if features.form == SPARSE and function not in _OF_ZERO:
            raise UnsupportedModel(
                f"The {name} calls numpy's {function} on sparse rows, which have no such method."
            )
    if state["kw_args"] not in (None, {}):
        raise UnsupportedModel(
            f"The {name} hands its function arguments; serve it by the scikit-learn runtime."
        )
    if "n_features_in_" in state:
        features = Features(
            features.form,
            column_count(name, state, features),
            features.names,
            single=features.single,
        )
    validate = choice(name, state, "validate", (False, True)) is True
    of_number = None if function is None else FUNCTIONS[str(function)]
    return FunctionTransformer(of_number, features, validate=validate)


class FunctionTransformer(Transformer):
    """The function of each number by itself; the row as it is without one."""

    __slots__ = ("_function", "_validate")

    def __init__(self, function: Function | None, features: Features, *, validate: bool) -> None:
        self._function = function
        self._validate = validate
        form = DENSE if function and features.form == RECORD else features.form
        self.features = Features(form, features.count, features.names, single=features.single)
        self.origins = None if features.count is None else range(features.count)

    def transform(self, row: Row) -> Row:
        """The row, sparse where it was; raises UnusableRow."""
        if type(row) is SparseRow:
            if self._function is None:
                return row
            return SparseRow(
                row.columns, [evaluated(self._function, value) for value in row.values], row.width
            )
        if self._validate:
            row = finite(row, len(row))
        if self._function is None:
            return row
        values = dense(row, self.features.count or len(row))
        return array("d", [evaluated(self._function, value) for value in values])


def evaluated(function: Function, value: float) -> float:
    """The function's value, as numpy has it where Python raises an error."""
    try:
        return function(value)
    except ValueError:
        return nan
    except OverflowError:
        raise UnusableRow("The row holds a number of which the function is infinite.") from None
