"""Frames with columns of categories, and labels that hang on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def coloured(
    rows: int = 300, *, green: str = "green", grades: Sequence[int | str] = range(40)
) -> tuple[pd.DataFrame, pd.Series]:
    """A few categories, some of them missing, a number, and many categories: those of `grades`."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "colour": pd.Categorical(rng.choice(["red", green, "blue", None], rows)),
            "size": rng.normal(size=rows).round(1),
            "grade": pd.Categorical(rng.choice(grades, rows)),
        }
    )
    odd = frame["grade"].cat.codes % 5 > 2
    return frame, (frame["colour"] == "red") ^ odd ^ (frame["size"] > 1)


def graded() -> tuple[pd.DataFrame, pd.Series]:
    """Categories that are not the first of the columns, and labels 0 and 1."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "size": rng.normal(size=400),
            "colour": pd.Categorical(rng.choice(["red", "green", "blue", None], 400)),
            "weight": rng.normal(size=400),
            "grade": pd.Categorical(rng.integers(0, 30, 400)),
        }
    )
    return frame, (frame["grade"].cat.codes + (frame["colour"] == "red") + frame["size"] > 15) * 1
