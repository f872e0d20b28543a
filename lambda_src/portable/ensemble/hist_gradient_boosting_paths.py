"""The trees of histogram gradient boosting once more, with what only an explanation takes."""

from __future__ import annotations

from portable.attribution import LOG_ODDS, VALUE
from portable.path_attribution import Paths
from portable.pickles.records import PREDICTOR_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.ensemble.hist_gradient_boosting import HistBoosting
    from portable.nodes import Nodes
    from portable.path_attribution import Weighted
    from portable.pickles.records import TreePredictor

_COUNTS = slice(2, None, PREDICTOR_BYTES // 4)
"""Where the nodes' counts of training rows lie, among integers of 32 bits."""


def read_paths(
    boosting: HistBoosting,
    nodes_of: Callable[[str, TreePredictor, int], Nodes],
    *,
    classifies: bool,
) -> Paths:
    """The trees of each score; `nodes_of` reads one, as it did when the model was loaded."""

    def tree(fitted: TreePredictor) -> Weighted:
        integers = memoryview(fitted.nodes.raw).cast("I")  # type: ignore[arg-type]
        return nodes_of(boosting.name, fitted, boosting.count), integers.tolist()[_COUNTS]

    trees, scores = boosting.trees, len(boosting.baseline)
    unit = LOG_ODDS if classifies else VALUE
    return Paths((map(tree, trees[at::scores]) for at in range(scores)), unit)
