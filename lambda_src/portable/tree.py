"""A fitted tree: checked, compiled for the way down, and taken apart for explanations.

scikit-learn compares float32(x) <= threshold, the threshold in double precision; so does this.
A compiled node is the tuple (feature, threshold, left, right); whatever else stands there is a
leaf. Rows with missing values never come here.
"""

from struct import iter_unpack

from portable.errors import UnsupportedModel
from portable.pickles.attributes import check_finite
from portable.pickles.records import NODE_BYTES, NODE_FORMAT, Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence
    from typing import Any

    Row = Sequence[float]

MAX_NODES = 1024 * 1024
"""Nodes of all trees of a model: what the largest pickle read has room for, each tree once."""


class FittedTree:
    """Checked arrays of one tree: children after their parents, features and values in range.

    `values` has `width` numbers per node: class shares, or one predicted number.
    """

    __slots__ = ("count", "feature", "left", "right", "threshold", "values", "weight", "width")

    def __init__(self, tree: object, features: int, width: int) -> None:
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
            or tree.outputs != 1
            or tree.values.shape != (count, 1, width)
            or tree.values.dtype.code != "f8"
            or (tree.values.fortran and width > 1)
        ):
            raise UnsupportedModel(
                f"A tree of the model does not fit {features} features and 1 output; fit it again."
            )
        self.width = width
        self.values: array[float] = check_finite("tree", "value", tree.values.numbers())
        self.left, self.right, self.feature, self.threshold, _, _, self.weight, _ = zip(
            *iter_unpack(NODE_FORMAT, raw), strict=True
        )
        self._check_shape(features)

    def _check_shape(self, features: int) -> None:
        children: list[int] = []
        for at, (left, right) in enumerate(zip(self.left, self.right, strict=True)):
            if left == -1 == right:
                continue
            if not (
                at < left < self.count
                and at < right < self.count
                and 0 <= self.feature[at] < features
                # A NaN compares false with itself; an infinite one parts the missing from the rest.
                and self.threshold[at] == self.threshold[at]
            ):
                raise UnsupportedModel("A tree's nodes do not point at their children; fit again.")
            children += (left, right)
        if sorted(children) != list(range(1, self.count)):
            raise UnsupportedModel("A tree's nodes do not form one tree; fit it again.")

    def compiled(self, leaf: "Sequence[object]") -> "Any":
        """The root of nested (feature, threshold, left, right); `leaf` holds a leaf per node."""
        nodes: list[object] = [None] * self.count
        for at in range(self.count - 1, -1, -1):
            if self.left[at] < 0:
                nodes[at] = leaf[at]
            else:
                nodes[at] = (
                    self.feature[at],
                    self.threshold[at],
                    nodes[self.left[at]],
                    nodes[self.right[at]],
                )
        return nodes[0]

    def shares(self) -> list[list[float]]:
        """The values of each node as a list of `width` numbers."""
        width = self.width
        return [self.values[at : at + width].tolist() for at in range(0, len(self.values), width)]

    def expectations(self, column: int) -> list[float]:
        """For each node, the mean of its leaves' values over the training rows that reach them."""
        means = [self.values[at * self.width + column] for at in range(self.count)]
        for at in range(self.count - 1, -1, -1):
            if self.left[at] >= 0:
                left, right = self.left[at], self.right[at]
                total = self.weight[left] + self.weight[right]
                share = self.weight[left] / total if total > 0 else 0.5
                means[at] = share * means[left] + (1.0 - share) * means[right]
        return means

    def attribute(self, row: "Row", column: int, scale: float, parts: dict[int, float]) -> float:
        """Add what each split on the row's way changes to its feature's entry in `parts`.

        Returns the mean at the root; it and the changes add up to the leaf's value, all times
        `scale`. This is Saabas' path attribution; for a tree of one split it is the feature's
        exact Shapley value.
        """
        means = self.expectations(column)
        at = 0
        while (left := self.left[at]) >= 0:
            feature = self.feature[at]
            child = left if row[feature] <= self.threshold[at] else self.right[at]
            parts[feature] = parts.get(feature, 0.0) + scale * (means[child] - means[at])
            at = child
        return scale * means[0]


def read_trees(trees: "Sequence[object]", features: int, width: int) -> list[FittedTree]:
    """Check every tree of a model; raises UnsupportedModel for one that cannot be served."""
    fitted: list[FittedTree] = []
    nodes = 0
    for tree in trees:
        fitted.append(FittedTree(tree, features, width))
        # A pickle may name the same tree again and again, at two bytes a time.
        nodes += fitted[-1].count
        if nodes > MAX_NODES:
            raise UnsupportedModel(
                f"The model's trees have more than {MAX_NODES} nodes; fit fewer or shallower ones."
            )
    return fitted


def descend(node: "Any", row: "Row") -> "Any":
    """The leaf that `row` reaches below a compiled node."""
    while type(node) is tuple:
        feature, threshold, left, right = node
        node = left if row[feature] <= threshold else right
    return node
