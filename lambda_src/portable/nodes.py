"""The nodes of one tree, of whichever library: checked in passes at C's speed, and compiled.

A row goes left where the value of the node's feature is at most its threshold, or where that is
missing (NaN) and `missing_left` says so. Thresholds that are not numbers are `Categories`.
"""

from __future__ import annotations

from itertools import compress
from operator import lt

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

LEAF = -1
"""The left child of a leaf."""


class Categories:
    """What stands in a threshold's place where a split is by category: the codes it parts.

    It is compared as a threshold is, `code <= categories`; NaN compares false.
    """

    __slots__ = ("codes", "left")

    def __init__(self, codes: frozenset[float], *, left: bool) -> None:
        self.codes = codes
        self.left = left

    def __ge__(self, code: object) -> bool:
        """Whether a row with `code` goes left: `left` says so of those in `codes`."""
        return code == code and (code in self.codes) is self.left


class Nodes:
    """One tree by columns, its root first and children after their parents."""

    __slots__ = ("feature", "leaves", "left", "missing_left", "right", "threshold", "value")

    def __init__(
        self,
        feature: list[int],
        threshold: list[Any],
        left: list[int],
        right: list[int],
        missing_left: Sequence[object],
        value: list[float],
        features: int,
    ) -> None:
        inner = inner_nodes(left, right, feature, features)
        self.feature = feature
        self.threshold = threshold
        self.left = left
        self.right = right
        self.missing_left = missing_left
        self.value = value
        self.leaves = sum(inner) + 1

    def compiled(self) -> Any:
        """The root of nested (feature, threshold, left, right, where the missing go); anything
        else than a tuple is a leaf's value."""
        nodes: list[Any] = list(self.value)
        for place in range(len(nodes) - 1, -1, -1):
            if self.left[place] >= 0:
                left, right = nodes[self.left[place]], nodes[self.right[place]]
                missing = left if self.missing_left[place] else right
                nodes[place] = self.feature[place], self.threshold[place], left, right, missing
        return nodes[0]


def inner_nodes(
    left: Sequence[int], right: Sequence[int], feature: Sequence[int], features: int
) -> list[bool]:
    """Which nodes are no leaves; raises UnsupportedModel unless each points at two nodes after
    itself, which no other points at, and at one of the row's `features`."""
    count = len(left)
    if not count:
        raise UnsupportedModel("A tree of the model has no nodes; pickle it after fitting it.")
    inner = list(map(LEAF.__lt__, left))
    children = map(min, compress(left, inner), compress(right, inner))
    parted = list(compress(feature, inner))
    if not (
        all(map(lt, compress(range(count), inner), children))
        and max(left) < count
        and max(right) < count
        and min(parted, default=0) >= 0
        and max(parted, default=0) < features
    ):
        raise UnsupportedModel("A tree's nodes do not point at their children; fit it again.")
    if len({*compress(left, inner), *compress(right, inner)}) < 2 * len(parted):
        raise UnsupportedModel("A tree's nodes do not form one tree; fit it again.")
    return inner


def expectations(
    value: Sequence[float], left: Sequence[int], right: Sequence[int], weight: Sequence[float]
) -> list[float]:
    """For each node, the mean of its leaves' values, each by the weight of the training rows that
    reached it; children come after their parents."""
    means = [*value]
    for at in range(len(means) - 1, -1, -1):
        if left[at] >= 0:
            total = weight[left[at]] + weight[right[at]]
            share = weight[left[at]] / total if total > 0 else 0.5
            means[at] = share * means[left[at]] + (1.0 - share) * means[right[at]]
    return means


class Walker:
    """Trees of any size: from the root down to the leaf, one after the other."""

    __slots__ = ("_roots",)

    def __init__(self, trees: Sequence[Nodes]) -> None:
        self._roots: list[Any] = [tree.compiled() for tree in trees]

    def values(self, row: Sequence[float]) -> list[float]:
        """The value of the leaf that the row reaches in each tree, in order."""
        values = []
        for node in self._roots:
            while type(node) is tuple:
                feature, threshold, left, right, missing = node
                value = row[feature]
                node = left if value <= threshold else right if value == value else missing
            values.append(node)
        return values
