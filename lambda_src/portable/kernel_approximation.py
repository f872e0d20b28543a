"""Rows by their kernels with those kept, or by random features that stand for a kernel: KernelPCA
and sklearn.kernel_approximation."""

from __future__ import annotations

from array import array
from math import cos, cosh, inf, isfinite, log, pi, sin, sqrt

from portable.arithmetic.dot import dot
from portable.arithmetic.kernels import KERNELS, Kernel, check_rounding, unsigned_sums
from portable.base import DENSE, SPARSE, Features, SparseRow, Transformer, UnusableRow, finite
from portable.decomposition import products
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, column_count, number, read_state, vector
from portable.pickles.sparse import SparseMatrix
from portable.pickles.tables import in_double, table
from portable.pickles.unpickler import Estimator
from portable.preprocessing.kernels import KernelCenterer
from portable.rows import MAX_NUMBERS, DenseRows, check_cost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portable.base import Row

# How often AdditiveChi2Sampler samples where nothing says it, by the number of steps.
_INTERVALS = {1: 0.8, 2: 0.5, 3: 0.4}
MAX_STEPS = 100


def read(estimator: Estimator, features: Features) -> Transformer:
    """A KernelPCA, Nystroem, RBFSampler, SkewedChi2Sampler or AdditiveChi2Sampler."""
    name = type(estimator).__name__
    in_double(name, features)
    state = read_state(estimator, ("n_features_in_",))
    count = column_count(name, state, features)
    if name == "AdditiveChi2Sampler":
        return AdditiveChi2Sampler(name, state, count, features)
    return _READERS[name](name, state, count)


class RowMap(Transformer):
    """A function from a row of finite numbers to another."""

    __slots__ = ("_count", "_function")

    def __init__(self, function: Callable[[Row], Sequence[float]], count: int, width: int) -> None:
        self._function = function
        self._count = count
        self.features = Features(DENSE, width)
        self.origins = None

    def transform(self, row: Row) -> array[float]:
        """The row of the function's values; raises UnusableRow."""
        if type(row) is not SparseRow or row.width != self._count:
            row = finite(row, self._count)
        try:
            values = array("d", self._function(row))
        except (OverflowError, ValueError) as error:
            if isinstance(error, UnusableRow):
                raise
            values = array("d", (inf,))
        if not all(map(isfinite, values)):
            raise UnusableRow("The row holds numbers that the model's formula has not.")
        return values


def _kernel_pca(name: str, state: State, count: int) -> RowMap:
    centerer = state.get("_centerer")
    if not isinstance(centerer, Estimator) or type(centerer).__name__ != "KernelCenterer":
        raise UnsupportedModel(f"The {name} lacks its KernelCenterer; fit it again.")
    rows = _kept(name, state, "X_fit_", count)
    values = vector(name, state, "eigenvalues_", _length(name, state, "eigenvalues_"))
    vectors = table(name, state, "eigenvectors_", len(rows), len(values))
    if min(values, default=-1.0) < 0.0:
        raise UnsupportedModel(f"The {name} has components that are only rounding; fit fewer.")
    scaled = [
        array("d", [part / sqrt(value) if value else 0.0 for part in column])
        for column, value in zip(zip(*vectors, strict=True), values, strict=True)
    ]
    gamma = number(name, state, "gamma_") if "gamma_" in state else 1.0 / count
    coef0, degree = number(name, state, "coef0"), number(name, state, "degree")
    kernel = _kernel(name, state.get("kernel"), rows, gamma, coef0, degree)
    center = KernelCenterer(centerer, Features(DENSE, len(rows))).transform

    def projected(row: Row) -> list[float]:
        centred = center(array("d", kernel(row)))
        return [dot(centred, one) for one in scaled]

    check_rounding(name, kernel, unsigned_sums(scaled), projected)
    return RowMap(projected, count, len(scaled))


def _nystroem(name: str, state: State, count: int) -> RowMap:
    if state.get("kernel_params"):
        raise UnsupportedModel(f"The {name} has kernel_params; name gamma and the like instead.")
    rows = _kept(name, state, "components_", count)
    weights = table(name, state, "normalization_", len(rows), len(rows))
    options = {"gamma": 1.0 / count, "degree": 3.0, "coef0": 1.0}
    for option in options:
        if state.get(option) is not None:
            options[option] = number(name, state, option)
    kernel = _kernel(name, state.get("kernel"), rows, **options)

    def embedded(row: Row) -> list[float]:
        ours = kernel(row)
        return [dot(ours, one) for one in weights]

    # The root of a kernel's inverse, which for one without bounds may be mostly rounding.
    check_rounding(name, kernel, unsigned_sums(weights), embedded)
    return RowMap(embedded, count, len(rows))


def _random_features(name: str, state: State, count: int) -> RowMap:
    """RBFSampler and SkewedChi2Sampler: cosines of random products."""
    width = _length(name, state, "random_offset_")
    offsets = vector(name, state, "random_offset_", width)
    rows = table(name, state, "random_weights_", count, width)
    weights = [array("d", column) for column in zip(*rows, strict=True)]
    factor = sqrt(2.0) / sqrt(width) if name == "SkewedChi2Sampler" else (2.0 / width) ** 0.5

    def cosines(row: Row) -> list[float]:
        sums = zip(products(weights, row, count), offsets, strict=True)
        return [cos(value + offset) * factor for value, offset in sums]

    if name == "RBFSampler":
        return RowMap(cosines, count, width)
    skewedness = number(name, state, "skewedness")

    def skewed(row: Row) -> list[float]:
        values = finite(row, count)
        if min(values) <= -skewedness:
            raise UnusableRow(f"The row holds a number that is not above {-skewedness}.")
        return cosines(array("d", [log(value + skewedness) for value in values]))

    return RowMap(skewed, count, width)


class AdditiveChi2Sampler(Transformer):
    """Each number's root, and the cosines and sines of its logarithm; 0 of 0."""

    __slots__ = ("_count", "_factors", "_interval")

    def __init__(self, name: str, state: State, count: int, features: Features) -> None:
        steps = state.get("sample_steps")
        if type(steps) is not int or not 1 <= steps <= MAX_STEPS:
            raise UnsupportedModel(f"The {name}'s sample_steps are not from 1 to {MAX_STEPS}.")
        self._interval = _INTERVALS.get(steps, 0.0)
        if state.get("sample_interval") is not None:
            self._interval = number(name, state, "sample_interval")
        self._factors = [cosh(pi * step * self._interval) for step in range(1, steps)]
        self._count = count
        form = SPARSE if features.form == SPARSE else DENSE
        self.features = Features(form, count * (2 * steps - 1))
        self.origins = [*range(count)] * (2 * steps - 1)

    def transform(self, row: Row) -> Row:
        """The row, sparse where it was; raises UnusableRow."""
        is_sparse = type(row) is SparseRow
        values = row.values if is_sparse else finite(row, self._count)
        if min(values, default=0.0) < 0.0:
            raise UnusableRow("The row holds a number below 0, which the chi-squared map has not.")
        blocks = list(zip(*map(self._of, values), strict=True)) if values else []
        if not is_sparse:
            return array("d", [value for block in blocks for value in block])
        columns = [column + at * self._count for at in range(len(blocks)) for column in row.columns]
        made = [value for block in blocks for value in block]
        return SparseRow(columns, made, self.features.count or 0)

    def _of(self, value: float) -> list[float]:
        if not value:
            return [0.0] * (2 * len(self._factors) + 1)
        made = [sqrt(value * self._interval)]
        grown = self._interval * log(value)
        doubled = 2 * value * self._interval
        for step, factor in enumerate(self._factors, 1):
            size = sqrt(doubled / factor)
            made += (size * cos(step * grown), size * sin(step * grown))
        return made


_READERS: dict[str, Callable[[str, State, int], Transformer]] = {
    "KernelPCA": _kernel_pca,
    "Nystroem": _nystroem,
    "RBFSampler": _random_features,
    "SkewedChi2Sampler": _random_features,
}


def _kernel(
    name: str,
    kernel: object,
    rows: Sequence[array[float]],
    gamma: float,
    coef0: float,
    degree: float,
) -> Kernel:
    """The kernel of a row with each of `rows`; raises UnsupportedModel for one not served."""
    if type(kernel) is not str or kernel not in KERNELS:
        raise UnsupportedModel(
            f"The {name}'s kernel is not one of {', '.join(KERNELS)}; serve it by the scikit-learn "
            "runtime."
        )
    kept = DenseRows(list(map(tuple, rows)), len(rows[0]) if rows else 0)
    check_cost(name, kept, 0)
    return Kernel(kept, kernel, gamma, coef0, degree)


def _kept(name: str, state: State, attribute: str, count: int) -> list[array[float]]:
    """The rows that were kept when it was fitted, dense; a sparse matrix of them too."""
    value = state.get(attribute)
    if type(value) is not SparseMatrix:
        return table(name, state, attribute, None, count)
    if value.shape[1:] != (count,) or value.shape[0] * count > MAX_NUMBERS:
        raise UnsupportedModel(f"The {name} keeps more than {MAX_NUMBERS:,} numbers of its rows.")
    entries = value.rows()
    return [finite(SparseRow(list(columns), list(row), count), count) for columns, row in entries]


def _length(name: str, state: State, attribute: str) -> int:
    value = state.get(attribute)
    if type(value) is Array and len(value.shape) == 1 and value.shape[0] > 0:
        return value.shape[0]
    raise UnsupportedModel(f"The {name} lacks its {attribute}; pickle it after fitting it.")
