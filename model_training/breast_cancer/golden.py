"""Golden rows: inputs whose exact answers travel with the model."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.breast_cancer.features import EXAMPLE, ranges
from model_training.publishing.rows_on_thresholds import neighbours, thresholds_of

_SPREAD = 15
_DOUBTFUL = 6


def golden_rows(estimator: Any, rows: NDArray[Any]) -> list[list[float]]:
    """Some seventy rows.

    Real ones of both labels, spread and doubtful; the ends of every range; and the example with
    each feature in turn on its middle threshold, and one rounding step beside it.
    """
    chosen = [list(EXAMPLE)]
    probability = estimator.predict_proba(rows)[:, 1]
    for label in (0, 1):
        own = np.flatnonzero((probability >= 0.5) == bool(label))
        picked = list(own[:: max(1, len(own) // _SPREAD)][:_SPREAD])
        picked += sorted(own, key=lambda index: (abs(probability[index] - 0.5), index))[:_DOUBTFUL]
        chosen += [rows[index].tolist() for index in picked]
    chosen += map(list, zip(*ranges(rows), strict=True))
    for feature, known in thresholds_of(estimator).items():
        for value in neighbours(known[len(known) // 2])[:5]:
            row = list(EXAMPLE)
            row[feature] = value
            chosen.append(row)
    return list(map(list, dict.fromkeys(map(tuple, chosen))))
