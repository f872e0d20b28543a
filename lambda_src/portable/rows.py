"""Rows in single precision, as scikit-learn's trees compare them."""

from array import array
from math import isfinite

from portable.base import UnusableRow as UnusableRow


def singles(values: "array[float]") -> "array[float]":
    """The row in single precision, which is what scikit-learn's trees compare.

    Raises UnusableRow for a value beyond about 3.4e38, as scikit-learn refuses it.
    """
    row = array("f", values)
    # NaN and infinities survive every addition, and singles cannot overflow a double's sum.
    if not isfinite(sum(row)):
        raise UnusableRow("The row holds a number too large for single precision (3.4e38).")
    return row
