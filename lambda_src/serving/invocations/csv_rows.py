"""CSV: with a header, as MLflow's server reads it, or without, as SageMaker's containers do."""

from __future__ import annotations

import csv

from serving.http.problems import Problem, ProblemType
from serving.http.strict_json import Members
from serving.invocations.frames import cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from serving.http.request import Request

INVALID_CSV = ProblemType("invalid-csv", 400, "The body is not valid CSV")

TEXT_COLUMN = "text"
"""What the header of texts says: their model knows no name of its own."""

# What pandas reads as a missing value, and so does MLflow's server.
_MISSING = frozenset((
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
))  # fmt: skip


def read_rows(text: str) -> list[list[str]]:
    """The rows that are not blank, each with its cells. Raises `Problem` invalid-csv."""
    try:
        # `splitlines` would also split at what is no end of a line of CSV.
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return [row for row in csv.reader([f"{line}\n" for line in lines], strict=True) if row]
    except csv.Error:
        raise Problem(
            INVALID_CSV,
            "The body is no CSV: a cell is too long, or its quotes do not end or end too early. "
            "Send CSV as RFC 4180 defines it.",
        ) from None


def without_header(
    rows: list[list[str]], names: Collection[str], request: Request
) -> tuple[list[str] | None, list[list[str]]]:
    """The header, if there is one, and the other rows.

    The first row is one where at least half of its cells are among `names`, unless the content
    type says `header=present` or `header=absent`, as RFC 4180 has it and hardly anybody does.
    """
    declared = (request.header("content-type") or "").lower().replace(" ", "")
    is_header = 2 * sum(cell in names for cell in rows[0]) >= len(rows[0])
    if "header=present" in declared or (is_header and "header=absent" not in declared):
        return rows[0], rows[1:]
    return None, rows


def records(
    rows: list[list[str]],
    fields: Mapping[str, Mapping[str, Any]],
    ignored: Collection[str],
    request: Request,
) -> list[Members]:
    """Rows as records of typed values; without a header, of the fields in their order.

    Raises `Problem` unexpected-json for a row of another length than the header or the fields.
    """
    header, rows = without_header(rows, {*fields, *ignored}, request)
    columns = [*fields] if header is None else header
    # What a frame's rows are called by, where it was not told to leave that out.
    first = 1 if header is not None and columns[0] == "" else 0
    table = []
    for index, row in enumerate(rows):
        pairs = zip(columns, cells(row, len(columns), f"row[{index}]"), strict=True)
        members = [(name, typed(cell, fields.get(name, {}))) for name, cell in pairs]
        table.append(Members(members[first:]))
    return table


def typed(cell: str, field: Mapping[str, Any]) -> object:
    """A cell as JSON would have it, by the type of its field; as it is where it cannot be, for
    the input kind to refuse."""
    if cell in _MISSING and cell not in field.get("levels", ()):
        return None
    if field.get("type") == "boolean":
        return {"true": True, "false": False}.get(cell.lower(), cell)
    if field.get("type") in ("number", "integer") and "_" not in cell:
        try:
            return float(cell)
        except ValueError:
            return cell
    return cell
