"""The vectorizers' dtype=float32: every step rounded to single precision, as numpy does it."""

from __future__ import annotations

from array import array
from math import frexp, inf, ldexp, sqrt

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


# glibc's expf (sysdeps/ieee754/flt-32/e_expf.c): 2^(k/32) times a polynomial, in double precision.
_STEPS = 32
_STEPS_PER_E = 1.4426950408889634 * _STEPS
_POWERS = tuple(2.0 ** (step / _STEPS) for step in range(_STEPS))
_EXP = (
    float.fromhex("0x1.c6af84b912394p-5") / _STEPS**3,
    float.fromhex("0x1.ebfce50fac4f3p-3") / _STEPS**2,
    float.fromhex("0x1.62e42ff0c52d6p-1") / _STEPS,
)
_EXP_OVERFLOW, _EXP_UNDERFLOW = 88.72283935546875, -103.97207641601562


def exp32(power: float) -> float:
    """The C library's expf, of a single-precision number."""
    if power > _EXP_OVERFLOW:
        return inf
    if power < _EXP_UNDERFLOW:
        return 0.0
    steps = _STEPS_PER_E * power
    whole = round(steps)
    rest = steps - whole
    product = (_EXP[0] * rest + _EXP[1]) * (rest * rest) + (_EXP[2] * rest + 1.0)
    return rounded(ldexp(product * _POWERS[whole % _STEPS], whole // _STEPS))


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
