"""How the CPU time of a function of text grows with the text's size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time

from tools.reliability.pumps.shapes import Shape

SMALL, LARGE = 4 * 1024, 64 * 1024
"""Bytes of UTF-8; the larger is the largest body that a service of texts takes."""

MOST_GROWTH = 48
"""Sixteen times the text takes sixteen times the work, three times that where the larger one no
longer fits the processor's caches; a quadratic pattern takes 256 times as much."""

LEAST_SECONDS = 0.0001
"""CPU time of the smaller text below which a clock tells nothing."""
_TRIES = 7
_LONG_ENOUGH = 1.0
"""Seconds of CPU after which nobody asks again: noise does not last so long."""


@dataclass(frozen=True)
class Growth:
    """Seconds of CPU for a text of `SMALL` and one of `LARGE` bytes."""

    small: float
    large: float

    @property
    def is_linear(self) -> bool:
        """Whether it is at most linear, as far as two sizes can tell."""
        return self.large <= MOST_GROWTH * max(self.small, LEAST_SECONDS)

    def __str__(self) -> str:
        return f"{self.small * 1e3:.2f} ms for {SMALL} bytes, {self.large * 1e3:.2f} for {LARGE}"


def seconds(work: Callable[[str], object], text: str) -> float:
    """Seconds of this thread's CPU that `work` takes for `text`."""
    started = thread_time()
    work(text)
    return thread_time() - started


def growth(work: Callable[[str], object], shape: Shape) -> Growth:
    """How `work` grows on a shape, measured again and again as long as it seems to be too much.

    The least time of each size counts: other processes only ever add to it.
    """
    small_text, large_text = shape.text(SMALL), shape.text(LARGE)
    largest = Growth(0.0, seconds(work, large_text))
    if largest.is_linear:
        return largest
    largest = Growth(seconds(work, small_text), largest.large)
    for _ in range(_TRIES):
        if largest.is_linear or largest.large > _LONG_ENOUGH:
            break
        # The slower small text would hide what the slower large text shows.
        largest = Growth(
            min(largest.small, seconds(work, small_text)),
            min(largest.large, seconds(work, large_text)),
        )
    return largest
