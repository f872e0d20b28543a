"""Bodies of MLflow's clients: frames as records or split, and lists of inputs or of columns."""

from __future__ import annotations

from serving.http.problems import UNEXPECTED_JSON, Problem
from serving.http.strict_json import Members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from serving.inputs import Form

FORMS: dict[str, Form] = {
    "dataframe_split": "dataframe_split.data",
    "dataframe_records": "dataframe_records",
    "instances": "instances",
    "inputs": "inputs",
}
"""The members of which a body holds one, and where in it a refusal finds an input. MLflow's server
looks at no other member but `params`."""


def wrapped_inputs(value: object) -> tuple[Form, list[Any]] | None:
    """The inputs in the member of a body that holds some, and the form they came in; None where
    there is no such member.

    Raises `Problem` unexpected-json for several, and for what is not in its form.
    """
    if not isinstance(value, Members):
        return None
    sent = [name for name in FORMS if isinstance(value.get(name), (list, dict))]
    if not sent:
        return None
    if len(sent) > 1 or value.repeated is not None:
        raise Problem(
            UNEXPECTED_JSON,
            f"The body holds inputs more than once. Send exactly one of {', '.join(FORMS)}.",
        )
    if not isinstance(value.get("params"), (dict, type(None))):
        raise Problem(
            UNEXPECTED_JSON, "params is no object. Leave it out: this model takes no parameters."
        )
    (name,) = sent
    inputs: Any = value[name]
    if name == "dataframe_split":
        inputs = _rows(inputs)
    elif name == "inputs" and isinstance(inputs, dict):
        inputs = _transposed(inputs)
    elif not isinstance(inputs, list):
        raise Problem(UNEXPECTED_JSON, f"{name} is no list. Send a list with an item per input.")
    return FORMS[name], inputs


def _rows(frame: Any) -> list[Any]:
    """The rows of `{"columns": [...], "data": [[...], ...]}`, whose index says nothing."""
    is_frame = isinstance(frame, Members) and frame.repeated is None
    rows = frame.get("data") if is_frame else None
    columns = frame.get("columns") if is_frame else None
    if not isinstance(rows, list) or not isinstance(columns, (list, type(None))):
        raise Problem(
            UNEXPECTED_JSON,
            'dataframe_split is not in its form. Send {"columns": [names], "data": [rows]}.',
        )
    # A frame that was made of an array numbers its columns.
    if columns is None or columns == list(range(len(columns))):
        return rows
    if not all(isinstance(name, str) for name in columns):
        raise Problem(
            UNEXPECTED_JSON, "dataframe_split.columns holds something else than names. Send names."
        )
    place = FORMS["dataframe_split"]
    return [named(columns, row, f"{place}[{index}]") for index, row in enumerate(rows)]


def _transposed(columns: dict[str, Any]) -> list[Any]:
    """The inputs of `{"name": [values], ...}`; one input where no value is a list."""
    lists = [values for values in columns.values() if isinstance(values, list)]
    if not lists:
        return [columns]
    if len(lists) < len(columns) or len({len(values) for values in lists}) > 1:
        raise Problem(
            UNEXPECTED_JSON,
            "The columns in inputs are not equally long. Send a list with a value per input for "
            "each column.",
        )
    return [named([*columns], [*row], "inputs") for row in zip(*lists, strict=True)]


def named(columns: Sequence[str], row: object, place: str) -> Members:
    """A row by the names of its columns. Raises `Problem` as `cells` does."""
    return Members(list(zip(columns, cells(row, len(columns), place), strict=True)))


def cells(row: object, columns: int, place: str) -> list[Any]:
    """A row with a cell for each column. Raises `Problem` unexpected-json naming the place."""
    if isinstance(row, list) and len(row) == columns:
        return row
    instead = f"has {len(row)} cells" if isinstance(row, list) else "is no list of cells"
    raise Problem(
        UNEXPECTED_JSON, f"{place} {instead} where there are {columns} columns. Send one for each."
    )


def without_nan(value: object) -> object:
    """The value, or None for NaN, which MLflow's clients write for what is missing."""
    return None if isinstance(value, float) and value != value else value
