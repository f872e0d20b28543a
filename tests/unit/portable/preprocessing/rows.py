"""Rows to fit on and rows to ask about, where formulas change."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

Matrix = NDArray[np.float64]


def positive(rows: int = 60, columns: int = 4, seed: int = 0) -> Matrix:
    """Numbers from 0.1 to 3."""
    return np.random.default_rng(seed).uniform(0.1, 3.0, (rows, columns))


def signed(rows: int = 60, columns: int = 4, seed: int = 1) -> Matrix:
    """Numbers around 0, some of them equal, and a column that is constant."""
    values = np.random.default_rng(seed).normal(0, 3, (rows, columns))
    values[:, 1] = np.round(values[:, 1])
    values[:, 2] = 5.0
    return values


def holed(values: Matrix, seed: int = 2) -> Matrix:
    """The same with NaN for every fifth number or so."""
    values = values.copy()
    values[np.random.default_rng(seed).random(values.shape) < 0.2] = np.nan
    return values


def asked(values: Matrix) -> Matrix:
    """The numbers that were fitted on, their neighbours, and some far beyond them."""
    return np.vstack(
        [
            values,
            np.nextafter(values, np.inf),
            np.nextafter(values, -np.inf),
            values * 100.0,
            np.zeros((1, values.shape[1])),
            np.full((1, values.shape[1]), 1e300),
        ]
    )


def thin(seed: int = 3) -> sparse.csr_array:
    """A sparse matrix of which most numbers are 0, and a row without any."""
    values = np.random.default_rng(seed).uniform(0.5, 4.0, (30, 5)).round(1)
    values[np.random.default_rng(seed).random(values.shape) < 0.6] = 0.0
    values[7] = 0.0
    return sparse.csr_array(values)


def people() -> pd.DataFrame:
    """A frame of strings, whole numbers, fractions, truth values and categories, with gaps."""
    return pd.DataFrame(
        {
            "city": ["Rome", "Oslo", None, "Rome", "Bonn", "Rome", "Oslo", "Lima", None, "Rome"],
            "rooms": [1, 2, 3, 1, 2, 1, 1, 5, 2, 1],
            "score": [0.5, 1.5, np.nan, 0.5, 2.5, 0.5, 1.5, 0.5, np.nan, 9.5],
            "garden": [True, False, True, True, False, True, True, False, True, True],
            "kind": pd.Categorical(["a", "b", "a", None, "c", "a", "a", "b", "a", "a"]),
        }
    )
