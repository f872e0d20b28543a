"""A booster's document: its trees, what is added to them, and how a row becomes what they part.

XGBoost compares float32(x) < threshold and adds leaves in single precision, tree by tree.
"""

from __future__ import annotations

import json
from array import array
from itertools import pairwise, repeat
from math import inf, isfinite, isinf, nextafter

from portable.arithmetic.float32 import rounded
from portable.base import SparseRow, UnusableRow, dense
from portable.errors import UnsupportedModel
from portable.nodes import Categories, Nodes
from portable.quick_scorer import scorer
from portable.tree import MAX_NODES
from portable.xgboost import ubjson
from portable.xgboost.objectives import objective

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from portable.attribution import Attribution
    from portable.base import Row
    from portable.path_attribution import Paths

_NAN = float("nan")
_LARGEST_CODE = 2**24
_BEST = "best_iteration"


def document_of(data: bytes) -> Any:
    """The document of a file that XGBoost saved, or of the state that a pickle holds."""
    if data[:1] != b"{":
        raise UnsupportedModel(
            "The booster is in XGBoost's old binary format; save it as JSON or UBJSON."
        )
    is_json = data[1:2] in (b'"', b" ", b"\n", b"\r", b"\t", b"}")
    document = json.loads(data) if is_json else ubjson.loads(data)
    # What a pickle holds has the training configuration beside the model.
    return document.get("Model", document)


class Booster:
    """A fitted booster of trees; `groups` numbers are the answer to a row.

    `data` is the file that it was read of, `places` has the trees that add to each output, `drop`
    what each is multiplied by.
    """

    __slots__ = (
        "_base", "_codes", "_paths", "_trees", "count", "data", "drop", "groups", "is_multiclass",
        "missing", "names", "objective", "places", "transform",
    )  # fmt: skip

    def __init__(self, data: bytes) -> None:
        learner = document_of(data)["learner"]
        self.data = data
        self._paths: Paths | None = None
        parameters = learner["learner_model_param"]
        self.count = int(parameters["num_feature"])
        classes, targets = int(parameters["num_class"]), int(parameters.get("num_target", 1))
        self.groups = max(classes, targets, 1)
        self.is_multiclass = classes > 1
        self.names: list[str] = list(learner.get("feature_names") or [])
        self.objective: str = learner["objective"]["name"]
        self.transform, to_margin = objective(self.objective)
        self._base = [rounded(to_margin(base)) for base in _base_scores(parameters, self.groups)]
        self.missing: float | None = None
        ensemble = learner["gradient_booster"]
        self.drop: list[float] | None = None
        if ensemble["name"] == "dart":
            self.drop = list(map(rounded, ensemble["weight_drop"]))
            ensemble = ensemble["gbtree"]
        if ensemble["name"] != "gbtree":
            raise UnsupportedModel(
                f"The booster is a {str(ensemble['name'])[:40]}; the portable runtime serves "
                "gbtree and dart."
            )
        self._codes = _codes_of(ensemble["model"].get("cats") or {})
        self._read_trees(ensemble["model"], learner.get("attributes") or {})

    def _read_trees(self, model: Any, attributes: Any) -> None:
        trees, groups = model["trees"], list(model["tree_info"])
        if len(trees) != len(groups) or any(not 0 <= at < self.groups for at in groups):
            raise UnsupportedModel("The booster's trees do not say which output each adds to.")
        if self.drop is not None and len(self.drop) != len(trees):
            raise UnsupportedModel("The booster's weight_drop is not one number for each tree.")
        if _BEST in attributes:
            # As XGBoost's estimators do after early stopping; a plain booster would be asked so.
            rounds = int(attributes[_BEST]) + 1
            each = int(model["gbtree_model_param"].get("num_parallel_tree", 1)) * self.groups
            starts = model.get("iteration_indptr") or range(0, len(trees) + 1, each)
            last = starts[rounds] if 0 < rounds < len(starts) else len(trees)
            trees, groups = trees[:last], groups[:last]
        nodes: list[Nodes] = []
        total = 0
        for tree in trees:
            nodes.append(nodes_of(tree, self.count))
            total += len(nodes[-1].left)
            if total > MAX_NODES:
                raise UnsupportedModel(f"The booster's trees have over {MAX_NODES:,} nodes.")
        self._trees = scorer(nodes) if nodes else None
        self.places = [
            [at for at, group in enumerate(groups) if group == one] for one in range(self.groups)
        ]

    def margins(self, row: Row) -> list[float]:
        """The sum of the leaves for each output; raises UnusableRow."""
        return self._margins(self._values(row))

    def _margins(self, row: list[float]) -> list[float]:
        values = self._trees.values(row) if self._trees else []
        margins = []
        # Each addition is rounded to single precision by being stored.
        total = array("f", (0.0,))
        for base, places in zip(self._base, self.places, strict=True):
            total[0] = base
            if self.drop is None:
                for value in values if self.groups == 1 else [values[at] for at in places]:
                    total[0] += value
            else:
                for at in places:
                    total[0] += rounded(values[at] * self.drop[at])
            margins.append(total[0])
        return margins

    def explain(self, row: Row, *, classifies: bool) -> Attribution | None:
        """The margins in parts by column of the row; raises UnusableRow."""
        values = self._values(row)
        if self._paths is None:
            # No start waits for it, and until then the file is all that is kept for it.
            from portable.xgboost.paths import read_paths

            self._paths = read_paths(self, document_of(self.data), nodes_of, classifies=classifies)
        return self._paths.attribution(values, self._margins(values))

    def _values(self, row: Row) -> list[float]:
        """The row in single precision, NaN for what is missing, categories as codes."""
        if type(row) is SparseRow:
            # Of a sparse row XGBoost takes what is not there for missing.
            if row.width != self.count:
                raise UnusableRow(
                    f"The row has {row.width} values where the model takes {self.count}."
                )
            values = [_NAN] * self.count
            for column, value in zip(row.columns, array("f", row.values), strict=True):
                values[column] = value
        else:
            codes: dict[int, float] = {}
            if self._codes and type(row) is list:
                codes = {at: self._code(at, row[at]) for at in self._codes if at < len(row)}
                row = [None if at in codes else value for at, value in enumerate(row)]
            values = array("f", dense(row, self.count)).tolist()
            for at, code in codes.items():
                values[at] = code
        if not isfinite(sum(values)) and any(map(isinf, values)):
            raise UnusableRow("The row holds an infinite value or one too large (3.4e38).")
        if self.missing is not None:
            values = [_NAN if value == self.missing else value for value in values]
        return values

    def _code(self, column: int, category: object) -> float:
        if category is None or category != category:
            return _NAN
        code = self._codes[column].get(category)
        if code is None:
            raise UnusableRow(
                f"{str(category)[:60]!r} is none of the categories that the model was fitted on."
            )
        return code


def _base_scores(parameters: Any, groups: int) -> list[float]:
    """base_score of each output: one number, or since XGBoost 3.1 a list of them."""
    given = json.loads(parameters["base_score"])
    scores = list(map(float, given if isinstance(given, list) else [given]))
    if len(scores) == 1:
        scores *= groups
    if len(scores) != groups or not all(map(isfinite, scores)):
        raise UnsupportedModel(f"The booster's base_score is not {groups} finite numbers.")
    return list(map(rounded, scores))


def _codes_of(categories: Any) -> dict[int, dict[object, float]]:
    """For each column of categories that the booster knows by name, the code of each."""
    codes: dict[int, dict[object, float]] = {}
    for column, one in enumerate(categories.get("enc") or []):
        values, offsets = one.get("values"), one.get("offsets")
        found: list[object] = list(values or [])
        if offsets:
            if not all(0 <= byte < 128 for byte in values):
                # XGBoost 3.2 counts characters and cuts bytes.
                raise UnsupportedModel(
                    "The booster's categories have names beyond ASCII, which XGBoost saves cut at "
                    "the wrong places; rename them and fit it again."
                )
            text = bytes(values).decode("ascii")
            found = [text[start:end] for start, end in pairwise(offsets)]
        if found:
            codes[column] = {category: float(code) for code, category in enumerate(found)}
    return codes


def nodes_of(tree: Any, features: int) -> Nodes:
    """One tree by columns: x < threshold is x <= the double before it."""
    if int(tree["tree_param"].get("size_leaf_vector", 1)) > 1:
        raise UnsupportedModel(
            "The booster's trees have several outputs each (multi_output_tree); fit it with "
            "one_output_per_tree."
        )
    left, right = list(tree["left_children"]), list(tree["right_children"])
    feature = list(tree["split_indices"])
    # The file holds the shortest decimals that tell single-precision numbers apart.
    conditions = array("f", tree["split_conditions"]).tolist()
    missing_left = list(tree["default_left"])
    columns = (right, feature, conditions, missing_left)
    if any(len(column) != len(left) for column in columns):
        raise UnsupportedModel("A tree's columns are not of one length; save the model again.")
    if not isfinite(sum(conditions)):
        raise UnsupportedModel("A tree's threshold or leaf is no finite number; fit it again.")
    threshold: list[Any] = list(map(nextafter, conditions, repeat(-inf)))
    for at, codes in _categories(tree).items():
        # Those listed go right; whatever is no code at all goes left.
        threshold[at] = Categories(codes, left=False)
    return Nodes(feature, threshold, left, right, missing_left, conditions, features)


def _categories(tree: Any) -> dict[int, frozenset[float]]:
    """The codes that each split by category sends right, by the place of its node."""
    places: Sequence[int] = tree.get("categories_nodes") or ()
    if len(places) != sum(map(bool, tree.get("split_type") or ())):
        raise UnsupportedModel("A split by category lacks its categories; save the model again.")
    found = {}
    starts, sizes = tree.get("categories_segments") or (), tree.get("categories_sizes") or ()
    listed = list(tree.get("categories") or ())
    if listed and not 0 <= min(listed) <= max(listed) < _LARGEST_CODE:
        raise UnsupportedModel("The booster's categories are no codes; save the model again.")
    for place, start, size in zip(places, starts, sizes, strict=True):
        found[place] = frozenset(map(float, listed[start : start + size]))
    return found
