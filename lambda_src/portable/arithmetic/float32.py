"""The vectorizers' dtype=float32: every step rounded to single precision, as numpy does it."""

from __future__ import annotations

from array import array
from math import frexp, sqrt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.feature_extraction.text import Weights

# The rational approximation of log(1 + x) in numpy's vectorised float32 logarithm (the
# NPY_COEFF_*_LOGf constants), highest power first. numpy falls back to the C library's logf on a
# CPU without AVX2, AVX-512, NEON or the like, where the last bit may differ.
_P = (0.025899792090058327, 0.3808837831020355, 1.480000615119934, 2.112677574157715, 1.0, 0.0)
_Q = (
    0.005875095259398222,
    0.15464763343334198,
    0.9864943027496338,
    2.4530060291290283,
    2.612677574157715,
    1.0,
)
_LN2 = array("f", (0.693147180559945309417,))[0]
_SQRT_HALF = array("f", (sqrt(0.5),))[0]


def rounded(value: float) -> float:
    """`value` to the nearest single-precision number."""
    return array("f", (value,))[0]


def log32(count: float) -> float:
    """numpy.log(numpy.float32(count)), for a positive count."""
    mantissa, exponent = frexp(rounded(count))
    if mantissa <= _SQRT_HALF:
        mantissa, exponent = mantissa * 2.0, exponent - 1
    x = rounded(mantissa - 1.0)
    numerator, denominator = _P[0], _Q[0]
    for p, q in zip(_P[1:], _Q[1:], strict=True):
        numerator = rounded(numerator * x + p)
        denominator = rounded(denominator * x + q)
    return rounded(exponent * _LN2 + rounded(numerator / denominator))


def weigh(weights: Weights, counts: list[float], columns: list[int]) -> list[float]:
    """As `Weights.weigh`, in single precision: the values of `columns`, given their counts."""
    values = array("f", counts)
    if weights.sublinear:
        values = array("f", [log32(count) + 1.0 for count in counts])
    idf = weights.idf
    if idf is not None:
        pairs = zip(values, columns, strict=True)
        values = array("f", [value * idf[column] for value, column in pairs])
    total = 0.0
    if weights.norm == "l2":
        # The squares are rounded to single precision before they are added in double.
        for square in array("f", [value * value for value in values]):
            total += square
        total = sqrt(total)
    elif weights.norm == "l1":
        for value in values:
            total += abs(value)
    return array("f", [value / total for value in values]).tolist() if total else values.tolist()
