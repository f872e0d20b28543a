"""Kernels of two rows, with scikit-learn's formulas (sklearn.metrics.pairwise)."""

from math import exp, sqrt, tanh
from operator import sub

from portable.arithmetic.dot import dot
from portable.base import UnusableRow
from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Sequence

    Kernel = Callable[["array[float]"], list[float]]

MAX_NUMBERS = 1_000_000
"""Numbers of all the rows that one row is compared with."""


def kernel_of(
    name: str,
    kernel: object,
    rows: "Sequence[array[float]]",
    *,
    gamma: float,
    degree: float,
    coef0: float,
) -> "Kernel":
    """The function from a row to its kernels with each of `rows`.

    Raises UnsupportedModel for a kernel that is not served, or more numbers than MAX_NUMBERS.
    """
    if sum(map(len, rows)) > MAX_NUMBERS:
        raise UnsupportedModel(
            f"The {name} compares each row with more than {MAX_NUMBERS:,} numbers, which takes too "
            "long without numpy; fit it with fewer rows or components, or serve it by the "
            "scikit-learn runtime."
        )

    def products(row: "array[float]") -> list[float]:
        return [dot(row, one) for one in rows]

    def squared_distances(row: "array[float]") -> list[float]:
        differences = (list(map(sub, row, one)) for one in rows)
        return [dot(difference, difference) for difference in differences]

    def cosines(row: "array[float]") -> list[float]:
        length = sqrt(dot(row, row)) or 1.0
        return [
            product / (length * of_one)
            for product, of_one in zip(products(row), lengths, strict=True)
        ]

    def polynomials(row: "array[float]") -> list[float]:
        try:
            return [(gamma * product + coef0) ** degree for product in products(row)]
        except (OverflowError, ZeroDivisionError):
            raise UnusableRow("The row is so large that its kernel is infinite.") from None

    lengths = [sqrt(dot(one, one)) or 1.0 for one in rows]
    kernels: dict[object, Kernel] = {
        "cosine": cosines,
        "laplacian": lambda row: [exp(-gamma * sum(map(abs, map(sub, row, one)))) for one in rows],
        "linear": products,
        "poly": polynomials,
        "polynomial": polynomials,
        "rbf": lambda row: [exp(-gamma * squared) for squared in squared_distances(row)],
        "sigmoid": lambda row: [tanh(gamma * product + coef0) for product in products(row)],
    }
    if type(kernel) is not str or kernel not in kernels:
        raise UnsupportedModel(
            f"The {name}'s kernel is not one of {', '.join(sorted(map(str, kernels)))}; serve it "
            "by the scikit-learn runtime."
        )
    if kernel.startswith("poly") and degree != int(degree):
        raise UnsupportedModel(f"The {name}'s degree is not a whole number.")
    return kernels[kernel]
