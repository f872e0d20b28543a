"""Rows of numbers no data set holds, which a classifier must answer as scikit-learn all the same.

Trees compare single precision with thresholds in double precision, so the rows that tell two
implementations apart lie on the thresholds and one rounding step to either side.
"""

import random
from collections.abc import Mapping, Sequence
from math import inf, nextafter
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

LARGEST = float(np.finfo(np.float32).max)
_TINY = (0.0, -0.0, 5e-324, -5e-324, 1e-45, 1e-38)
_HUGE = (1e10, -1e10, 1e30, LARGEST, -LARGEST)


def rows_for(
    estimator: Any, rows: Sequence[Sequence[float]], seed: int, count: int
) -> list[list[float]]:
    """At least `count` rows for a fitted estimator; the same for the same arguments anywhere.

    Only a bare tree or ensemble is asked about the largest numbers there are: scaled, they leave
    the range of single precision, and sums of such terms are not the same in any two orders.
    """
    known = thresholds_of(estimator)
    huge = bool(known) and not isinstance(estimator, Pipeline)
    return generated_rows(seed, rows, known, count, huge=huge)


def generated_rows(
    seed: int,
    rows: Sequence[Sequence[float]],
    thresholds: Mapping[int, Sequence[float]],
    count: int,
    *,
    huge: bool = True,
) -> list[list[float]]:
    """As `rows_for`. `rows` are real ones; `thresholds` holds those of each feature.

    Every threshold occurs exactly, and with its neighbours in double and in single precision; the
    other features of such a row are a real row's, or near thresholds too. The rest is uniform over
    the range of the data and beyond, or odd: zeros of both signs, the smallest and, if `huge`, the
    largest numbers.
    """
    # Not for secrets: the same seed must give the same proof.
    source = random.Random(seed)  # noqa: S311
    width = len(rows[0])
    odd = (*_TINY, -1.0, *_HUGE) if huge else (*_TINY, -1.0)
    near = {at: [v for t in known for v in neighbours(t)] for at, known in thresholds.items()}
    found = [_changed(source, rows, at, value) for at in near for value in near[at]]
    low = [min(row[at] for row in rows) for at in range(width)]
    high = [max(row[at] for row in rows) for at in range(width)]
    found += [[value] * width for value in odd]
    while len(found) < count:
        kind = len(found) % 3
        if kind == 0 and near:
            found.append([source.choice(near.get(at) or [low[at]]) for at in range(width)])
        elif kind == 1:
            spans = [(2 * low[at] - high[at], 2 * high[at] - low[at]) for at in range(width)]
            found.append([source.uniform(*span) for span in spans])
        else:
            found.append(_changed(source, rows, source.randrange(width), source.choice(odd)))
    return found


def neighbours(threshold: float) -> list[float]:
    """The threshold, one step beside it in double and single precision, and the ties between."""
    single = np.float32(threshold)
    with np.errstate(over="ignore"):
        below, above = np.nextafter(single, np.float32(-inf)), np.nextafter(single, np.float32(inf))
    ties = [(float(single) + float(beside)) / 2 for beside in (below, above)]
    exact = [threshold, float(single), float(below), float(above), *ties]
    stepped = [nextafter(value, way) for value in (threshold, *ties) for way in (-inf, inf)]
    return [value for value in dict.fromkeys([*exact, *stepped]) if abs(value) <= LARGEST]


def _changed(
    source: random.Random, rows: Sequence[Sequence[float]], at: int, value: float
) -> list[float]:
    row = list(map(float, source.choice(rows)))
    row[at] = value
    return row


def thresholds_of(estimator: Any) -> dict[int, list[float]]:
    """The thresholds of a fitted tree or ensemble by feature, ascending; none for other models.

    Behind scalers they are turned back into what is asked, as well as rounding lets them.
    """
    if isinstance(estimator, Pipeline):
        return _unscaled(estimator, thresholds_of(estimator[-1]))
    members = getattr(estimator, "estimators_", None)
    trees = [estimator] if members is None else list(np.ravel(np.asarray(members, dtype=object)))
    found: dict[int, set[float]] = {}
    for one in trees:
        tree = getattr(one, "tree_", None)
        if tree is None:
            continue
        for feature, threshold in zip(tree.feature, tree.threshold, strict=True):
            if feature >= 0 and np.isfinite(threshold):
                found.setdefault(int(feature), set()).add(float(threshold))
    return {feature: sorted(known) for feature, known in sorted(found.items())}


def _unscaled(pipeline: Any, thresholds: dict[int, list[float]]) -> dict[int, list[float]]:
    found = {}
    for feature, known in thresholds.items():
        rows = np.zeros((len(known), pipeline[-1].n_features_in_))
        rows[:, feature] = known
        for step in reversed(pipeline[:-1]):
            rows = rows if step == "passthrough" else step.inverse_transform(rows)
        found[feature] = rows[:, feature].tolist()
    return found
