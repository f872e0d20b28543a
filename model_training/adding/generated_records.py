"""Records no table holds: what a model must answer as its library does all the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from math import inf, nextafter
from typing import Any

Record = dict[str, Any]
Field = Mapping[str, Any]

_UNSEEN = "a level that training has not seen"


def generated_records(
    fields: Sequence[Field], known: Sequence[Record], seed: int, count: int
) -> list[Record]:
    """`count` records, the same for the same arguments on every Python.

    Each is one of `known` with about half of its values changed: for another record's, for one
    between two neighbours or beside one, for the ends of the range and what lies outside where that
    is answered, for nothing where the model takes a missing value, for a level never seen.
    """
    # Not for secrets: the same seed must give the same proof.
    source = random.Random(seed)  # noqa: S311
    choices = {field["name"]: _choices(field, known, source) for field in fields}
    records = []
    for _ in range(count):
        record = dict(source.choice(known))
        for name, choose in choices.items():
            if source.random() < 0.5:
                record[name] = choose()
        records.append(record)
    return records


def _choices(
    field: Field, known: Sequence[Record], source: random.Random
) -> Callable[[], float | str | bool | None]:
    name = field["name"]
    values = [record[name] for record in known if record.get(name) is not None]
    ways: list[Callable[[], Any]] = [lambda: source.choice(values)]
    if field["nullable"]:
        ways.append(lambda: None)
    if field["type"] in ("number", "integer"):
        ordered = sorted(set(map(float, values)))
        whole = field["type"] == "integer"
        ways += [lambda: _between(ordered, source, whole=whole)] * 3
        if not whole:
            ways.append(lambda: nextafter(source.choice(ordered), source.choice((-inf, inf))))
        low, high = field["minimum"], field["maximum"]
        ways.append(lambda: source.choice((low, high)))
        if field.get("outside") == "answer":
            width = max(1.0, high - low)
            ends = (low - 1, high + 1, low - 10 * width, high + 10 * width)
            ways.append(lambda: float(round(source.choice(ends))) if whole else source.choice(ends))
        return lambda: _clipped(field, source.choice(ways)())
    if field["type"] == "category" and field.get("unseen", True):
        ways.append(lambda: _UNSEEN)
    if field["type"] == "text":
        words = [word for value in values[:200] for word in str(value).split()] or ["word"]
        ways.append(lambda: " ".join(source.choices(words, k=source.randint(0, 12))))
    return lambda: source.choice(ways)()


def _between(ordered: Sequence[float], source: random.Random, *, whole: bool) -> float:
    at = source.randrange(len(ordered))
    low, high = ordered[at], ordered[min(at + 1, len(ordered) - 1)]
    middle = low + (high - low) * source.choice((0.5, source.random()))
    return float(round(middle)) if whole else middle


def _clipped(field: Field, value: float | None) -> float | None:
    if value is None or field.get("outside") == "answer":
        return value
    return float(min(max(value, field["minimum"]), field["maximum"]))
