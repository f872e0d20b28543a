"""Checks of what is to be predicted: one row of finite numbers."""

from array import array
from math import isfinite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class UnusableRow(ValueError):
    """The row is not one the model can answer; the message is one sentence that says why."""


def doubles(row: "Sequence[float]", features: int) -> "array[float]":
    """The row in double precision; raises UnusableRow unless it is `features` finite numbers."""
    try:
        values = array("d", row)
    except (TypeError, OverflowError, ValueError):
        raise UnusableRow("The row holds something that is not a number of usual size.") from None
    if len(values) != features:
        raise UnusableRow(f"The row has {len(values)} values where the model takes {features}.")
    return finite(values)


def finite(values: "array[float]") -> "array[float]":
    """`values`, unless one is NaN or infinite."""
    if not all(map(isfinite, values)):
        raise UnusableRow("The row holds NaN or an infinite value, or one that becomes infinite.")
    return values


def singles(values: "array[float]") -> "array[float]":
    """The row in single precision, which is what scikit-learn's trees compare.

    Raises UnusableRow for a value beyond about 3.4e38, as scikit-learn refuses it.
    """
    row = array("f", values)
    # NaN and infinities survive every addition, and singles cannot overflow a double's sum.
    if not isfinite(sum(row)):
        raise UnusableRow("The row holds a number too large for single precision (3.4e38).")
    return row
