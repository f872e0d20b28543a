"""Kernels: how like a row is to each of the rows that a model keeps, by scikit-learn's formulas
(sklearn.metrics.pairwise)."""

from __future__ import annotations

from math import exp, sqrt, tanh

from portable.arithmetic.dot import dot
from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portable.base import Row
    from portable.rows import DenseRows, SparseRows

MAX_SPREAD = 5e6
"""How much larger than a sum its terms may be, all together, where two ways of adding them up are
to agree within 1e-9: each is rounded to 1.1e-16 of itself. Measured, sums of models differ by 0.4
to 1.0 times 1e-16 of this."""
SAMPLE = 8
"""So many of a model's own rows, evenly spread, show how its sums are rounded."""

KERNELS = ("cosine", "laplacian", "linear", "poly", "polynomial", "rbf", "sigmoid")


class Kernel:
    """The kernel of a row with each of `rows`. It is rounded as numbers `roughness` times as large
    are: the distance of two rows is what is left of their squared lengths."""

    __slots__ = ("_function", "roughness", "rows")

    def __init__(
        self,
        rows: DenseRows | SparseRows,
        kind: str,
        gamma: float,
        coef0: float,
        degree: float,
    ) -> None:
        """`kind` is one of KERNELS; the cosine and laplacian ones are of dense rows."""
        self.rows = rows
        self.roughness = 1.0
        if kind in ("rbf", "sigmoid"):
            self.roughness = max(1.0, abs(gamma) * rows.longest())
        self._function = _function(rows, kind, gamma, coef0, degree)

    def __call__(self, row: Row) -> list[float]:
        """One number for each of the rows; raises UnusableRow."""
        return self._function(row)


def _function(
    rows: DenseRows | SparseRows, kind: str, gamma: float, coef0: float, degree: float
) -> Callable[[Row], list[float]]:
    def linear(row: Row) -> list[float]:
        return rows.dots(rows.query(row))

    def rbf(row: Row) -> list[float]:
        scale = -gamma
        return [_exp(scale * distance) for distance in rows.distances(rows.query(row))]

    def poly(row: Row) -> list[float]:
        return [_power(gamma * one + coef0, degree) for one in rows.dots(rows.query(row))]

    def sigmoid(row: Row) -> list[float]:
        return [tanh(gamma * one + coef0) for one in rows.dots(rows.query(row))]

    # Of the rows that are kept: once for a model, not for each row that is asked about.
    lengths = []
    if kind == "cosine":
        lengths = [sqrt(dot(one, one)) or 1.0 for one in rows.rows]  # type: ignore[union-attr]

    def cosine(row: Row) -> list[float]:
        query = rows.query(row)
        length = sqrt(dot(query, query)) or 1.0
        return [
            one / (length * other) for one, other in zip(rows.dots(query), lengths, strict=True)
        ]

    def laplacian(row: Row) -> list[float]:
        query, scale = rows.query(row), -gamma
        return [
            _exp(scale * sum([abs(a - b) for a, b in zip(one, query, strict=True)]))
            for one in rows.rows  # type: ignore[union-attr]
        ]

    kernels = (linear, rbf, poly, sigmoid, cosine, laplacian)
    by_name = {kernel.__name__: kernel for kernel in kernels}
    return by_name[kind.replace("polynomial", "poly")]


def check_rounding(
    name: str,
    kernel: Kernel,
    sums: Callable[[list[float]], Sequence[float]],
    answers: Callable[[Row], Sequence[float]],
) -> None:
    """Raise UnsupportedModel where `answers` are rounding more than anything else, so that no two
    ways of adding them up agree within 1e-9.

    `sums` adds up what they are made of without signs, given the kernel without signs.
    """
    for row in kernel.rows.sample(SAMPLE):
        found = [kernel.roughness * abs(value) for value in kernel(row)]
        for size, answer in zip(sums(found), answers(row), strict=True):
            if not size <= MAX_SPREAD * max(1.0, abs(answer)):
                raise UnsupportedModel(
                    f"The {name}'s answers are rounding more than anything else, beside what they "
                    "are summed up of; scale what it is fitted on, or fit it with fewer components "
                    "or a stronger regularisation."
                )


def unsigned_sums(weights: Sequence[Sequence[float]]) -> Callable[[list[float]], list[float]]:
    """The sums of numbers by `weights` without their signs."""
    sizes = [list(map(abs, one)) for one in weights]
    return lambda found: [dot(size, found) for size in sizes]


def _exp(value: float) -> float:
    try:
        return exp(value)
    except OverflowError:
        return float("inf")


def _power(base: float, degree: float) -> float:
    """As libsvm for whole degrees, by squaring; NaN where no number is the answer."""
    if type(degree) is int and degree >= 0:
        power = 1.0
        while degree:
            if degree % 2:
                power *= base
            base *= base
            degree //= 2
        return power
    try:
        power = base**degree
    except (OverflowError, ZeroDivisionError):
        return float("inf")
    return power if type(power) is float else float("nan")
