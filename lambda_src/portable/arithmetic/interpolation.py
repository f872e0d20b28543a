"""Piecewise linear functions, as numpy's interp computes them."""

from __future__ import annotations

from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def interpolate(number: float, places: Sequence[float], values: Sequence[float]) -> float:
    """The value at `number` of the line through (places, values), level beyond its ends.

    `places` ascend; where some are equal the last of them counts.
    """
    after = bisect_right(places, number)
    if after == 0:
        return values[0]
    if after == len(places):
        return values[-1]
    left = places[after - 1]
    if left == number:
        return values[after - 1]
    slope = (values[after] - values[after - 1]) / (places[after] - left)
    return slope * (number - left) + values[after - 1]
