"""Rows of numbers no data set holds, which a classifier must answer as scikit-learn all the same.

Trees compare single precision with thresholds in double precision, so the rows that tell two
implementations apart lie on the thresholds and one rounding step to either side.
"""

import random
from collections.abc import Mapping, Sequence
from math import inf, nextafter
from typing import Any

import numpy as np

LARGEST = float(np.finfo(np.float32).max)
_ODD = (0.0, -0.0, 5e-324, -5e-324, 1e-45, 1e-38, -1.0, 1e10, -1e10, 1e30, LARGEST, -LARGEST)


def generated_rows(
    seed: int,
    rows: Sequence[Sequence[float]],
    thresholds: Mapping[int, Sequence[float]],
    count: int,
) -> list[list[float]]:
    """At least `count` rows, the same for the same arguments on every Python.

    `rows` are real ones; `thresholds` holds those of each feature. Every threshold occurs exactly,
    and with its neighbours in double and in single precision; the other features of such a row are
    a real row's, or near thresholds too. The rest is uniform over the range of the data and beyond,
    and odd: zeros of both signs, the smallest and the largest numbers.
    """
    # Not for secrets: the same seed must give the same proof.
    source = random.Random(seed)  # noqa: S311
    width = len(rows[0])
    near = {
        feature: [v for t in known for v in neighbours(t)] for feature, known in thresholds.items()
    }
    found = [
        list(map(float, row))
        for row in (_changed(source, rows, at, v) for at in near for v in near[at])
    ]
    low = [min(row[at] for row in rows) for at in range(width)]
    high = [max(row[at] for row in rows) for at in range(width)]
    found += [[value] * width for value in _ODD]
    while len(found) < count:
        kind = len(found) % 3
        if kind == 0 and near:
            found.append([source.choice(near.get(at) or [low[at]]) for at in range(width)])
        elif kind == 1:
            found.append(
                [
                    source.uniform(2 * low[at] - high[at], 2 * high[at] - low[at])
                    for at in range(width)
                ]
            )
        else:
            row = list(map(float, source.choice(rows)))
            row[source.randrange(width)] = source.choice(_ODD)
            found.append(row)
    return found


def neighbours(threshold: float) -> list[float]:
    """The threshold, one step beside it in double and single precision, and the ties between."""
    single = np.float32(threshold)
    below, above = np.nextafter(single, np.float32(-inf)), np.nextafter(single, np.float32(inf))
    ties = [(float(single) + float(beside)) / 2 for beside in (below, above)]
    exact = [threshold, float(single), float(below), float(above), *ties]
    stepped = [nextafter(value, way) for value in (threshold, *ties) for way in (-inf, inf)]
    return [value for value in dict.fromkeys([*exact, *stepped]) if abs(value) <= LARGEST]


def _changed(
    source: random.Random, rows: Sequence[Sequence[float]], at: int, value: float
) -> list[float]:
    row = list(source.choice(rows))
    row[at] = value
    return row


def thresholds_of(estimator: Any) -> dict[int, list[float]]:
    """The thresholds of a fitted tree or ensemble by feature, ascending; none for other models."""
    members = getattr(estimator, "estimators_", None)
    trees = [estimator] if members is None else list(np.ravel(np.asarray(members, dtype=object)))
    found: dict[int, set[float]] = {}
    for one in trees:
        tree = getattr(one, "tree_", None)
        if tree is None:
            continue
        for feature, threshold in zip(tree.feature, tree.threshold, strict=True):
            if feature >= 0:
                found.setdefault(int(feature), set()).add(float(threshold))
    return {feature: sorted(known) for feature, known in sorted(found.items())}
