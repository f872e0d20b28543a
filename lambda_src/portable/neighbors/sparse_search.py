"""Searches every training row of those that are kept sparse, as texts are."""

from __future__ import annotations

from math import sqrt

from portable.neighbors.brute_search import CHUNK, NOISE, BruteSearch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Row
    from portable.neighbors.metrics import Metric
    from portable.rows import SparseRows


class SparseSearch(BruteSearch):
    """As `BruteSearch`, by the columns that a row has in common with each of `rows`."""

    __slots__ = ("_rows",)

    def __init__(
        self,
        rows: SparseRows,
        metric: Metric | None,
        targets: Sequence[object],
        *,
        steady: bool,
        weighted: bool,
    ) -> None:
        self._rows = rows
        self._metric = metric
        self._targets = targets
        self._steady = steady and rows.size() <= CHUNK
        self._weighted = weighted
        self._whole = rows.whole()
        self._lengths = max(rows.squares)

    def _distances(self, row: Row) -> tuple[list[float], float, float]:
        query = self._rows.query(row)
        square = sum(value * value for value in query.values)
        if self._metric is None:
            products = self._rows.dots(query)
            lengths = [sqrt(square * other) or 1.0 for other in self._rows.squares]
            cosines = [one / length for one, length in zip(products, lengths, strict=True)]
            return [1.0 - cosine for cosine in cosines], NOISE, 1.0
        scale = max(self._lengths, square)
        exact = self._whole and scale < 2.0**48 and all(map(float.is_integer, query.values))
        squares = self._rows.distances(query)
        return list(map(sqrt, squares)), 0.0 if exact else NOISE * scale, scale
