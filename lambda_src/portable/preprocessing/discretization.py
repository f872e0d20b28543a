"""KBinsDiscretizer: for each number the bin that it falls into."""

from __future__ import annotations

from array import array
from bisect import bisect_right

from portable.base import DENSE, SPARSE, Features, SparseRow, Transformer, finite
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, column_count, read_state
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Transformer:
    """A KBinsDiscretizer."""
    return KBinsDiscretizer(estimator, features)


class KBinsDiscretizer(Transformer):
    """The number of each value's bin, or a column for each bin, which is 1 in the value's."""

    __slots__ = ("_count", "_edges", "_encode", "_single", "_starts", "_width")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(estimator, ("bin_edges_", "encode", "dtype", "n_features_in_"))
        count = self._count = column_count(name, state, features)
        self._encode = choice(name, state, "encode", ("onehot", "onehot-dense", "ordinal"))
        self._single = choice(name, state, "dtype", (None, "float64", "float32")) == "float32"
        bin_edges = state["bin_edges_"]
        arrays = bin_edges.elements() if type(bin_edges) is Array else []
        # The outermost edges are not compared with anything.
        self._edges = []
        self._starts = [0]
        for one in arrays:
            if type(one) is not Array or len(one.shape) != 1 or one.shape[0] < 2:
                raise UnsupportedModel(f"The {name}'s bin_edges_ are malformed; fit it again.")
            inner = one.numbers()[1:-1]
            if any(edge != edge for edge in inner) or sorted(inner) != inner.tolist():
                raise UnsupportedModel(f"The {name}'s bin_edges_ do not ascend; fit it again.")
            self._edges.append(inner)
            self._starts.append(self._starts[-1] + len(inner) + 1)
        if len(self._edges) != count:
            raise UnsupportedModel(f"The {name}'s bin_edges_ are not those of {count} columns.")
        self._width = self._starts.pop()
        if self._encode == "ordinal":
            self.features = Features(DENSE, count, features.names, single=self._single)
            self.origins = range(count)
        else:
            form = SPARSE if self._encode == "onehot" else DENSE
            self.features = Features(form, self._width, single=self._single)
            self.origins = [
                column for column, inner in enumerate(self._edges) for _ in range(len(inner) + 1)
            ]

    def transform(self, row: Row) -> Row:
        """The row of bins; raises UnusableRow."""
        values = finite(row, self._count)
        if self._single:
            values = finite(array("d", array("f", values)), self._count)
        bins = list(map(bisect_right, self._edges, values))
        if self._encode == "ordinal":
            return array("d", bins)
        columns = [start + place for start, place in zip(self._starts, bins, strict=True)]
        if self._encode == "onehot":
            return SparseRow(columns, [1.0] * len(columns), self._width)
        ones = array("d", bytes(8 * self._width))
        for column in columns:
            ones[column] = 1.0
        return ones
