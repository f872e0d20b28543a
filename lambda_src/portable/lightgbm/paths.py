"""A booster's trees once more, with what only an explanation takes: the counts of their nodes."""

from __future__ import annotations

from portable.attribution import DECISION, LOG_ODDS, VALUE
from portable.lightgbm.objectives import BINARY, slope_of
from portable.lightgbm.text import integers, read_text
from portable.path_attribution import Paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.lightgbm.booster import Booster
    from portable.lightgbm.text import Block
    from portable.nodes import Nodes
    from portable.path_attribution import Weighted


def read_paths(
    booster: Booster, nodes_of: Callable[[Block, int], Nodes], *, classifies: bool
) -> Paths:
    """The trees that answer, of the text that the booster was read of; `nodes_of` reads one."""
    header, blocks, _ = read_text(booster.text)

    def tree(block: Block) -> Weighted:
        nodes = nodes_of(block, booster.count)
        if booster.average:
            nodes.value = [value / booster.average for value in nodes.value]
        return nodes, integers(block, "internal_count") + integers(block, "leaf_count")

    unit, factor = VALUE, 1.0
    if booster.objective == BINARY:
        unit, factor = LOG_ODDS, slope_of(header["objective"])
    elif classifies:
        # Where each class is told from all others by itself, the scores are no log-odds of two.
        unit = LOG_ODDS if booster.objective == "multiclass" else DECISION
    answering, groups = blocks[: booster.kept], booster.groups
    return Paths((map(tree, answering[at::groups]) for at in range(groups)), unit, factor)
