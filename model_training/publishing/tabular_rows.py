"""The rows that a model of numbers is published with: any table of numbers, as one matrix."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.publishing.kinds.fields import LARGEST
from model_training.publishing.manifests import ArtifactError

Matrix = NDArray[np.float64]

_SLACK = 0.5


def matrix(rows: Any, names: Sequence[str], what: str = "rows") -> Matrix:
    """The rows in double precision: a data frame's, an array's, a sparse matrix's or a list's.

    `names` are the features, in the order of the columns; `what` is what the rows are called in a
    sentence. Raises `ArtifactError` for what is no table of finite numbers with these columns.
    """
    columns = list(getattr(rows, "columns", names))
    if all(isinstance(column, str) for column in columns) and columns != list(names):
        raise ArtifactError(
            f"The columns of the {what} are {_listed(columns)} and features names "
            f"{_listed(names)}; name the columns as they are, in their order"
        )
    try:
        table = np.asarray(rows.toarray() if hasattr(rows, "toarray") else rows)
    # Lists of different lengths, or a table that numpy cannot read.
    except (ValueError, TypeError):
        table = np.array(None)
    if table.ndim != 2:
        shape = f"an array of shape {table.shape}" if table.ndim else f"a {type(rows).__name__}"
        texts = "; a model of texts is published by: python -m model_training.spam_or_ham adopt"
        raise ArtifactError(
            f"The {what} are {shape}; expected a table of numbers: one row after the other, each "
            f"with {len(names)} ({_listed(names)}){texts if table.dtype.kind == 'U' else ''}"
        )
    if table.shape[1] != len(names):
        raise ArtifactError(
            f"The {what} have {table.shape[1]} columns and features names {len(names)} "
            f"({_listed(names)}); name each column, in order"
        )
    if not len(table):
        raise ArtifactError(f"There are no {what}; give those that the estimator was fitted on")
    return _numbers(table, names, what)


def _numbers(table: NDArray[Any], names: Sequence[str], what: str) -> Matrix:
    if table.dtype.kind in "biuf":
        numbers = table.astype(np.float64)
    elif table.dtype.kind == "O":
        numbers = np.array([[_number(cell) for cell in row] for row in table])
    else:
        numbers = np.full(table.shape, np.nan)
    # NaN compares false with everything.
    odd = np.argwhere(~(np.abs(numbers) <= LARGEST))
    if len(odd):
        row, column = odd[0]
        raise ArtifactError(
            f"Row {row} of the {what} (counted from 0) holds {str(table[row, column])[:40]!r} as "
            f"{names[column]!r}; a service answers finite numbers up to {LARGEST:g}: make it one, "
            "or leave the row out"
        )
    return numbers


def _number(cell: Any) -> float:
    """NaN for what is no number: text that looks like one is none to a caller either."""
    try:
        return np.nan if isinstance(cell, str | bytes) else float(cell)
    except (TypeError, ValueError, OverflowError):
        return np.nan


def _listed(names: Sequence[object]) -> str:
    shown = ", ".join(map(str, names[:8]))
    return f"{shown}, … ({len(names)} in all)" if len(names) > 8 else shown


def ranges(rows: Matrix) -> list[tuple[float, float]]:
    """What was seen of each feature, and half its width more.

    Below zero only where a value below zero was seen.
    """
    bounds = []
    for column in rows.T:
        low, high = float(np.min(column)), float(np.max(column))
        slack = _SLACK * (high - low)
        lowest = low - slack if low < 0 else max(0.0, low - slack)
        # Far from zero, four digits may be fewer than what tells the rows apart.
        bounds.append(
            (
                min(low, max(-LARGEST, _short(lowest))),
                max(high, min(LARGEST, _short(high + slack))),
            )
        )
    return bounds


def _short(limit: float) -> float:
    return float(f"{limit:.4g}")


def spread(rows: Matrix, count: int) -> Matrix:
    """At least `count` rows spread over the data; of few rows also others of the same values."""
    chosen = rows[:: max(1, len(rows) // count)]
    # Not for secrets: a fixed seed makes the manifest reproducible.
    source = random.Random(0)  # noqa: S311
    columns = rows.T.tolist()
    mixed = [list(map(source.choice, columns)) for _ in range(count - len(chosen))]
    return np.array([*chosen.tolist(), *mixed])
