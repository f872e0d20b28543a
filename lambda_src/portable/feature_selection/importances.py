"""SelectFromModel: the columns whose coefficients or importances are large enough."""

from __future__ import annotations

from math import inf, isclose, sqrt
from struct import iter_unpack

from portable.arithmetic.pairwise import pairwise_sum
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, feature_count, read_state
from portable.pickles.records import NODE_BYTES, Tree
from portable.pickles.unpickler import Estimator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.pickles.attributes import State

_NODES = "<qqqdddd8x"
"""Children, feature, threshold, impurity, (samples, an integer), weighted samples of a node."""
_FORESTS = ("ExtraTreesClassifier", "ExtraTreesRegressor", "RandomForestClassifier",
            "RandomForestRegressor")  # fmt: skip
_BOOSTINGS = ("GradientBoostingClassifier", "GradientBoostingRegressor")
_SPARSE_THRESHOLD = 1e-5
"""Below which a coefficient is nothing to an estimator with an l1 penalty."""


def chosen_by_importance(state: State) -> tuple[str, list[bool]]:
    """The module of a SelectFromModel's fitted estimator, and whether each column is chosen."""
    name = "SelectFromModel"
    fitted = state.get("estimator_", state.get("estimator"))
    if not isinstance(fitted, Estimator):
        raise UnsupportedModel(f"The {name} lacks its estimator_; pickle it after fitting it.")
    choice(name, state, "importance_getter", ("auto", "coef_", "feature_importances_"))
    scores = _importances(fitted, state.get("norm_order", 1))
    threshold = _threshold(fitted, scores, state["threshold"])
    most = state.get("max_features_", state.get("max_features"))
    among = range(len(scores))
    if state["max_features"] is not None:
        if type(most) is not int:
            raise UnsupportedModel(f"The {name}'s max_features is not a number; fit it again.")
        among = sorted(among, key=lambda at: -scores[at])[:most]  # type: ignore[assignment]
    kept = set(among)
    return fitted.module, [at in kept and score >= threshold for at, score in enumerate(scores)]


def _importances(fitted: Estimator, order: object) -> list[float]:
    name = type(fitted).__name__
    state = read_state(fitted, ("n_features_in_",))
    count = feature_count(name, state)
    coefficients = state.get("coef_")
    if type(coefficients) is Array:
        if coefficients.shape == (count,):
            return [abs(value) for value in coefficients.values()]
        if len(coefficients.shape) == 2 and coefficients.shape[1] == count:
            return [_norm(column, order) for column in zip(*coefficients.rows(), strict=True)]
    if name in _FORESTS:
        return _of_forest(_trees(state, "estimators_", count))
    if name in _BOOSTINGS:
        return _of_boosting(_trees(state, "estimators_", count))
    if type(state.get("tree_")) is Tree:
        return _of_tree(state["tree_"], count, share=True)
    raise UnsupportedModel(
        f"The SelectFromModel chose by a {name}, whose importances the portable runtime does not "
        "compute; serve the model by the scikit-learn runtime."
    )


def _norm(column: Sequence[float], order: object) -> float:
    sizes = [abs(value) for value in column]
    total = 0.0
    if order == 1:
        for size in sizes:
            total += size
        return total
    if order == 2:
        for size in sizes:
            total += size * size
        return sqrt(total)
    if order == inf:
        return max(sizes)
    raise UnsupportedModel(
        "The SelectFromModel's norm_order is neither 1, 2 nor infinite; fit it again."
    )


def _threshold(fitted: Estimator, scores: list[float], threshold: object) -> float:
    if threshold is None:
        threshold = _SPARSE_THRESHOLD if _is_l1(fitted) else "mean"
    if isinstance(threshold, int | float):
        return float(threshold)
    scale, _, reference = str(threshold).rpartition("*")
    try:
        factor = float(scale) if scale else 1.0
    except ValueError:
        reference = ""
    if reference.strip() == "mean":
        return factor * (pairwise_sum(scores) / len(scores))
    if reference.strip() == "median":
        ascending = sorted(scores)
        middle = ascending[(len(scores) - 1) // 2 : len(scores) // 2 + 1]
        return factor * (sum(middle) / len(middle))
    raise UnsupportedModel("The SelectFromModel's threshold is neither a number, mean nor median.")


def _is_l1(fitted: Estimator) -> bool:
    """Whether the estimator was fitted with an l1 penalty, as scikit-learn tells."""
    name, state = type(fitted).__name__, fitted.state
    if state.get("penalty") == "l1" or "Lasso" in name:
        return True
    ratio = state.get("l1_ratio_" if name.endswith("CV") else "l1_ratio")
    if name not in ("ElasticNet", "ElasticNetCV", "LogisticRegression", "LogisticRegressionCV"):
        return False
    ratios = ratio.values() if type(ratio) is Array else [ratio]
    return all(
        isinstance(one, int | float) and isclose(one, 1.0, rel_tol=1e-5, abs_tol=1e-8)
        for one in ratios
    )


def _trees(state: State, attribute: str, count: int) -> list[tuple[Tree, int]]:
    held = state.get(attribute)
    members = held.raw if type(held) is Array else held
    if type(members) is not list:
        raise UnsupportedModel("The SelectFromModel's estimator holds no trees; fit it again.")
    trees = []
    for member in members:
        tree = member.state.get("tree_") if isinstance(member, Estimator) else None
        if type(tree) is not Tree:
            raise UnsupportedModel("The SelectFromModel's estimator holds no trees; fit it again.")
        if tree.nodes is not None and tree.nodes.shape[0] > 1:
            trees.append((tree, count))
    return trees


def _of_tree(tree: object, count: int, *, share: bool) -> list[float]:
    """How much each column lowers the impurity, as a share of all where `share`."""
    importances = [0.0] * count
    nodes = tree.nodes if type(tree) is Tree else None
    if nodes is None or type(nodes.raw) is not bytes or len(nodes.raw) % NODE_BYTES:
        raise UnsupportedModel("The SelectFromModel's estimator has a malformed tree.")
    read = list(iter_unpack(_NODES, nodes.raw))
    weighted = [node[6] * node[4] for node in read]
    for at, (left, right, feature, *_) in enumerate(read):
        if left == -1:
            continue
        if not (0 < left < len(read) and 0 < right < len(read) and 0 <= feature < count):
            raise UnsupportedModel("The SelectFromModel's estimator has a malformed tree.")
        importances[feature] += weighted[at] - weighted[left] - weighted[right]
    total = read[0][6]
    importances = [value / total for value in importances]
    if share:
        total = pairwise_sum(importances)
        if total > 0.0:
            importances = [value / total for value in importances]
    return importances


def _of_forest(trees: list[tuple[Tree, int]]) -> list[float]:
    return _averaged([_of_tree(tree, count, share=True) for tree, count in trees])


def _of_boosting(trees: list[tuple[Tree, int]]) -> list[float]:
    return _averaged([_of_tree(tree, count, share=False) for tree, count in trees])


def _averaged(importances: list[list[float]]) -> list[float]:
    """The mean of each column, as a share of all."""
    if not importances:
        raise UnsupportedModel("The SelectFromModel's trees split nothing; fit it again.")
    means = [0.0] * len(importances[0])
    for of_tree in importances:
        means = [mean + value for mean, value in zip(means, of_tree, strict=True)]
    means = [mean / len(importances) for mean in means]
    total = pairwise_sum(means)
    return [mean / total for mean in means]
