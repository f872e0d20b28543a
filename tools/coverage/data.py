"""The small data that estimators are fitted on, by what each of them takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

ROWS = 60
COLUMNS = 5
NAMES = [f"column {at}" for at in range(COLUMNS)]

_RANDOM = np.random.default_rng(13)
NUMBERS: NDArray[np.float64] = np.round(_RANDOM.normal(size=(ROWS, COLUMNS)), 3)
POSITIVE: NDArray[np.float64] = np.round(np.abs(NUMBERS) + 0.1, 3)
CATEGORIES: NDArray[np.float64] = np.floor(POSITIVE * 2) % 3
WEIGHTS: NDArray[np.float64] = _RANDOM.random(ROWS) + 0.1
_SCORES = NUMBERS[:, 0] + NUMBERS[:, 1] ** 2 + _RANDOM.normal(size=ROWS) * 0.3
TWO = np.where(np.median(_SCORES) < _SCORES, "yes", "no")
THREE = np.digitize(_SCORES, np.quantile(_SCORES, [1 / 3, 2 / 3]))
TARGET = np.exp(_SCORES / 3)
TARGETS = np.column_stack([TARGET, TARGET[::-1]])
LABEL_SETS = np.column_stack([THREE > 0, THREE > 1]).astype(int)
TEXTS = [
    f"{'free prize money' if label == 'yes' else 'lunch with friends'} on day {at % 7}, {at} £"
    for at, label in enumerate(TWO)
]


def with_gaps(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows, with a tenth of the numbers missing."""
    gaps = rows.copy()
    gaps[np.random.default_rng(2).random(rows.shape) < 0.1] = np.nan
    return gaps


def beside(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows to ask about: some that were fitted, some between two of them (of numbers)."""
    if rows is CATEGORIES:
        return rows[:16]
    return np.vstack([rows[:8], (rows[8:16] + rows[16:24]) / 2])


def as_frame(rows: NDArray[np.float64]) -> Any:
    """The rows with names for their columns."""
    return pd.DataFrame(rows, columns=NAMES[: rows.shape[1]])


def as_sparse(rows: NDArray[np.float64]) -> Any:
    """The rows as a sparse matrix, of which about half is nothing."""
    return sparse.csr_matrix(np.where(np.abs(rows) > 0.6, rows, 0.0))


# Records as people have them: numbers with gaps, and categories.
RECORDS = pd.DataFrame(
    {
        "age": np.where(np.arange(ROWS) % 9 == 0, np.nan, 20 + np.arange(ROWS) % 40),
        "income": np.round(POSITIVE[:, 1] * 30_000),
        "job": np.array(["clerk", "nurse", "smith", "baker"])[np.arange(ROWS) * 7 % 4],
        "home": [
            None if at % 11 == 3 else "own" if label == "yes" else "rent"
            for at, label in enumerate(TWO)
        ],
        "note": TEXTS,
    }
)
NUMERIC = ["age", "income"]
CATEGORICAL = ["job", "home"]
