"""A booster's trees once more, with what only an explanation takes: the hessians of their nodes."""

from __future__ import annotations

from portable.arithmetic.float32 import rounded
from portable.attribution import DECISION, LOG_ODDS, VALUE
from portable.path_attribution import Paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from portable.nodes import Nodes
    from portable.path_attribution import Weighted
    from portable.xgboost.booster import Booster


def read_paths(
    booster: Booster, document: Any, nodes_of: Callable[[Any, int], Nodes], *, classifies: bool
) -> Paths:
    """The trees that answer, of the document that the booster was read of; `nodes_of` reads one."""
    ensemble = document["learner"]["gradient_booster"]
    trees = ensemble.get("gbtree", ensemble)["model"]["trees"]
    drop = booster.drop

    def tree(at: int) -> Weighted:
        nodes = nodes_of(trees[at], booster.count)
        if drop is not None:
            nodes.value = [rounded(value * drop[at]) for value in nodes.value]
        return nodes, list(trees[at].get("sum_hessian") or ())

    unit = VALUE
    if classifies:
        unit = DECISION if booster.objective == "binary:hinge" else LOG_ODDS
    return Paths((map(tree, of_one) for of_one in booster.places), unit)
