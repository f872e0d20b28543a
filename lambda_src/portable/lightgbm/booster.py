"""A booster's trees and what they are added up to, in double precision."""

from __future__ import annotations

from functools import reduce
from itertools import compress
from math import isfinite
from operator import add

from portable.base import UnusableRow, dense
from portable.errors import UnsupportedModel
from portable.lightgbm.objectives import transform_of
from portable.lightgbm.text import integers, numbers, read_text
from portable.nodes import LEAF, Categories, Nodes
from portable.quick_scorer import scorer
from portable.tree import MAX_NODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from portable.attribution import Attribution
    from portable.base import Row
    from portable.lightgbm.text import Block
    from portable.path_attribution import Paths

_NAN = float("nan")
_UNKNOWN = -1.0
"""The code of what is no category: every split sends it right."""
_ZERO = 1.0000000180025095e-35
"""LightGBM takes numbers up to this one for zero."""
_CATEGORICAL, _DEFAULT_LEFT = 1, 2
_NONE, _ZEROS, _NANS = 0, 4, 8
"""Bits of a split's decision type: which values count as missing."""
_MOST_CLASSES = 10_000


class Booster:
    """A fitted booster; `groups` raw scores are the sums for a row.

    The first `kept` trees of `text` answer; where there is an `average`, the sums are divided by
    it.
    """

    __slots__ = (
        "_categories", "_codes", "_paths", "_trees", "_zeros", "average", "count", "groups",
        "kept", "names", "objective", "text", "transform",
    )  # fmt: skip

    def __init__(self, text: str, rounds: int = 0, categories: Any = None) -> None:
        header, trees, saved = read_text(text)
        self.text = text
        self._paths: Paths | None = None
        self.count = int(header["max_feature_idx"]) + 1
        self.groups = int(header["num_tree_per_iteration"])
        if not (self.count > 0 and 0 < self.groups <= _MOST_CLASSES):
            raise UnsupportedModel("The booster has no features or no outputs; save it again.")
        names = header.get("feature_names", "").split(" ")
        given = names != [f"Column_{at}" for at in range(self.count)]
        self.names = names if given and len(names) == self.count else None
        objective = header.get("objective")
        self.objective, self.transform = transform_of(objective) if objective else ("", list)
        if rounds > 0:
            trees = trees[: rounds * self.groups]
        if not trees or len(trees) % self.groups:
            raise UnsupportedModel(f"The booster does not have {self.groups} trees per iteration.")
        self.kept = len(trees)
        self.average = len(trees) // self.groups if "average_output" in header else None
        self._zeros: set[int] = set()
        self._categories: set[int] = set()
        self._trees = scorer(self._read_trees(trees))
        self._codes = _codes_of(header, saved if categories is None else categories)

    def _read_trees(self, blocks: list[Block]) -> list[Nodes]:
        trees: list[Nodes] = []
        total = 0
        other: set[int] = set()
        for block in blocks:
            if block.get("is_linear", "0") != "0":
                raise UnsupportedModel(
                    "The booster's leaves are linear models; fit it without linear_tree."
                )
            trees.append(nodes_of(block, self.count))
            kinds = integers(block, "decision_type")
            for feature, kind in zip(integers(block, "split_feature"), kinds, strict=True):
                if kind & _CATEGORICAL:
                    self._categories.add(feature)
                else:
                    (self._zeros if kind & _ZEROS else other).add(feature)
            total += len(trees[-1].left)
            if total > MAX_NODES:
                raise UnsupportedModel(f"The booster's trees have over {MAX_NODES:,} nodes.")
        if self._zeros & other or self._categories & (self._zeros | other):
            raise UnsupportedModel(
                "The booster's trees do not agree on which values of a column are missing or "
                "categories; fit it again."
            )
        return trees

    def scores(self, row: Row) -> list[float]:
        """The raw scores; raises UnusableRow."""
        return self._scores(self._values(row))

    def _scores(self, row: list[float]) -> list[float]:
        values = self._trees.values(row)
        scores = [reduce(add, values[at :: self.groups], 0.0) for at in range(self.groups)]
        return [score / self.average for score in scores] if self.average else scores

    def explain(self, row: Row, *, classifies: bool) -> Attribution | None:
        """The scores in parts by column of the row; raises UnusableRow."""
        values = self._values(row)
        if self._paths is None:
            # No start waits for it, and until then the text is all that is kept for it.
            from portable.lightgbm.paths import read_paths

            self._paths = read_paths(self, nodes_of, classifies=classifies)
        return self._paths.attribution(values, self._scores(values))

    def _values(self, row: Row) -> list[float]:
        """The row as the trees take it: categories as codes, NaN for what is missing."""
        codes: dict[int, float] = {}
        if self._codes:
            if type(row) is not list:
                raise UnusableRow("The row is one of numbers where the model takes categories.")
            # What is no category of the training counts as missing, as pandas has it.
            codes = {
                at: by_category.get(row[at], _NAN)
                for at, by_category in self._codes.items()
                if at < len(row)
            }
            row = [None if at in codes else value for at, value in enumerate(row)]
        values = dense(row, self.count).tolist()
        for at, code in codes.items():
            values[at] = code
        for at in self._categories:
            value = values[at]
            if value == value:
                values[at] = float(int(value)) if -1.0 < value < 2.0**31 else _UNKNOWN
        for at, value in enumerate(values):
            if -_ZERO <= value <= _ZERO:
                values[at] = _NAN if at in self._zeros else 0.0
        return values


def _codes_of(header: Block, categories: Any) -> dict[int, dict[object, float]]:
    """For each column that was one of categories in a frame, the code of each category."""
    if not categories:
        return {}
    infos = header.get("feature_infos", "").split(" ")
    columns = [at for at, info in enumerate(infos) if not info.startswith("[") and ":" in info]
    if type(categories) is not list or len(columns) != len(categories):
        raise UnsupportedModel(
            "The booster does not say which columns of the frame hold its categories (one of them "
            "had too few to be used); leave that column out and fit it again."
        )
    codes = {}
    for column, one in zip(columns, categories, strict=True):
        if any(type(category) not in (str, int, float, bool) for category in one):
            raise UnsupportedModel("The booster's categories are no texts or numbers.")
        codes[column] = {category: float(code) for code, category in enumerate(one)}
    return codes


def nodes_of(block: Block, features: int) -> Nodes:
    """One tree by columns, its leaves after its splits."""
    values = numbers(block, "leaf_value")
    if not values or not all(map(isfinite, values)):
        raise UnsupportedModel("A leaf of the booster is no finite number; fit it again.")
    splits = len(values) - 1
    feature = integers(block, "split_feature") if splits else []
    threshold: list[Any] = list(numbers(block, "threshold")) if splits else []
    kinds = integers(block, "decision_type") if splits else []
    children = [
        [child if child >= 0 else splits - 1 - child for child in integers(block, name)]
        for name in ("left_child", "right_child")
    ]
    if any(len(column) != splits for column in (feature, threshold, kinds, *children)):
        raise UnsupportedModel("A tree of the booster does not have a line for each split.")
    bounds = integers(block, "cat_boundaries")
    words = integers(block, "cat_threshold")
    missing_left: list[bool] = []
    for at, kind in enumerate(kinds):
        if kind & _CATEGORICAL:
            place = int(threshold[at])
            if not 0 <= place < len(bounds) - 1:
                raise UnsupportedModel("A split of the booster lacks its categories.")
            threshold[at] = _categories(words[bounds[place] : bounds[place + 1]])
            missing_left.append(False)
        elif kind & (_ZEROS | _NANS):
            missing_left.append(bool(kind & _DEFAULT_LEFT))
        else:
            # Where nothing was missing in training, NaN is zero.
            missing_left.append(threshold[at] >= 0.0)
    if any(one != one for one in compress(threshold, map(_CATEGORICAL.__xor__, kinds))):
        raise UnsupportedModel("A threshold of the booster is no number; fit it again.")
    leaves = [LEAF] * len(values)
    return Nodes(
        feature + [0] * len(values),
        threshold + [0.0] * len(values),
        children[0] + leaves,
        children[1] + leaves,
        missing_left + [False] * len(values),
        [0.0] * splits + values,
        features,
    )


def _categories(words: list[int]) -> Categories:
    """The codes in a bitset, which go left."""
    codes = [32 * at + bit for at, word in enumerate(words) for bit in range(32) if word >> bit & 1]
    return Categories(frozenset(map(float, codes)), left=True)
