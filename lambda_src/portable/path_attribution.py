"""What each split on a row's way adds to the raw scores of boosted trees (Saabas' attribution).

A step from a node to its child changes what is expected of the row: from the mean of the leaves
below the one to the mean of those below the other. That change is the part of the split's column.
"""

from __future__ import annotations

from math import fsum, isfinite

from portable.attribution import VALUE, Attribution, sides
from portable.nodes import expectations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from portable.nodes import Nodes

    Weighted = tuple[Nodes, Sequence[float]]


class Paths:
    """The trees that add to each raw score, each node of them with the mean of its leaves.

    A tree comes with the weight of each node: how many training rows reached it, or their hessians.
    Nothing is attributed where a tree lacks them. Raw scores times `factor` are in `unit`.
    """

    __slots__ = ("_factor", "_roots", "_unit")

    def __init__(
        self, scores: Iterable[Iterable[Weighted]], unit: str, factor: float = 1.0
    ) -> None:
        self._unit = unit
        self._factor = factor
        trees = [list(of_one) for of_one in scores]
        weighted = all(_is_weighted(*tree) for of_one in trees for tree in of_one)
        self._roots = (
            [[_compiled(*tree) for tree in of_one] for of_one in trees] if weighted else None
        )

    def attribution(self, row: Sequence[float], scores: list[float]) -> Attribution | None:
        """`scores`, the raw ones of a row, in parts by its columns: a single one, or of several
        the predicted class's less the next one's.

        The base is what the parts leave: what the boosting starts from, the mean of each tree, and
        what rounding adds where the library sums in single precision.
        """
        if self._roots is None:
            return None
        if len(scores) == 1:
            label, against, score = int(self._unit != VALUE), 0, scores[0]
            parts = _parts(self._roots[0], row)
        else:
            label, against = sides(scores)
            score = scores[label] - scores[against]
            parts = _parts(self._roots[label], row)
            for column, part in _parts(self._roots[against], row).items():
                parts[column] = parts.get(column, 0.0) - part
        parts = {column: self._factor * part for column, part in parts.items()}
        base = self._factor * score - fsum(parts.values())
        return Attribution(label, against, self._unit, base, parts)


def _is_weighted(tree: Nodes, weight: Sequence[float]) -> bool:
    return tree.leaves == 1 or (
        len(weight) == len(tree.left) and all(map(isfinite, weight)) and min(weight) >= 0
    )


def _compiled(tree: Nodes, weight: Sequence[float]) -> Any:
    """The root of nested (feature, threshold, left, right, where the missing go, mean); anything
    else than a tuple is a leaf's value."""
    means = expectations(tree.value, tree.left, tree.right, weight)
    nodes: list[Any] = means[:]
    for place in range(len(nodes) - 1, -1, -1):
        if tree.left[place] >= 0:
            left, right = nodes[tree.left[place]], nodes[tree.right[place]]
            missing = left if tree.missing_left[place] else right
            split = tree.feature[place], tree.threshold[place]
            nodes[place] = *split, left, right, missing, means[place]
    return nodes[0]


def _parts(roots: list[Any], row: Sequence[float]) -> dict[int, float]:
    """What the trees' splits on the row's way change, by column."""
    parts: dict[int, float] = {}
    for node in roots:
        while type(node) is tuple:
            feature, threshold, left, right, missing, mean = node
            value = row[feature]
            node = left if value <= threshold else right if value == value else missing
            reached = node[-1] if type(node) is tuple else node
            parts[feature] = parts.get(feature, 0.0) + reached - mean
    return parts
