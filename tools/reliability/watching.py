"""What the alarms on answers see, and after how long: months of answers, drawn at random.

The alarms' own expressions are computed, in windows of five minutes, and the day's stability index
of `make drift`. A model's reference is a sample, too, so each month has one of its own.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np

from stacks.config.published_model import Reference
from stacks.constructs.log_metrics import confidence_far_from, shares_far_from
from tools.release.drift import SHIFTED, Day, stability_index

DAYS, WINDOW, WINDOWS_OF_DAY = 30, 5, 24 * 12
"""Of a month; minutes; and how many of them."""
PERIODS = 3
"""Windows in a row that an alarm waits for."""
SHARE = 0.132
"""Of the second of two classes: spam's among the messages."""
CONFIDENCE, DEVIATION = 0.48, 0.1355
"""Of the loan grades: a beta distribution with this mean and standard deviation."""
ROWS = 2000
"""Of the reference."""

Rng = np.random.Generator
Verdict = Callable[..., int]
Change = Callable[[float], float]
"""What is true on a day, which is counted from 0 on."""
Find = Callable[[Rng, Change, int], int | None]
"""After how many minutes so many answers show it."""


def verdict(expression: str, names: Iterable[str]) -> Verdict:
    """A function of an expression of CloudWatch's, of those that our alarms are made of."""
    text = expression.replace("^", "**").replace(" AND ", " and ").replace(" OR ", " or ")
    functions = {"IF": lambda what, yes, no: yes if what else no, "FILL": lambda value, _: value}
    found: Verdict = eval(f"lambda {', '.join(names)}: {text}", functions)  # noqa: S307 - ours
    return found


def share_windows(rng: Rng, share: Change, answers: int) -> Iterator[int]:
    """Whether each window's shares are far, without end; `share` is of the day it is."""
    counted = rng.binomial(ROWS, SHARE) / ROWS
    reference = Reference(rows=ROWS, shares={"class_0": 1 - counted, "class_1": counted})
    far = verdict(shares_far_from(reference, {"service": "s"}).expression, ("n", "c0", "c1"))
    window = 0
    while True:
        seen = int(rng.binomial(answers, share(window / WINDOWS_OF_DAY)))
        yield far(answers, answers - seen, seen)
        window += 1


def confidence_windows(rng: Rng, mean: Change, requests: int) -> Iterator[int]:
    """Whether each window's confidence is far, without end; `mean` is of the day it is."""
    sample = _beta(rng, CONFIDENCE, ROWS)
    measured = (float(sample.mean()), float(sample.std()))
    reference = Reference(rows=ROWS, shares={}, confidence=measured)
    expression = confidence_far_from(reference, {"service": "s"})
    if expression is None:
        raise ValueError("a sample that never varies")
    far = verdict(expression.expression, ("n", "confidence"))
    window = 0
    while True:
        answered = _beta(rng, mean(window / WINDOWS_OF_DAY), requests)
        yield far(requests, float(answered.mean()))
        window += 1


def _beta(rng: Rng, mean: float, count: int) -> Any:
    both = CONFIDENCE * (1 - CONFIDENCE) / DEVIATION**2 - 1
    return rng.beta(mean * both, (1 - mean) * both, count)


def _alarm_on_shares(rng: Rng, share: Change, answers: int) -> int | None:
    return _alarm(share_windows(rng, share, answers))


def _alarm_on_confidence(rng: Rng, mean: Change, requests: int) -> int | None:
    return _alarm(confidence_windows(rng, mean, requests))


def _alarm(windows: Iterator[int]) -> int | None:
    """After how many minutes an alarm goes off; None if not in a month."""
    row = 0
    for number in range(1, DAYS * WINDOWS_OF_DAY + 1):
        row = row + 1 if next(windows) else 0
        if row == PERIODS:
            return number * WINDOW
    return None


def _index(rng: Rng, share: Change, answers: int) -> int | None:
    """After how many minutes a day ends whose stability index has shifted; None if none of a
    month's has."""
    counted = rng.binomial(ROWS, SHARE) / ROWS
    expected = {"class_0": 1 - counted, "class_1": counted}
    for day in range(DAYS):
        seen = int(rng.binomial(answers, share(day)))
        counts = {"class_0": answers - seen, "class_1": seen}
        if stability_index(expected, Day("", answers, counts)) >= SHIFTED:
            return (day + 1) * WINDOWS_OF_DAY * WINDOW
    return None


QUIET = "none"
_JUMP: dict[str, Change] = {"13 % to 30 % at once": lambda _: 0.30}
_SHARES: dict[str, Change] = {
    QUIET: lambda _: SHARE,
    **_JUMP,
    "13 % to 20 % at once": lambda _: 0.20,
    "a point a day": lambda day: SHARE + day / 100,
}
_MEANS: dict[str, Change] = {
    QUIET: lambda _: CONFIDENCE,
    "0.48 to 0.40 at once": lambda _: 0.40,
    "0.48 to 0.45 at once": lambda _: 0.45,
}
_WATCHED: tuple[tuple[str, Find, str, tuple[int, ...], dict[str, Change]], ...] = (
    ("alarm on shares", _alarm_on_shares, "5 minutes", (20, 100, 1_000, 10_000), _SHARES),
    ("alarm on confidence", _alarm_on_confidence, "5 minutes", (20, 100, 1_000), _MEANS),
    ("stability index", _index, "a day", (1_000, 10_000), _SHARES),
)


def run(months: int, seed: int) -> dict[str, Any]:
    """The figures of so many months of each kind; times are minutes."""
    rng = np.random.default_rng(seed)
    rows = []
    for what, find, unit, counts, changes in _WATCHED:
        for count, (change, value) in product(counts, changes.items()):
            found = [find(rng, value, count) for _ in range(months)]
            seen = [minutes for minutes in found if minutes is not None]
            rows.append(
                {
                    "what": what,
                    "answers": f"{count:,} in {unit}",
                    "change": change,
                    "months": months,
                    "seen": len(seen),
                    "median": statistics.median(seen) if seen else None,
                    "longest": max(seen, default=None),
                }
            )
    return {"rows": rows}


def complaints(outcome: dict[str, Any]) -> list[str]:
    """One line for each kind of quiet month in which something was seen."""
    return [
        f"{row['what']}, {row['answers']}: {row['seen']} of {row['months']} quiet months were not"
        for row in outcome["rows"]
        if row["change"] == QUIET and row["seen"]
    ]
