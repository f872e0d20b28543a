"""The heap that scikit-learn keeps the nearest in: which of equals stays is its own business."""

from __future__ import annotations

from math import inf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Nearest:
    """The `size` nearest so far, as sklearn/utils/_heap.pyx keeps them: the farthest comes first.

    Not heapq: which of two equally near is pushed out depends on each exchange.
    """

    __slots__ = ("distances", "indices", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.distances = [inf] * size
        self.indices = [0] * size

    def push(self, distance: float, index: int) -> None:
        """Take it in, in place of the farthest, where it is nearer than that."""
        distances, indices, size = self.distances, self.indices, self.size
        if distance >= distances[0]:
            return
        place = 0
        while True:
            child = 2 * place + 1
            if child >= size:
                break
            if child + 1 < size and distances[child] < distances[child + 1]:
                child += 1
            if distances[child] <= distance:
                break
            distances[place] = distances[child]
            indices[place] = indices[child]
            place = child
        distances[place] = distance
        indices[place] = index

    def in_order(self) -> Iterator[tuple[float, int]]:
        """Distance and index, the nearest first."""
        pairs = zip(self.distances, self.indices, strict=True)
        return iter(sorted(pairs, key=lambda pair: pair[0]))
