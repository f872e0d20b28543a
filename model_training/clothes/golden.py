"""Golden patterns: pictures that a formula makes, and the network's answers to them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy

PATTERNS = 8


def pattern(number: int, size: int) -> numpy.ndarray:
    """Pattern `number`: uint8 (size, size, 3), stripes and curves of every level."""
    y, x, colour = numpy.ogrid[:size, :size, :3]
    levels = y * (2 * number + 3) + x * (3 * number + 5) + 85 * colour + y * x // (number + 7)
    rows: numpy.ndarray = (levels % 256).astype(numpy.uint8)
    return rows


def answers(
    logits_of: Callable[[numpy.ndarray], numpy.ndarray], size: int, labels: Sequence[str]
) -> list[dict[str, Any]]:
    """The manifest's entry; `logits_of` answers uint8 (N, size, size, 3) with (N, labels)."""
    recorded = []
    for number in range(PATTERNS):
        (row,) = logits_of(pattern(number, size)[None])
        recorded.append(
            {
                "input": {"pattern": number},
                "prediction": labels[int(row.argmax())],
                "scores": dict(zip(labels, map(float, row), strict=True)),
                # Each takes the function a prediction: the first is enough at a start.
                **({"at_load": True} if number == 0 else {}),
            }
        )
    return recorded
