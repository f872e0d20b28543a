"""QuantileTransformer: where a number stands among those it was fitted on."""

# statistics.NormalDist's own function: that module imports a dozen others.
from __future__ import annotations

from _statistics import _normal_dist_inv_cdf  # type: ignore[import-not-found]
from array import array
from math import isnan

from portable.arithmetic.interpolation import interpolate
from portable.base import (
    DENSE,
    SPARSE,
    Features,
    SparseRow,
    Transformer,
    UnusableRow,
    without_infinities,
)
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import check_finite, choice, column_count, read_state
from portable.pickles.tables import in_double, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator

_THRESHOLD = 1e-7
_OUTERMOST = 1e-7 - 2.0**-52
_LOWEST: float = _normal_dist_inv_cdf(_OUTERMOST, 0.0, 1.0)
_HIGHEST: float = _normal_dist_inv_cdf(1.0 - _OUTERMOST, 0.0, 1.0)


def read(estimator: Estimator, features: Features) -> Transformer:
    """A QuantileTransformer."""
    return QuantileTransformer(estimator, features)


class QuantileTransformer(Transformer):
    """The share of a column's numbers below each one, or that quantile of a normal distribution.
    NaN stays NaN, and what a sparse row leaves out stays 0."""

    __slots__ = ("_columns", "_normal", "_signed")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(
            estimator,
            ("quantiles_", "references_", "output_distribution", "ignore_implicit_zeros"),
        )
        count = column_count(name, state, features)
        references = state["references_"]
        if type(references) is not Array or len(references.shape) != 1 or not references.raw:
            raise UnsupportedModel(f"The {name}'s references_ are no array; fit it again.")
        shares = check_finite(name, "references_", references.values())
        rows = table(name, state, "quantiles_", len(shares), count)
        columns = [array("d", column) for column in zip(*rows, strict=True)]
        if any(sorted(one) != one.tolist() for one in (*columns, shares)):
            raise UnsupportedModel(f"The {name}'s quantiles_ do not ascend; fit it again.")
        # Forward, and backward with the signs changed, which differ where quantiles are equal.
        back = array("d", [-share for share in reversed(shares)])
        self._columns = [
            (column, shares, array("d", [-one for one in reversed(column)]), back)
            for column in columns
        ]
        kind = choice(name, state, "output_distribution", ("uniform", "normal"))
        self._normal = kind == "normal"
        self._signed = choice(name, state, "ignore_implicit_zeros", (False, True)) is True
        form = SPARSE if features.form == SPARSE else DENSE
        self.features = Features(form, count, features.names)
        self.origins = range(count)

    def transform(self, row: Row) -> Row:
        """The row, sparse where it was; raises UnusableRow."""
        if type(row) is not SparseRow:
            values = without_infinities(row, len(self._columns))
            return array("d", map(self._quantile, values, range(len(self._columns))))
        if not self._signed and any(value < 0 for value in row.values):
            raise UnusableRow("The row holds a number below 0, which sparse quantiles have not.")
        return SparseRow(row.columns, list(map(self._quantile, row.values, row.columns)), row.width)

    def _quantile(self, value: float, column: int) -> float:
        if isnan(value):
            return value
        quantiles, shares, backward, negated = self._columns[column]
        low, high = quantiles[0], quantiles[-1]
        if self._normal:
            if value - _THRESHOLD < low:
                return _LOWEST
            if value + _THRESHOLD > high:
                return _HIGHEST
        elif value == low:
            return 0.0
        elif value == high:
            return 1.0
        forward = interpolate(value, quantiles, shares)
        share = 0.5 * (forward - interpolate(-value, backward, negated))
        if not self._normal:
            return share
        if not 0.0 < share < 1.0:
            return _LOWEST if share <= 0.0 else _HIGHEST
        quantile: float = _normal_dist_inv_cdf(share, 0.0, 1.0)
        return min(max(quantile, _LOWEST), _HIGHEST)
