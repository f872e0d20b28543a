"""Where the time goes between a function that does nothing and ours, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

Rounds = list[list[tuple[str, str, float, float]]]
"""Of each round, the steps: name, thread, milliseconds from the process's start to the step's
beginning and to its end."""


def milliseconds(marks: list[tuple[str, str, float, float]], spawned: float) -> Any:
    """One round's marks from the start of the process, `spawned` by the same clock."""
    return [
        (step, thread, (began - spawned) * 1e3, (ended - spawned) * 1e3)
        for step, thread, began, ended in marks
    ]


def summary(rounds: Rounds) -> list[dict[str, Any]]:
    """Each step's medians, in the order in which they begin; steps of one name in a round are
    summed up."""
    steps: dict[tuple[str, str], dict[str, list[float]]] = {}
    for marks in rounds:
        once: dict[tuple[str, str], list[float]] = {}
        for step, thread, began, ended in marks:
            first, last, took = once.get((step, thread), [began, ended, 0.0])
            once[step, thread] = [min(first, began), max(last, ended), took + ended - began]
        for key, values in once.items():
            lists = steps.setdefault(key, {"began": [], "ended": [], "took": []})
            for name, value in zip(lists, values, strict=True):
                lists[name].append(value)
    found = [
        {"step": step, "thread": thread, **{name: median(all_) for name, all_ in lists.items()}}
        for (step, thread), lists in steps.items()
    ]
    return sorted(found, key=lambda one: (one["began"], -one["ended"]))


HEAD = ("step", "thread", "began, ms", "ended, ms", "took, ms")


def rows(steps: list[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """One row of HEAD for each step."""
    return [
        (
            one["step"],
            one["thread"],
            *(f"{one[name]:.1f}" for name in ("began", "ended", "took")),
        )
        for one in steps
    ]
