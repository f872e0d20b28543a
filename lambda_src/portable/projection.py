"""A row projected on axes, as several transformers do."""

from __future__ import annotations

from array import array

from portable.arithmetic.dot import dot
from portable.base import DENSE, Features, Transformer, finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Row


class Projection(Transformer):
    """The inner product of each of `axes` with a row of `count` numbers, from which `centers` are
    subtracted first, and which is divided by `scales` then, where there are any."""

    __slots__ = ("_axes", "_centers", "_count", "_scales")

    def __init__(
        self,
        axes: Sequence[array[float]],
        count: int,
        *,
        centers: array[float] | None = None,
        scales: array[float] | None = None,
    ) -> None:
        self._axes = axes
        self._count = count
        self._centers = centers
        self._scales = scales
        self.features = Features(DENSE, len(axes))
        self.origins = None

    def transform(self, row: Row) -> array[float]:
        """The row by the axes; raises UnusableRow."""
        values: Sequence[float] = finite(row, self._count)
        if self._centers is not None:
            values = [value - center for value, center in zip(values, self._centers, strict=True)]
        if self._scales is not None:
            values = [value / scale for value, scale in zip(values, self._scales, strict=True)]
        return array("d", [dot(axis, values) for axis in self._axes])
