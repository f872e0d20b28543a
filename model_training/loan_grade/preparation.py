"""Fits a network's columns on the training part; what is fitted is data, not code.

The columns are read and applied by `portable.keras.columns`, in training as in serving.
"""

from collections import Counter
from collections.abc import Sequence
from math import expm1, log1p
from statistics import fmean, median, pstdev
from typing import Any

from portable.keras.columns import Columns
from portable.keras.reading import Piece

from model_training.loan_grade.fields import FIELDS

Record = dict[str, Any]

RATIOS = (
    # (numerator, the first of these that is given, and at least this)
    ("total_credit_utilized", ("total_credit_limit",), 1.0),
    ("loan_amount", ("annual_income_joint", "annual_income"), 1000.0),
    ("total_credit_utilized", ("annual_income_joint", "annual_income"), 1000.0),
    ("total_debit_limit", ("annual_income_joint", "annual_income"), 1000.0),
    ("loan_amount", ("total_debit_limit",), 500.0),
    ("open_credit_lines", ("total_credit_lines",), 1.0),
    ("num_cc_carrying_balance", ("num_open_cc_accounts",), 1.0),
)
RARE = 20
"""A level seen less often than this is one of the other levels."""
SKEWED = 1.0
_TAIL = 0.001
_WIDEST = 6.0


def fit(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The columns' definition: medians, ranges, means, scales and levels of these records.

    A skewed number that is never negative is taken as log(1 + x). Values beyond the 0.1 % and
    99.9 % quantiles, or six deviations, count as that. A number that may be missing is replaced
    by the median, and a column of its own says so.
    """
    columns: list[dict[str, Any]] = []
    for field in FIELDS:
        if field.category:
            continue
        values = [record[field.name] for record in records]
        known = [float(value) for value in values if value is not None]
        if known:
            columns.append({"kind": "number", "field": field.name, **_scaling(known)})
        if len(known) < len(values):
            columns.append({"kind": "missing", "field": field.name})
    for numerator, others, floor in RATIOS:
        ratio = {"kind": "ratio", "field": numerator, "by": list(others), "floor": floor}
        columns.append({**ratio, **_scaling(_ratios(records, numerator, others, floor))})
    columns += [_levels(field.name, records) for field in FIELDS if field.category]
    return columns


def read(columns: list[dict[str, Any]]) -> Columns:
    """The definition as serving reads it."""
    parts = [Piece(column, f"columns[{index}]") for index, column in enumerate(columns)]
    return Columns(parts, [field.name for field in FIELDS])


def _ratios(
    records: Sequence[Record], numerator: str, others: Sequence[str], floor: float
) -> list[float]:
    ratios = []
    for record in records:
        divisor = next((record[name] for name in others if record[name] is not None), None)
        if record[numerator] is not None and divisor is not None:
            ratios.append(record[numerator] / max(divisor, floor))
    return ratios


def _scaling(values: list[float]) -> dict[str, Any]:
    """Of one column: its median, the range it is held in, whether by logarithm, mean and scale."""
    ordered = sorted(values)
    last = len(ordered) - 1
    low, high = ordered[round(_TAIL * last)], ordered[round((1 - _TAIL) * last)]
    skewed = ordered[0] >= 0 and _skewness(values) > SKEWED
    there, back = (log1p, expm1) if skewed else (float, float)
    taken = [there(min(max(value, low), high)) for value in values]
    mean, spread = fmean(taken), pstdev(taken) or 1.0
    return {
        "typical": float(median(values)),
        # Rare counts deviate by tens of deviations: one such loan must not outweigh the others.
        "low": max(low, back(mean - _WIDEST * spread)),
        "high": min(high, back(mean + _WIDEST * spread)),
        "log": skewed,
        "mean": mean,
        "scale": spread,
    }


def _skewness(values: list[float]) -> float:
    mean, spread = fmean(values), pstdev(values)
    return fmean([(value - mean) ** 3 for value in values]) / spread**3 if spread else 0.0


def _levels(name: str, records: Sequence[Record]) -> dict[str, Any]:
    counts = Counter(record[name] for record in records)
    levels = sorted(level for level in counts if level is not None and counts[level] >= RARE)
    return {"kind": "levels", "field": name, "levels": levels, "missing": None in counts}
