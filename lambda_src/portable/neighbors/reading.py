"""From an estimator that keeps its training rows to the search among them."""

from __future__ import annotations

from portable.errors import UnsupportedModel
from portable.neighbors.metrics import EUCLIDEAN, read_metric
from portable.pickles.arrays import Array
from portable.pickles.attributes import check_finite, choice
from portable.pickles.search_trees import SearchTree
from portable.pickles.sparse import SparseMatrix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from portable.base import Row
    from portable.pickles.attributes import State

    class Search(Protocol):
        def nearest(self, row: Row, count: int) -> list[tuple[float, int]]: ...

        def within(self, row: Row, radius: float) -> list[tuple[float, int]]: ...


FITTED = (
    "_fit_X", "_fit_method", "_tree", "effective_metric_", "effective_metric_params_",
    "n_features_in_", "n_samples_fit_",
)  # fmt: skip
MAX_NUMBERS = 1_000_000
"""Training rows times their columns: one row to answer may have to be compared with all of them,
about a tenth of a second."""


def read_search(
    name: str, state: State, columns: int, targets: Sequence[object], *, weighted: bool
) -> Search:
    """The search among the training rows, of which each has one of `targets`."""
    count = sample_count(name, state)
    kept = state["_fit_X"]
    if type(kept) is SparseMatrix:
        return _read_sparse_search(name, state, kept, columns, targets, weighted=weighted)
    if count * columns > MAX_NUMBERS:
        raise UnsupportedModel(
            f"The {name} compares with {count:,} rows of {columns} features; the portable runtime "
            f"serves up to {MAX_NUMBERS:,} numbers: serve it by the scikit-learn runtime."
        )
    metric = read_metric(name, state)
    if choice(name, state, "_fit_method", ("brute", "kd_tree", "ball_tree")) != "brute":
        from portable.neighbors.tree_search import TreeSearch

        tree = state["_tree"]
        if not isinstance(tree, SearchTree) or metric is None:
            raise UnsupportedModel(f"The {name}'s _tree is no tree of neighbours; fit it again.")
        return TreeSearch(tree, metric, count, columns)
    from portable.neighbors.brute_search import BruteSearch

    rows = state["_fit_X"]
    if type(rows) is not Array or rows.shape != (count, columns):
        raise UnsupportedModel(f"The {name}'s _fit_X are not its training rows; fit it again.")
    points = [tuple(check_finite(name, "_fit_X", row)) for row in rows.rows()]
    steady = rows.dtype.code == "f8" and metric is not None
    return BruteSearch(points, metric, targets, steady=steady, weighted=weighted)


def _read_sparse_search(
    name: str,
    state: State,
    kept: SparseMatrix,
    columns: int,
    targets: Sequence[object],
    *,
    weighted: bool,
) -> Search:
    from portable.neighbors.sparse_search import SparseSearch
    from portable.rows import SparseRows, check_cost, read_rows

    rows = read_rows(name, state, "_fit_X", columns)
    check_cost(name, rows, 0)
    metric = read_metric(name, state)
    if metric is not None and metric.power != EUCLIDEAN:
        raise UnsupportedModel(
            f"The {name} measures sparse rows by another distance than the euclidean or the "
            "cosine; serve it by the scikit-learn runtime."
        )
    alike = rows.size() == sample_count(name, state)
    if not isinstance(rows, SparseRows) or not alike or kept.single():
        raise UnsupportedModel(
            f"The {name}'s _fit_X are not its training rows in double precision; fit it again."
        )
    steady = kept.double() and metric is not None
    return SparseSearch(rows, metric, targets, steady=steady, weighted=weighted)


def sample_count(name: str, state: State) -> int:
    """How many training rows there are."""
    count = state["n_samples_fit_"]
    if type(count) is not int or count < 1:
        raise UnsupportedModel(f"The {name}'s n_samples_fit_ is not a positive integer.")
    return count


def neighbor_count(name: str, state: State, attribute: str = "n_neighbors") -> int:
    """How many neighbours are asked for."""
    neighbors = state[attribute]
    if type(neighbors) is not int or not 1 <= neighbors <= sample_count(name, state):
        raise UnsupportedModel(f"The {name}'s {attribute} is not a number of its training rows.")
    return neighbors
