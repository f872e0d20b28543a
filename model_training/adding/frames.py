"""What data frame a model wants: the manifest's entry, from the rows that it was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from serving.runtimes import TOLERANCE

from model_training.adding import asking
from model_training.adding.model_files import GivenModel
from model_training.command_line import DataError
from model_training.publishing import proof
from model_training.publishing.parity import Answers, ParityError, compare

if TYPE_CHECKING:
    from pandas import DataFrame, Series

TRIED = 200
"""Rows and records of each sort that are asked about."""
_NEARLY = 1e-5
"""Relative: what single precision costs a column of which requests hold doubles."""


def with_frame_if_wanted(
    model: GivenModel,
    rows: DataFrame,
    entries: dict[str, Any],
    known: Sequence[Any],
    generated: Sequence[Any],
) -> dict[str, Any]:
    """The manifest's `entries`, with one about the data frame where the model answers otherwise, or
    not at all, without: where a step chooses columns by name, or asks for their types.

    `rows` are the data, `known` the same as records, `generated` others. Raises `DataError` where
    the model says of the data something else than of its records.
    """
    spread = rows.head(TRIED)
    direct = Answers(asking.predicted(model, spread), [[] for _ in range(len(spread))])
    known, framed = known[:TRIED], with_frame(entries, rows)
    by_array, by_frame = (_of_data(model, tried, known) for tried in (entries, framed))
    array_is_right = _are_same(by_array, direct, _NEARLY)
    if by_frame is not None and _are_same(by_frame, direct, TOLERANCE):
        if not array_is_right or not _are_same(by_array, by_frame, _NEARLY):
            return framed
        tried = list(generated[:TRIED])
        asked, said = asking.answered(model, entries, tried)
        also_asked, also_said = asking.answered(model, framed, tried)
        if asked != also_asked or not _are_same(said, also_said, _NEARLY):
            return framed
    elif not array_is_right:
        raise DataError(
            "the model says something else of the data's rows than of the same values in a "
            "request; it may depend on a column's type (dates, or numbers kept as objects): fit it "
            "on numbers, text, categories of text and true or false"
        )
    return entries


def with_frame(entries: dict[str, Any], rows: DataFrame | None) -> dict[str, Any]:
    """The entries of a manifest for a model that is asked with frames like `rows`, or, without
    these, with bare numbers of which its steps make frames."""
    columns = [] if rows is None else [_column(str(name), rows[name]) for name in rows.columns]
    trained = {**entries["trained_with"], "pandas": version("pandas")}
    return {**entries, "frame": {"columns": columns}, "trained_with": trained}


def of_categories(rows: DataFrame) -> DataFrame:
    """The rows with each column of words as a category: what a file of lines cannot tell."""
    words = [name for name in rows.columns if rows[name].dtype.kind in "OUT"]
    return rows.astype(dict.fromkeys(words, "category"))


def _column(name: str, column: Series[Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "dtype": str(column.dtype)}
    if entry["dtype"] == "category":
        categories = column.cat.categories.tolist()
        entry |= {"categories": categories, "ordered": bool(column.cat.ordered)}
    if entry["dtype"] == "object" and any(value is None for value in column):
        entry["none"] = True
    return entry


def _of_data(
    model: GivenModel, entries: Mapping[str, Any], records: Sequence[Any]
) -> Answers | None:
    from serving.http.problems import Problem

    try:
        return proof.oracle(model.estimators, entries, records)
    # A step that wants a frame raises anything of an array.
    except (Exception, Problem):
        return None


def _are_same(said: Answers | None, expected: Answers, tolerance: float) -> bool:
    """Whether answers are equal, but for `tolerance`; where no numbers of classes are expected,
    none are compared."""
    if said is None or len(said.predicted) != len(expected.predicted):
        return False
    if not any(expected.numbers):
        said = Answers(said.predicted, expected.numbers)
    try:
        compare(expected.predicted, expected, said, "", "", tolerance=tolerance)
    except ParityError:
        return False
    return True
