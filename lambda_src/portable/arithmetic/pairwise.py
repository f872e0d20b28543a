"""numpy's sum of floats, addition by addition: Naive Bayes sums that nearly cancel depend on it.

The order is that of `pairwise_sum` in numpy's loops_utils: eight accumulators over blocks of at
most 128 elements, and halves of a multiple of 8 elements above that.
"""

from __future__ import annotations

from functools import reduce
from operator import add

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = 128


def block_sum(values: Sequence[float]) -> float:
    """The sum of at most 128 values."""
    size = len(values)
    if size < 8:
        return reduce(add, values, 0.0)
    whole = size - size % 8
    r0, r1, r2, r3, r4, r5, r6, r7 = (reduce(add, values[at:whole:8]) for at in range(8))
    total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    return reduce(add, values[whole:], total)


def block_starts(start: int, size: int) -> list[int]:
    """Where the blocks of `size` values begin, ascending, the first at `start`."""
    if size <= BLOCK:
        return [start]
    half = size // 2 - size // 2 % 8
    return block_starts(start, half) + block_starts(start + half, size - half)


def combine(sums: Sequence[float], size: int) -> float:
    """The total of `size` values, given the sums of their blocks in order."""
    following = iter(sums)

    def total(count: int) -> float:
        if count <= BLOCK:
            return next(following)
        half = count // 2 - count // 2 % 8
        left = total(half)
        return left + total(count - half)

    return total(size)


def pairwise_sum(values: Sequence[float]) -> float:
    """The sum of any number of values."""
    starts = block_starts(0, len(values))
    ends = [*starts[1:], len(values)]
    blocks = [block_sum(values[at:end]) for at, end in zip(starts, ends, strict=True)]
    return combine(blocks, len(values))
