"""Many small trees at once, without walking any: a bit for every leaf of all of them.

The algorithm is QuickScorer (Lucchese and others, SIGIR 2015). A split that sends the row right
strikes out the leaves on its left; what is struck out depends on a feature's value alone, so the
splits of all trees on one feature are one sorted list, a bisection finds those that the value is
beyond, and one `&` of integers strikes out their leaves in all trees. The first leaf left of a tree
is the one that a walk would reach.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import getitem

from portable.nodes import Categories, Nodes, Walker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Literal

MAX_LEAVES = 64
"""Of a tree: each has a field of 8, 16, 32 or 64 bits."""
_TYPECODES: dict[int, Literal["B", "H", "I", "Q"]] = {8: "B", 16: "H", 32: "I", 64: "Q"}
MAX_MASKS_BYTES = 16 * 1024 * 1024
"""Memory of the masks, of which every split and category has one."""
_LARGEST_GROUP, _SMALLEST_GROUP = 1024, 64
"""Bytes of a mask: the trees of one group have their fields in one integer."""


def scorer(trees: Sequence[Nodes]) -> QuickScorer | Walker:
    """What tells the value of each tree for a row: QuickScorer where the trees are small."""
    leaves = max(tree.leaves for tree in trees)
    splits = sum(tree.leaves - 1 + _codes(tree) for tree in trees)
    group = min(_LARGEST_GROUP, MAX_MASKS_BYTES // (splits or 1))
    if leaves > MAX_LEAVES or group < _SMALLEST_GROUP:
        return Walker(trees)
    bits = next(bits for bits in _TYPECODES if bits >= leaves)
    size = 8 * group // bits
    return QuickScorer([_Group(trees[at : at + size], bits) for at in range(0, len(trees), size)])


def _codes(tree: Nodes) -> int:
    return sum(len(one.codes) for one in tree.threshold if type(one) is Categories)


class QuickScorer:
    """Trees of at most MAX_LEAVES leaves each."""

    __slots__ = ("_groups",)

    def __init__(self, groups: list[_Group]) -> None:
        self._groups = groups

    def values(self, row: Sequence[float]) -> list[float]:
        """The value of the leaf that the row reaches in each tree, in order."""
        if len(self._groups) == 1:
            return self._groups[0].values(row)
        return [value for group in self._groups for value in group.values(row)]


class _Group:
    """Trees whose leaves have their bits in one integer, `bits` for each tree."""

    __slots__ = ("_categories", "_ones", "_size", "_splits", "_tables", "_typecode", "_units")

    def __init__(self, trees: Sequence[Nodes], bits: int) -> None:
        self._size = len(trees) * bits // 8
        self._typecode = _TYPECODES[bits]
        self._ones = (1 << len(trees) * bits) - 1
        self._units = self._ones // ((1 << bits) - 1)
        self._tables: list[dict[int, float]] = []
        by_feature: dict[int, list[tuple[Any, int, bool]]] = {}
        for place, tree in enumerate(trees):
            spans = _leaf_spans(tree)
            table = {}
            for at, (start, middle) in enumerate(spans):
                if tree.left[at] >= 0 <= start:
                    struck = ((1 << middle) - (1 << start)) << place * bits
                    split = tree.threshold[at], self._ones ^ struck, bool(tree.missing_left[at])
                    by_feature.setdefault(tree.feature[at], []).append(split)
                elif start >= 0:
                    table[1 << start] = tree.value[at]
            self._tables.append(table)
        self._splits: list[tuple[int, list[float], list[int], int]] = []
        self._categories: list[tuple[int, dict[float, int], int, int]] = []
        for feature, splits in sorted(by_feature.items()):
            self._add(feature, [one for one in splits if type(one[0]) is not Categories])
            self._add_categories(feature, [one for one in splits if type(one[0]) is Categories])

    def _add(self, feature: int, splits: list[tuple[float, int, bool]]) -> None:
        """The masks of a feature by how many of its thresholds the value is beyond."""
        if not splits:
            return
        splits.sort(key=lambda split: split[0])
        thresholds: list[float] = []
        masks = [self._ones]
        missing = self._ones
        for threshold, mask, missing_left in splits:
            if not missing_left:
                missing &= mask
            if thresholds and thresholds[-1] == threshold:
                masks[-1] &= mask
            else:
                thresholds.append(threshold)
                masks.append(masks[-1] & mask)
        self._splits.append((feature, thresholds, masks, missing))

    def _add_categories(self, feature: int, splits: list[tuple[Categories, int, bool]]) -> None:
        """The masks of a feature by its code, of all other codes, and where it is missing."""
        if not splits:
            return
        masks = dict.fromkeys({code for one, _, _ in splits for code in one.codes}, self._ones)
        others = missing = self._ones
        for categories, mask, missing_left in splits:
            if not missing_left:
                missing &= mask
            if categories.left:
                others &= mask
                struck = masks.keys() - categories.codes
            else:
                struck = set(categories.codes)
            for code in struck:
                masks[code] &= mask
        self._categories.append((feature, masks, others, missing))

    def values(self, row: Sequence[float]) -> list[float]:
        leaves = self._ones
        for feature, thresholds, masks, missing in self._splits:
            value = row[feature]
            leaves &= masks[bisect_left(thresholds, value)] if value == value else missing
        for feature, by_code, others, missing in self._categories:
            value = row[feature]
            leaves &= by_code.get(value, others) if value == value else missing
        # The lowest bit of every field: x & (~x + 1), which carries nothing into the next field.
        leaves &= (leaves ^ self._ones) + self._units
        fields = memoryview(leaves.to_bytes(self._size, "little")).cast(self._typecode)
        return list(map(getitem, self._tables, fields))


def _leaf_spans(tree: Nodes) -> list[tuple[int, int]]:
    """For each node the first leaf, counted from the left, of it and of its right child; a start
    of -1 for a node that is not reached from the root."""
    count = len(tree.left)
    leaves = [1] * count
    for at in range(count - 1, -1, -1):
        if tree.left[at] >= 0:
            leaves[at] = leaves[tree.left[at]] + leaves[tree.right[at]]
    starts = [-1] * count
    starts[0] = 0
    spans = []
    for at, start in enumerate(starts):
        left = tree.left[at]
        middle = 0
        if left >= 0 <= start:
            middle = start + leaves[left]
            starts[left], starts[tree.right[at]] = start, middle
        spans.append((start, middle))
    return spans
