"""Kernels: how like a row is to each of the rows that a model keeps, by scikit-learn's formulas
(sklearn.metrics.pairwise)."""

from __future__ import annotations

from math import exp, sqrt, tanh

from portable.arithmetic.dot import dot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.base import Row
    from portable.rows import DenseRows, SparseRows

KERNELS = ("cosine", "laplacian", "linear", "poly", "polynomial", "rbf", "sigmoid")


def kernel_function(
    rows: DenseRows | SparseRows, kind: str, gamma: float, coef0: float, degree: float
) -> Callable[[Row], list[float]]:
    """The kernel of a row with each of `rows`; `kind` is one of KERNELS.

    The cosine and laplacian ones are of dense rows."""

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
