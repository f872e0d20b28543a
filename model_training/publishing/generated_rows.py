"""Rows of numbers no data set holds, which a classifier must answer as scikit-learn all the same.

Trees compare single precision with thresholds in double precision, so the rows that tell two
implementations apart lie on the thresholds and one rounding step to either side.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.pipeline import Pipeline

from model_training.publishing.rows_on_thresholds import LARGEST, values_near_thresholds

_TINY = (0.0, -0.0, 5e-324, -5e-324, 1e-45, 1e-38)
_HUGE = (1e10, -1e10, 1e30, LARGEST, -LARGEST)


def rows_for(
    estimator: Any, rows: Sequence[Sequence[float]], seed: int, count: int
) -> list[list[float]]:
    """At least `count` rows for a fitted estimator; the same for the same arguments anywhere.

    Only a bare tree or ensemble is asked about the largest numbers there are: scaled, they leave
    the range of single precision, and sums of such terms are not the same in any two orders.
    """
    near = values_near_thresholds(estimator)
    huge = bool(near) and not isinstance(estimator, Pipeline)
    return generated_rows(seed, rows, near, count, huge=huge)


def generated_rows(
    seed: int,
    rows: Sequence[Sequence[float]],
    near: Mapping[int, Sequence[float]],
    count: int,
    *,
    huge: bool = True,
) -> list[list[float]]:
    """As `rows_for`. `rows` are real ones; `near` holds values of each feature that must occur.

    Each of these occurs in a row whose other features are a real row's, and again in rows all of
    them. The rest is uniform over the range of the data and beyond, or odd: zeros of both signs,
    the smallest and, if `huge`, the largest numbers.
    """
    # Not for secrets: the same seed must give the same proof.
    source = random.Random(seed)  # noqa: S311
    width = len(rows[0])
    odd = (*_TINY, -1.0, *_HUGE) if huge else (*_TINY, -1.0)
    changed = [
        _changed(source, rows, feature, value) for feature in near for value in near[feature]
    ]
    low = [min(row[feature] for row in rows) for feature in range(width)]
    high = [max(row[feature] for row in rows) for feature in range(width)]
    changed += [[value] * width for value in odd]
    while len(changed) < count:
        kind = len(changed) % 3
        if kind == 0 and near:
            changed.append(
                [source.choice(near.get(feature) or [low[feature]]) for feature in range(width)]
            )
        elif kind == 1:
            spans = [
                (2 * low[feature] - high[feature], 2 * high[feature] - low[feature])
                for feature in range(width)
            ]
            changed.append([source.uniform(*span) for span in spans])
        else:
            changed.append(_changed(source, rows, source.randrange(width), source.choice(odd)))
    return changed


def _changed(
    source: random.Random, rows: Sequence[Sequence[float]], feature: int, value: float
) -> list[float]:
    row = list(map(float, source.choice(rows)))
    row[feature] = value
    return row
