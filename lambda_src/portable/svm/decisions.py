"""libsvm's decisions: for each pair of classes a sum over their support vectors."""

from __future__ import annotations

from array import array
from functools import reduce
from math import isfinite
from operator import add, mul

from portable.arithmetic.kernels import Kernel, check_rounding
from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from portable.linear_model.coefficients import Coefficients, read_weights
from portable.pickles.attributes import State, choice, column_count, number, vector
from portable.rows import MAX_NUMBERS, check_cost, read_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portable.base import Features, Row
    from portable.rows import DenseRows, SparseRows

    # For each group of support vectors that a decision sums over: which, and their weights.
    Terms = list[tuple[int, "array[float]"]]

REQUIRED = (
    "_dual_coef_", "_gamma", "_intercept_", "_n_support", "coef0", "degree", "kernel",
    "n_features_in_", "support_vectors_",
)  # fmt: skip
ON_PLANE = 1e-9
"""Of a score, which is 1 at the margin: below it the order of additions may decide."""
MAX_COEFFICIENTS = 4_000_000
"""Of the hyperplanes that a linear kernel's sums are compiled to."""
MAX_PRODUCTS = 10_000_000
"""Multiplications that compiling them may take: about a second of a core."""


class Decisions:
    """The decision for each pair of classes: positive for the first of the two."""

    __slots__ = ("_bounds", "_intercepts", "_kernel", "_terms")

    def __init__(
        self,
        kernel: Kernel,
        bounds: list[tuple[int, int]],
        terms: list[Terms],
        intercepts: Sequence[float],
    ) -> None:
        self._kernel = kernel
        self._bounds = bounds
        self._terms = terms
        self._intercepts = intercepts

    def scores(self, row: Row) -> list[float]:
        """One number for each pair; raises UnusableRow."""
        scores = self.sums(self._kernel(row))
        if not all(map(isfinite, scores)):
            raise UnusableRow("The row holds numbers so large that the answer is no finite number.")
        return scores

    def sums(self, values: list[float]) -> list[float]:
        """The number for each pair by the kernels of a row, whatever it is."""
        groups = [values[start:end] for start, end in self._bounds]
        scores = []
        for terms, intercept in zip(self._terms, self._intercepts, strict=True):
            total = 0.0
            for group, weights in terms:
                # In libsvm's order: support vectors that are alike cancel out, and a tie is one.
                total = reduce(add, map(mul, weights, groups[group]), total)
            scores.append(total + intercept)
        return scores

    def check_rounding(self, name: str, scores: Callable[[Row], list[float]]) -> None:
        """Raise UnsupportedModel where `scores` are rounding more than anything else."""
        unsigned = [
            [(group, array("d", map(abs, weights))) for group, weights in terms]
            for terms in self._terms
        ]
        sizes = Decisions(self._kernel, self._bounds, unsigned, [0.0] * len(unsigned))
        check_rounding(name, self._kernel, sizes.sums, scores)


class Hyperplanes(Coefficients):
    """What a linear kernel's sums are compiled to. A row that lies on a plane, up to rounding, is
    decided by the sums as libsvm adds them."""

    __slots__ = ("_sums",)

    def __init__(
        self, weights: list[array[float]], sums: Decisions, intercepts: array[float], count: int
    ) -> None:
        super().__init__(weights, intercepts, count)
        self._sums = sums

    def scores(self, row: Row) -> list[float]:
        """One number for each pair; raises UnusableRow."""
        scores = super().scores(row)
        if min(map(abs, scores)) < ON_PLANE:
            return self._sums.scores(row)
        return scores


def read_decisions(
    name: str, state: State, features: Features, sizes: Sequence[int] | None
) -> Decisions | Coefficients:
    """The decisions between classes that have as many support vectors as `sizes` says, or the one
    of a machine without classes; as hyperplanes where the kernel is linear.

    Raises UnsupportedModel.
    """
    kind = choice(name, state, "kernel", ("linear", "poly", "rbf", "sigmoid"))
    vectors = read_rows(name, state, "support_vectors_", column_count(name, state, features))
    if sizes is not None and (sum(sizes) != vectors.size() or min(sizes) < 0):
        raise UnsupportedModel(f"The {name}'s _n_support does not add up; fit it again.")
    duals, _ = read_weights(name, state, "_dual_coef_", vectors.size(), features)
    if len(duals) != (1 if sizes is None else len(sizes) - 1):
        raise UnsupportedModel(f"The {name}'s _dual_coef_ has {len(duals)} rows; fit it again.")
    bounds = _bounds([vectors.size()] if sizes is None else sizes)
    terms: list[Terms] = [[(0, duals[0])]]
    if sizes is not None:
        terms = [
            [(i, duals[j - 1][slice(*bounds[i])]), (j, duals[i][slice(*bounds[j])])]
            for i in range(len(sizes))
            for j in range(i + 1, len(sizes))
        ]
    intercepts = vector(name, state, "_intercept_", len(terms))
    # Probabilities hardly change with the last digits of the scores that they are made of.
    scored = state.get("probability") is not True
    if (
        kind == "linear"
        and len(terms) * vectors.count <= MAX_COEFFICIENTS
        and len(terms) * vectors.numbers() <= MAX_PRODUCTS
    ):
        weights = [_hyperplane(vectors, bounds, one) for one in terms]
        if vectors.numbers() > MAX_NUMBERS:
            return Coefficients(weights, intercepts, vectors.count)
        sums = Decisions(Kernel(vectors, kind, 0.0, 0.0, 0), bounds, terms, intercepts)
        planes = Hyperplanes(weights, sums, intercepts, vectors.count)
        if scored:
            sums.check_rounding(name, planes.scores)
        return planes
    check_cost(name, vectors, sum(map(len, duals)) + len(terms))
    kernel = Kernel(
        vectors,
        str(kind),
        number(name, state, "_gamma"),
        number(name, state, "coef0"),
        _degree(name, state),
    )
    # libsvm takes the differences of two rows, not of their squared lengths.
    kernel.roughness = 1.0
    decisions = Decisions(kernel, bounds, terms, intercepts)
    if scored:
        decisions.check_rounding(name, decisions.scores)
    return decisions


def _bounds(sizes: Sequence[int]) -> list[tuple[int, int]]:
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    return list(zip([0, *ends], ends, strict=False))


def _hyperplane(
    vectors: DenseRows | SparseRows, bounds: list[tuple[int, int]], terms: Terms
) -> array[float]:
    weights = [0.0] * vectors.size()
    for group, some in terms:
        weights[slice(*bounds[group])] = some
    return vectors.weighted(weights)


def _degree(name: str, state: State) -> int:
    degree = state["degree"]
    if type(degree) is not int or degree < 0:
        raise UnsupportedModel(f"The {name}'s degree is not a whole number; fit it again.")
    return degree
