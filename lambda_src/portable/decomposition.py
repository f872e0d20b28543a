"""Steps that multiply a row by a matrix: of sklearn.decomposition, random_projection and others."""

from __future__ import annotations

from array import array
from math import isfinite, sqrt
from operator import itemgetter, mul

from portable.arithmetic.dot import dot
from portable.base import DENSE, SPARSE, Features, SparseRow, Transformer, UnusableRow, finite
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, column_count, read_state, vector
from portable.pickles.sparse import SparseMatrix
from portable.pickles.tables import in_double, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Row
    from portable.pickles.attributes import State
    from portable.pickles.unpickler import Estimator

SMALLEST_SHARE = 1e-12
"""Of the largest variance: a smaller one is rounding, and what is divided by it is too."""
_EPSILON = 2.0**-52


def read(estimator: Estimator, features: Features) -> Transformer:
    """A PCA, IncrementalPCA, TruncatedSVD, FactorAnalysis, FastICA, random projection or
    NeighborhoodComponentsAnalysis."""
    name = type(estimator).__name__
    in_double(name, features)
    state = read_state(estimator, ("components_", "n_features_in_"))
    count = column_count(name, state, features)
    if name == "SparseRandomProjection":
        return _sparse_projection(name, state, count, features)
    components = table(name, state, "components_", None, count)
    if name in ("PCA", "IncrementalPCA"):
        return _principal(name, state, components)
    if name == "FactorAnalysis":
        state = read_state(estimator, ("mean_", "noise_variance_"))
        return _factors(name, state, components)
    before = None
    if name == "FastICA":
        whiten = choice(name, state, "whiten", (False, "unit-variance", "arbitrary-variance", True))
        before = vector(name, state, "mean_", count) if whiten else None
    return Projection(components, before=before)


class Projection(Transformer):
    """The products of a row, less what is taken `before`, with each component, less what is taken
    `after`, divided by `scales`."""

    __slots__ = ("_after", "_before", "_components", "_count", "_scales")

    def __init__(
        self,
        components: Sequence[array[float]],
        *,
        before: array[float] | None = None,
        after: Sequence[float] | None = None,
        scales: Sequence[float] | None = None,
    ) -> None:
        if not components:
            raise UnsupportedModel("The model's components_ are none; fit it again.")
        self._components = components
        self._count = len(components[0])
        self._before = before
        self._after = after
        self._scales = scales
        self.features = Features(DENSE, len(components))
        # Every number that comes out depends on all of the row.
        self.origins = None

    def transform(self, row: Row) -> array[float]:
        """The row of products; raises UnusableRow."""
        values = products(self._components, row, self._count, self._before)
        if self._after is not None:
            values = [value - after for value, after in zip(values, self._after, strict=True)]
        if self._scales is not None:
            values = [value / scale for value, scale in zip(values, self._scales, strict=True)]
        if not all(map(isfinite, values)):
            raise UnusableRow("The row holds numbers so large that what is made of it is infinite.")
        return array("d", values)


class SparseProjection(Transformer):
    """The products of a row with components that are mostly zeros."""

    __slots__ = ("_components", "_count")

    def __init__(self, rows: Sequence[tuple[Sequence[int], array[float]]], count: int) -> None:
        self._components = rows
        self._count = count
        self.features = Features(DENSE, len(rows))
        self.origins = None

    def transform(self, row: Row) -> array[float]:
        """The row of products; raises UnusableRow."""
        of = finite(row, self._count).__getitem__
        return array(
            "d", [sum(map(mul, map(of, columns), values)) for columns, values in self._components]
        )


class SparseRows(SparseProjection):
    """As SparseProjection, giving sparse rows."""

    __slots__ = ()

    def __init__(self, rows: Sequence[tuple[Sequence[int], array[float]]], count: int) -> None:
        super().__init__(rows, count)
        self.features = Features(SPARSE, len(rows))

    def transform(self, row: Row) -> Row:
        """The sparse row of products; raises UnusableRow."""
        values = super().transform(row)
        columns = [column for column, value in enumerate(values) if value]
        return SparseRow(columns, [values[column] for column in columns], len(values))


def products(
    components: Sequence[array[float]],
    row: Row,
    count: int,
    before: array[float] | None = None,
) -> list[float]:
    """The product of a row, less `before`, with each component; raises UnusableRow."""
    if type(row) is SparseRow and before is None:
        if row.width != count:
            raise UnusableRow(f"The row has {row.width} values where the model takes {count}.")
        if len(row.columns) < 2:
            pairs = list(zip(row.columns, row.values, strict=True))
            return [sum(one[at] * value for at, value in pairs) for one in components]
        chosen = itemgetter(*row.columns)
        return [dot(chosen(one), row.values) for one in components]
    values: Sequence[float] = finite(row, count)
    if before is not None:
        values = [value - mean for value, mean in zip(values, before, strict=True)]
    return [dot(values, one) for one in components]


def too_small(variances: Sequence[float]) -> bool:
    """Whether one is but rounding, so that what is divided by its root is too."""
    return min(variances) < SMALLEST_SHARE * max(variances)


def _principal(name: str, state: State, components: list[array[float]]) -> Projection:
    if "mean_" not in state:
        raise UnsupportedModel(f"The {name} lacks 'mean_'; pickle it after fitting it.")
    means = vector(name, state, "mean_", len(components[0])) if components else []
    if all(_is_single(state[part]) for part in ("mean_", "components_")):
        raise UnsupportedModel(
            f"The {name} was fitted in single precision, in which scikit-learn multiplies its mean "
            "too; fit it on rows of dtype float64."
        )
    after = [dot(means, one) for one in components]
    scales = None
    if choice(name, state, "whiten", (False, True)):
        if "explained_variance_" not in state:
            raise UnsupportedModel(f"The {name} lacks 'explained_variance_'; fit it again.")
        variances = vector(name, state, "explained_variance_", len(components))
        if too_small(variances):
            raise UnsupportedModel(
                f"The {name} whitens by a variance that is only rounding; fit it with fewer "
                "components."
            )
        scales = [max(sqrt(variance), _EPSILON) for variance in variances]
    return Projection(components, after=after, scales=scales)


def _is_single(value: object) -> bool:
    return type(value) is Array and value.dtype.code == "f4"


def _factors(name: str, state: State, components: list[array[float]]) -> Projection:
    """FactorAnalysis: (I + W W')^-1 W of the centred row, W the components by their noise."""
    from portable.arithmetic.equations import solved

    count = len(components[0]) if components else 0
    means = vector(name, state, "mean_", count)
    noise = vector(name, state, "noise_variance_", count)
    if count == 0 or min(noise) <= 0.0:
        raise UnsupportedModel(f"The {name}'s noise_variance_ is not above 0; fit it again.")
    weighted = [
        array("d", [value / variance for value, variance in zip(one, noise, strict=True)])
        for one in components
    ]
    size = range(len(components))
    gram = [[(i == j) + dot(weighted[i], components[j]) for j in size] for i in size]
    # What is multiplied from the right by the inverse; that of its transpose from the left.
    transposed = [list(column) for column in zip(*gram, strict=True)]
    return Projection(solved(name, transposed, weighted), before=means)


def _sparse_projection(name: str, state: State, count: int, features: Features) -> SparseProjection:
    components = state["components_"]
    if type(components) is not SparseMatrix or components.shape[1:] != (count,):
        raise UnsupportedModel(f"The {name}'s components_ are no sparse matrix of {count} columns.")
    rows = components.rows()
    dense = choice(name, state, "dense_output", (False, True))
    return (SparseProjection if dense or features.form != SPARSE else SparseRows)(rows, count)
