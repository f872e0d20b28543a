"""The fields of a service, from the rows that its model was trained on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from model_training.command_line import DataError

if TYPE_CHECKING:
    from pandas import DataFrame, Series

MOST_LEVELS = 200
"""A category of more has no list of levels that a person can choose from."""
_LONGEST_LEVEL = 64
_TRIED = 20

Predict = Callable[[Any], Any]


def of_model(
    table: DataFrame, columns: Sequence[str], target: str | None, count: int | None
) -> DataFrame:
    """The columns of a table that the model takes, in its order.

    `columns` are the names it was fitted with, if any; otherwise it takes the table's own in their
    order, apart from `target`, and `count` says how many. Raises `DataError` where they differ.
    """
    there = [name for name in table.columns if name != target]
    if target is not None and target not in table.columns:
        raise DataError(f"the data has no column {target!r}; it has {_listed(table.columns)}")
    if columns:
        # The names of a file's columns have no blanks around them; those of a frame may.
        table = table.rename(columns={name.strip(): name for name in columns})
        missing = [name for name in columns if name not in table.columns]
        if missing:
            raise DataError(
                f"the model was fitted with the column {missing[0]!r} and the data has "
                f"{_listed(there)}; give the data as the model takes it"
            )
        return table[list(columns)]
    if count is not None and count != len(there):
        more = ""
        if len(there) == count + 1 and target is None:
            more = "; if one of them is what it predicts, name it: TARGET="
        raise DataError(
            f"the model takes {count} columns and the data has {len(there)} "
            f"({_listed(there)}){more or '; give the columns it was fitted with, in their order'}"
        )
    return table[there]


def described(rows: DataFrame, predict: Predict) -> list[dict[str, Any]]:
    """The manifest's entries of the fields: type, range or levels, a typical value, and whether the
    model takes the field as missing, which is tried."""
    return [_described(rows, name, predict) for name in rows.columns]


def check_types(rows: DataFrame) -> None:
    """Raise `DataError` for a column of other values than a field may have."""
    for name in rows.columns:
        known = rows[name].dropna()
        if len(known):
            _typed(name, known)


def _described(rows: DataFrame, name: str, predict: Predict) -> dict[str, Any]:
    column = rows[name]
    known = column.dropna()
    if not len(known):
        raise DataError(f"the column {name!r} of the data is empty; give rows with values in it")
    takes_missing = _takes_missing(rows, name, predict)
    if len(known) < len(column) and not takes_missing:
        raise DataError(
            f"the column {name!r} of the data lacks {len(column) - len(known)} values and the "
            "model does not take a missing one there; give the data as the model takes it"
        )
    entry: dict[str, Any] = {
        "name": name.strip(),
        "column": name,
        "required": not takes_missing,
        "nullable": takes_missing,
    }
    entry |= _typed(name, known)
    if entry["type"] == "category" and not _takes_unseen(rows, name, predict):
        entry["unseen"] = False
    return entry


def _takes_unseen(rows: DataFrame, name: str, predict: Predict) -> bool:
    """Whether the model answers a category of pandas that training has not seen; a word that is
    none is like any other."""
    column = rows[name].head(_TRIED)
    if column.dtype != "category":
        return True
    # The last of all, as bytes are ordered: XGBoost 3 takes what sorts before a known one for it.
    unseen = "~~~~"
    tried = column.cat.add_categories([unseen]).where([False] * len(column), unseen)
    try:
        predict(rows.head(_TRIED).assign(**{name: tried}))
    # Whatever an estimator raises of rows it does not take.
    except Exception:
        return False
    return True


def _typed(name: str, known: Series[Any]) -> dict[str, Any]:
    kind = known.dtype.kind
    values = known.tolist()
    if kind == "b" or {type(value) for value in values} == {bool}:
        return {"type": "boolean", "typical": sum(values) * 2 >= len(values)}
    if kind in "iuf":
        numbers = [float(value) for value in values]
        if not all(map(math.isfinite, numbers)):
            raise DataError(f"the column {name!r} of the data holds an infinite value; replace it")
        whole = kind in "iu" or all(number.is_integer() for number in numbers)
        # One that was seen: the mean of the two in the middle has more digits than any of them.
        typical = float(known.quantile(0.5, interpolation="lower"))
        return {
            "type": "integer" if whole else "number",
            "minimum": min(numbers),
            "maximum": max(numbers),
            "typical": typical,
        }
    if not all(isinstance(value, str) for value in values):
        odd = next(value for value in values if not isinstance(value, str))
        raise DataError(
            f"the column {name!r} of the data holds {str(odd)[:40]!r} of type "
            f"{type(odd).__name__}; expected numbers, true or false, or text"
            + ("" if kind != "M" else " (make numbers of a date: its year, its weekday)")
        )
    counts = known.value_counts()
    if len(counts) <= MOST_LEVELS and max(map(len, counts.index)) <= _LONGEST_LEVEL:
        levels = sorted(map(str, counts.index))
        return {"type": "category", "levels": levels, "typical": str(counts.index[0])}
    return {"type": "text", "typical": str(counts.index[0])}


def _takes_missing(rows: DataFrame, name: str, predict: Predict) -> bool:
    """Whether the model answers rows without a value in a column."""
    tried = rows.head(_TRIED).copy()
    # As pandas holds a missing value in a column of this type.
    tried[name] = tried[name].where([False] * len(tried))
    try:
        answers = predict(tried)
    # Whatever an estimator raises of rows it does not take.
    except Exception:
        return False
    return all(answer == answer for answer in answers)


def _listed(names: Any) -> str:
    shown = ", ".join(map(str, list(names)[:8]))
    return f"{shown}, … ({len(names)} in all)" if len(names) > 8 else shown
