"""A fitted tree of scikit-learn: its pickled nodes are read where they lie, without copying them.

scikit-learn compares float32(x) <= threshold, the threshold in double precision; so does this.
Small models are compiled as well: a node is the tuple (feature, threshold, left, right), whatever
else stands there is a leaf. docs/decisions/0013-packed-trees.md has the measurements.
"""

from __future__ import annotations

from array import array
from itertools import compress
from math import isfinite, isinf, isnan
from struct import Struct

from portable.base import SparseRow, UnusableRow, dense
from portable.errors import UnsupportedModel
from portable.nodes import Nodes, expectations, inner_nodes
from portable.pickles.attributes import check_finite
from portable.pickles.records import NODE_BYTES, Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from portable.base import Row as AnyRow

    Row = Sequence[float]

MAX_NODES = 1_500_000
"""Nodes of all trees of a model: what the largest pickle read has room for, each tree once."""
MAX_COMPILED = 50_000
"""Nodes of a model whose trees are compiled: above that, tuples miss the processor's cache, walking
the packed nodes is as fast, and loading them costs next to nothing."""
# Left child, right child, feature, threshold: the first fields of a node.
_SPLIT = Struct("<qqqd").unpack_from
_MISSING_LEFT = 56


class FittedTree:
    """Checked nodes of one tree: children after their parents, features and values in range.

    `values` has `width` numbers per node: class shares, or a predicted number, per output.
    """

    __slots__ = (
        "_means", "_raw", "count", "feature", "left", "right", "samples", "threshold", "values",
        "weight", "width",
    )  # fmt: skip

    def __init__(self, tree: object, features: int, width: int, outputs: int = 1) -> None:
        if type(tree) is not Tree or tree.nodes is None:
            raise UnsupportedModel("A tree of the model has no nodes; pickle it after fitting it.")
        raw = tree.nodes.raw
        count = self.count = len(raw) // NODE_BYTES
        if (
            type(raw) is not bytes
            or tree.nodes.dtype.code != f"V{NODE_BYTES}"
            or tree.nodes.shape != (count,)
            or count < 1
            or tree.features != features
            or tree.outputs != outputs
            or tree.values.shape != (count, outputs, width)
            or tree.values.dtype.code != "f8"
            or (tree.values.fortran and width * outputs > 1)
        ):
            raise UnsupportedModel(
                f"A tree of the model does not fit {features} features and {outputs} outputs; "
                "fit it again."
            )
        self.width = width * outputs
        self.values: array[float] = check_finite("tree", "value", tree.values.numbers())
        self._raw = raw
        self._means: dict[int, array[float]] = {}
        integers, doubles = memoryview(raw).cast("q"), memoryview(raw).cast("d")
        self.left, self.right, self.feature = integers[0::8], integers[1::8], integers[2::8]
        self.threshold, self.samples, self.weight = doubles[3::8], integers[5::8], doubles[6::8]
        inner = inner_nodes(
            self.left.tolist(), self.right.tolist(), self.feature.tolist(), features
        )
        thresholds = list(compress(self.threshold.tolist(), inner))
        # An infinite threshold parts the missing from the rest.
        if not isfinite(sum(thresholds)) and any(map(isnan, thresholds)):
            raise UnsupportedModel("A tree's threshold is no number; fit it again.")

    def leaf(self, row: Row) -> int:
        """The place of the leaf that a row reaches; its missing values go where they went in
        training."""
        raw = self._raw
        place = 0
        left, right, feature, threshold = _SPLIT(raw, 0)
        while left >= 0:
            value = row[feature]
            if value <= threshold or (value != value and raw[place * NODE_BYTES + _MISSING_LEFT]):
                place = left
            else:
                place = right
            left, right, feature, threshold = _SPLIT(raw, place * NODE_BYTES)
        return place

    def nodes(self, value: list[float], features: int) -> Nodes:
        """The same by columns, with `value` for each node."""
        return Nodes(
            self.feature.tolist(), self.threshold.tolist(), self.left.tolist(),
            self.right.tolist(), self._raw[_MISSING_LEFT::NODE_BYTES], value, features,
        )  # fmt: skip

    def compiled(self, leaf: Sequence[object]) -> Any:
        """The root of nested (feature, threshold, left, right); `leaf` holds a leaf per node."""
        nodes: list[object] = list(leaf)
        columns = zip(
            range(self.count - 1, -1, -1),
            self.feature.tolist()[::-1],
            self.threshold.tolist()[::-1],
            self.left.tolist()[::-1],
            self.right.tolist()[::-1],
            strict=True,
        )
        for place, feature, threshold, left, right in columns:
            if left >= 0:
                nodes[place] = feature, threshold, nodes[left], nodes[right]
        return nodes[0]

    def shares(self) -> list[list[float]]:
        """The values of each node as a list of `width` numbers."""
        width = self.width
        return [self.values[at : at + width].tolist() for at in range(0, len(self.values), width)]

    def expectations(self, column: int) -> array[float]:
        """For each node, the mean of its leaves' values over the training rows that reach them;
        kept for the next explanation, as they take far longer than a walk."""
        if column not in self._means:
            values = self.values[column :: self.width]
            means = expectations(values, self.left, self.right, self.weight)
            self._means[column] = array("d", means)
        return self._means[column]

    def attribute(self, row: Row, column: int, scale: float, parts: dict[int, float]) -> float:
        """Add what each split on the row's way changes to its feature's entry in `parts`.

        Returns the mean at the root; it and the changes add up to the leaf's value, all times
        `scale`. This is Saabas' path attribution; for a tree of one split it is the feature's
        exact Shapley value.
        """
        means = self.expectations(column)
        at = 0
        end = self.leaf(row)
        while at != end:
            feature, left, value = self.feature[at], self.left[at], row[self.feature[at]]
            missing_left = value != value and self._raw[at * NODE_BYTES + _MISSING_LEFT]
            child = left if value <= self.threshold[at] or missing_left else self.right[at]
            parts[feature] = parts.get(feature, 0.0) + scale * (means[child] - means[at])
            at = child
        return scale * means[0]


def read_trees(
    trees: Sequence[object], features: int, width: int, outputs: int = 1
) -> list[FittedTree]:
    """Check every tree of a model; raises UnsupportedModel for one that cannot be served."""
    fitted: list[FittedTree] = []
    nodes = 0
    for tree in trees:
        fitted.append(FittedTree(tree, features, width, outputs))
        # A pickle may name the same tree again and again, at two bytes a time.
        nodes += fitted[-1].count
        if nodes > MAX_NODES:
            raise UnsupportedModel(
                f"The model's trees have more than {MAX_NODES:,} nodes; fit fewer or shallower "
                "ones."
            )
    return fitted


def descend(node: Any, row: Row) -> Any:
    """The leaf that `row` reaches below a compiled node."""
    while type(node) is tuple:
        feature, threshold, left, right = node
        node = left if row[feature] <= threshold else right
    return node


def single_row(row: AnyRow, count: int, *, missing: bool = True) -> tuple[list[float], bool]:
    """The row in single precision, which is what scikit-learn's trees compare, and whether it has
    missing values; `missing` says that it may.

    Raises UnusableRow for a value beyond about 3.4e38, as scikit-learn refuses it.
    """
    if type(row) is SparseRow and row.width == count:
        values = array("f", row.values)
        missing = False
    else:
        values = array("f", dense(row, count))
    # NaN and infinities survive every addition, and singles cannot overflow a double's sum.
    has_missing = not isfinite(sum(values))
    if has_missing and (not missing or any(map(isinf, values))):
        raise UnusableRow(
            "The row holds an infinite value or one too large for single precision (3.4e38)."
            if any(map(isinf, values))
            else "The row holds a missing value, which this model does not take."
        )
    if type(row) is SparseRow and row.width == count:
        numbers = [0.0] * count
        for column, value in zip(row.columns, values, strict=True):
            numbers[column] = value
        return numbers, False
    return values.tolist(), has_missing
