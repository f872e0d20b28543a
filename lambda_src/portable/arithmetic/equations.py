"""Linear equations, by elimination with pivots."""

from __future__ import annotations

from array import array

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_UNKNOWNS = 200
"""Elimination takes the cube of it."""


def solved(
    name: str, equations: list[list[float]], right: Sequence[Sequence[float]]
) -> list[array[float]]:
    """The rows x of equations * x = right; raises UnsupportedModel where there is no one answer.

    `name` is the estimator's that asks.
    """
    size = len(equations)
    if size > MAX_UNKNOWNS:
        raise UnsupportedModel(f"The {name} has more than {MAX_UNKNOWNS} components.")
    rows = [[*ours, *theirs] for ours, theirs in zip(equations, right, strict=True)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda one: abs(rows[one][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        divisor = rows[at][at]
        if not divisor:
            raise UnsupportedModel(f"The {name}'s covariance has no inverse; fit it again.")
        rows[at] = [value / divisor for value in rows[at]]
        for other in range(size):
            factor = rows[other][at]
            if other != at and factor:
                pairs = zip(rows[other], rows[at], strict=True)
                rows[other] = [value - factor * ours for value, ours in pairs]
    return [array("d", row[size:]) for row in rows]
