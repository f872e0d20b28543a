"""Records as the data frame that a model was fitted on: its columns, in its types.

Imported only for a model of which a step wants a frame: whoever asks scikit-learn with arrays has
no pandas.
"""

from __future__ import annotations

import numpy
import pandas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from serving.runtimes.rows import Columns

_PLAIN = {"i": numpy.float64, "u": numpy.float64, "b": object}
"""What pandas makes of a column of such a type, by its kind, when a value is missing."""


class Frames:
    """Makes frames of records by the manifest's `frame`: of each column its `name` and `dtype`; of
    a category's its `categories` and whether they are `ordered`; and `none` where training had None
    for a missing value."""

    def __init__(self, manifest: Mapping[str, Any], columns: Columns) -> None:
        self._columns = columns
        self._entries: list[Mapping[str, Any]] = manifest["frame"]["columns"]
        self._bounds = [_bounds(str(entry["dtype"])) for entry in self._entries]

    def alike(self, records: Sequence[Any]) -> list[list[int]]:
        """The places of records that have the same columns of whole numbers and truths whole: a
        missing value changes its column's type, and no record's answer may hang on another's."""
        groups: dict[tuple[bool, ...], list[int]] = {}
        for place, record in enumerate(records):
            row = zip(self._columns.row(record), self._bounds, strict=True)
            key = tuple(_fits(value, bounds) for value, bounds in row if bounds is not None)
            groups.setdefault(key, []).append(place)
        return list(groups.values())

    def frame(self, records: Sequence[Any]) -> Any:
        """The frame of records that are alike. Raises `ValueError` or `TypeError` for a value that
        a column cannot hold."""
        rows = [self._columns.row(record) for record in records]
        series = [
            _series([row[at] for row in rows], entry, self._bounds[at])
            for at, entry in enumerate(self._entries)
        ]
        return pandas.concat(series, axis="columns")


def _bounds(dtype: str) -> tuple[float, float] | None:
    """The least and the largest value of a type that cannot hold a missing one."""
    try:
        plain = numpy.dtype(dtype)
    except TypeError:
        return None  # One of pandas' own, which all can.
    if plain.kind not in _PLAIN:
        return None
    if plain.kind == "b":
        return 0, 1
    limits = numpy.iinfo(plain)
    return limits.min, limits.max


def _fits(value: Any, bounds: tuple[float, float]) -> bool:
    return value is not None and bounds[0] <= value <= bounds[1] and value == int(value)


def _series(values: list[Any], entry: Mapping[str, Any], bounds: tuple[float, float] | None) -> Any:
    name, dtype = entry["name"], entry["dtype"]
    if dtype == "category":
        known, ordered = entry["categories"], entry["ordered"]
        # What training had not is a category too: the library says what it makes of it.
        unseen = [one for one in dict.fromkeys(values) if one is not None and one not in known]
        held: Any = pandas.Categorical(values, categories=[*known, *unseen], ordered=ordered)
        return pandas.Series(held, name=name)
    if bounds is not None:
        if not all(_fits(value, bounds) for value in values):
            dtype = _PLAIN[numpy.dtype(dtype).kind]
    elif dtype == "str" and int(pandas.__version__.partition(".")[0]) < 3:
        dtype = "object"
    if dtype in ("object", object) and not entry.get("none"):
        values = [numpy.nan if value is None else value for value in values]
    return pandas.Series(values, name=name, dtype=dtype)
