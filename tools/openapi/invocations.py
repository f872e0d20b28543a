"""The door of MLflow's and SageMaker's clients, in the document of a service that opens it."""

from __future__ import annotations

import copy
import csv
import io
from typing import Any

from serving.http.media_types import JSON
from serving.invocations import CSV, PATH, PING_PATH, csv_rows

from tools.openapi import problems
from tools.openapi.inputs import InputSchemas, Manifest
from tools.openapi.parts import Json, closed, list_of, ref, success

PROBLEMS = csv_rows
"""The module whose problem types apply too."""

_DESCRIPTION = (
    "Bodies of MLflow's clients are read here and at the service's own path: `dataframe_split` "
    "(its index is not looked at), `dataframe_records`, `instances` and `inputs`, which may hold a "
    "list for each column instead; NaN is a missing value, `params` is not looked at. A row that "
    "names no columns has all of them in the order that GET gives. "
)
_CSV = (
    "CSV has a header, or the columns in the order that GET gives: it is a header where half of "
    "the first row names columns, or where the content type says `header=present`. "
)


def amend(document: Json, path: str, inputs: InputSchemas, manifest: Manifest) -> None:
    """Adds the two paths, and their bodies to what the service's own path reads."""
    schemas, operation = document["components"]["schemas"], document["paths"][path]["post"]
    schemas["Frame"] = _frame(manifest, list_of(ref("Input"), minItems=1, maxItems=inputs.most))
    # Its lists of inputs may have nothing beside them where the door is closed.
    schemas["Inputs"]["anyOf"] = [*schemas["Inputs"]["anyOf"][:2], ref("Frame")]
    body = operation["requestBody"]
    body["description"] = _DESCRIPTION + body["description"]
    content = body["content"]
    examples = content[JSON]["examples"]
    example = examples["one"]["value"]
    if manifest["kind"] != "picture":
        body["description"] = _CSV + body["description"]
        content[CSV] = {"schema": {"type": "string"}, "example": _csv(example)}
        columns = [*example] if isinstance(example, dict) else [csv_rows.TEXT_COLUMN]
        row = [*example.values()] if isinstance(example, dict) else [example]
        split = {"columns": columns, "data": [row]}
        examples["dataframe_split"] = {"value": {"dataframe_split": split}}
    examples["dataframe_records"] = {"value": {"dataframe_records": [example]}}
    invocations = copy.deepcopy(operation)
    invocations |= {
        "operationId": "invocations",
        "summary": "The same, where clients of MLflow's and SageMaker's servers ask",
    }
    document["paths"][PATH] = {"post": invocations}
    document["paths"][PING_PATH] = {"get": _ping(document["components"]["responses"])}


def _ping(responses: Json) -> Json:
    """The operation that says whether the model is loaded."""
    answered = success("The model is loaded.", {JSON: {"schema": closed({})}})
    refused = problems.references(403, 429, 500, 502, 503, 504)
    return {
        "operationId": "ping",
        "tags": ["about"],
        "summary": "Whether the service is ready",
        "responses": {
            **answered,
            **{s: r for s, r in refused.items() if r["$ref"].rpartition("/")[2] in responses},
        },
    }


def _frame(manifest: Manifest, many: Json) -> Json:
    """The schema of a body in one of the forms of MLflow's clients."""
    params = {"type": ["object", "null"], "description": "Not looked at."}
    forms = [
        closed({name: many, "params": params}, optional=("params",))
        for name in ("instances", "inputs", "dataframe_records")
    ]
    split = _split(manifest, many)
    if split is not None:
        form = {"dataframe_split": split, "params": params}
        forms.append(closed(form, optional=("params",)))
    return {"title": "Frame", "description": "Exactly one of these members.", "anyOf": forms}


def _split(manifest: Manifest, many: Json) -> Json | None:
    """The schema of a frame's columns and rows; of pictures, which are no rows, None.

    Columns may be left out or in any order; a schema can only say what their own is.
    """
    if manifest["kind"] == "text":
        columns: Json = list_of({"type": "string"}, minItems=1, maxItems=1)
        row = list_of(ref("Input"), minItems=1, maxItems=1)
    elif manifest["kind"] == "fields":
        names = [entry["name"] for entry in manifest["fields"]]
        columns = {"const": names}
        cells = [ref(f"Input/properties/{name}") for name in names]
        row = {"type": "array", "prefixItems": cells, "minItems": len(names), "items": False}
    else:
        return None
    data = {**many, "items": row}
    return closed({"columns": columns, "data": data}, optional=("columns",))


def _csv(example: Any) -> str:
    """An input as a line of CSV, below its header where it has one."""
    text = io.StringIO()
    rows = [[*example], [*example.values()]] if isinstance(example, dict) else [[example]]
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
