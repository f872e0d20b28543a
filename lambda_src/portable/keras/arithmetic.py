"""The two operations that a dense network spends its time on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import mul

Dot = Callable[[Sequence[float], Sequence[float]], float]


def products_added(first: Sequence[float], second: Sequence[float]) -> float:
    """As `dot`, on any Python."""
    return sum(map(mul, first, second), 0.0)


# Python 3.12 brought it: three to five times as fast, and rounded once at the end. The two agree
# to about 1e-15 of the terms' size.
dot: Dot = getattr(math, "sumprod", products_added)
"""The sum of the products of two sequences of the same length."""


def sigmoid(value: float) -> float:
    """1 / (1 + exp(-value)), without overflow."""
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    grown = math.exp(value)
    return grown / (1.0 + grown)
