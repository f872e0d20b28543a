"""Many rows at once through the trees of a forest, by the same additions in the same order.

Small trees are asked by QuickScorer. In larger ones each node parts all of its rows with one `&` of
integers. A set of rows is an integer with a byte for each row, 1 for those in it. The rows whose
value is at most a threshold are, by value, the first so many, which a bisection finds; those that
go left are these and the node's own. A leaf's number times its rows, added up, is a string of bytes
that says which leaf each row has reached.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from operator import add

from portable.quick_scorer import MAX_LEAVES, scorer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from portable.ensemble.forest import Forest
    from portable.nodes import Walker
    from portable.quick_scorer import QuickScorer

    Row = Sequence[float]

LARGEST = 256
"""Rows of a block, so that the number of a leaf that one of them reaches is a byte."""
NODES_PER_ROW = 2
"""Of a tree: with more of them than that for each row, rows go down one by one."""


class Block:
    """The trees of a forest; `roots` are its compiled ones."""

    def __init__(self, forest: Forest, roots: Sequence[Any]) -> None:
        self._roots = roots
        self._width = forest.trees[0].width
        self._nodes = sum(tree.count for tree in forest.trees) / len(roots)
        self._scorer: QuickScorer | Walker | None = None
        # Of two children each.
        if max(tree.count for tree in forest.trees) < 2 * MAX_LEAVES:
            self._scorer = scorer(
                [tree.nodes(tree.shares(), forest.count) for tree in forest.trees]
            )

    def totals(self, rows: Sequence[Row]) -> list[list[float]]:
        """For each row, the sums of the numbers of the leaves that it reaches; none is missing."""
        if self._scorer is not None:
            return list(map(self._added, map(self._scorer.values, rows)))
        if self._nodes <= NODES_PER_ROW * min(len(rows), LARGEST):
            return [
                total
                for at in range(0, len(rows), LARGEST)
                for total in self._together(rows[at : at + LARGEST])
            ]
        totals = [[0.0] * self._width for _ in rows]
        for root in self._roots:
            for row, total in zip(rows, totals, strict=True):
                node = root
                while type(node) is tuple:
                    feature, threshold, left, right = node
                    node = left if row[feature] <= threshold else right
                total[:] = map(add, total, node)
        return totals

    def _added(self, leaves: Sequence[Sequence[float]]) -> list[float]:
        if self._width == 2:
            first = second = 0.0
            for one, other in leaves:
                first += one
                second += other
            return [first, second]
        totals = [0.0] * self._width
        for leaf in leaves:
            totals = list(map(add, totals, leaf))
        return totals

    def _together(self, rows: Sequence[Row]) -> Iterable[list[float]]:
        sums = [[0.0] * len(rows)] * self._width
        for leaves, places in _leaves(self._roots, rows):
            sums = [
                list(map(add, before, map(numbers.__getitem__, places)))
                for before, numbers in zip(sums, zip(*leaves, strict=True), strict=True)
            ]
        return map(list, zip(*sums, strict=True))


def _leaves(roots: Sequence[Any], rows: Sequence[Row]) -> Iterator[tuple[list[Any], bytes]]:
    """For each tree, leaves, and for each row the place of its own among them."""
    count = len(rows)
    columns = _Columns(rows)
    every = int.from_bytes(b"\1" * count, "little")
    for root in roots:
        leaves: list[Any] = []
        places = 0
        nodes = [(root, every)]
        while nodes:
            node, here = nodes.pop()
            if type(node) is tuple:
                values, lowest = columns[node[0]]
                left = here & lowest[bisect_right(values, node[1])]
                if left != here:
                    nodes.append((node[3], here ^ left))
                if left:
                    nodes.append((node[2], left))
            else:
                places += len(leaves) * here
                leaves.append(node)
        yield leaves, places.to_bytes(count, "little")


class _Columns(dict[int, tuple[list[float], list[int]]]):
    """Of a column, the values ascending, and the sets of the rows that have the lowest 0, 1, …"""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self._columns = list(zip(*rows, strict=True))
        self._rows = [1 << 8 * row for row in range(len(rows))]

    def __missing__(self, feature: int) -> tuple[list[float], list[int]]:
        values = self._columns[feature]
        order = sorted(range(len(values)), key=values.__getitem__)
        lowest = list(accumulate(map(self._rows.__getitem__, order), initial=0))
        found = self[feature] = list(map(values.__getitem__, order)), lowest
        return found
