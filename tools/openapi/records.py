"""The JSON Schema of the records a model takes, made from its manifest.

What it accepts is what `serving.records.fields` accepts; a test asks both about generated bodies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serving.records.fields import MAX_LEVEL

from tools.openapi.parts import Json, closed

Manifest = Mapping[str, Any]

_TYPES = {"number": "number", "integer": "integer", "category": "string"}
_UNUSED = "Any value: it is not looked at."


def record(manifest: Manifest, described: str) -> Json:
    """The schema of one record; only keywords that JSON Schema has had since its fourth draft."""
    properties = {entry["name"]: _field(entry) for entry in manifest["fields"]}
    optional = tuple(entry["name"] for entry in manifest["fields"] if not entry["required"])
    ignored = {name: {"description": _UNUSED} for name in manifest.get("ignored", [])}
    return closed(
        {**properties, **ignored},
        optional=(*optional, *ignored),
        additionalProperties=False,
        description=described,
    )


def _field(entry: Mapping[str, Any]) -> Json:
    kind = _TYPES[entry["type"]]
    schema: Json = {
        "type": [kind, "null"] if entry["nullable"] else kind,
        "description": _description(entry),
    }
    if entry["type"] == "category":
        return {**schema, "minLength": 1, "maxLength": MAX_LEVEL}
    return {**schema, "minimum": entry["minimum"], "maximum": entry["maximum"]}


def _description(entry: Mapping[str, Any]) -> str:
    parts = [str(entry.get("description", "")).strip()]
    if entry.get("unit"):
        parts.append(f"In {entry['unit']}.")
    if entry["type"] == "category":
        levels = ", ".join(entry["levels"])
        parts.append(f"One of: {levels}; any other is scored as one that training has not seen.")
    return " ".join(part for part in parts if part)


def gateway_model(name: str, one: Json, many: Json) -> Json:
    """The same as API Gateway keeps it: a model of JSON Schema's fourth draft, in one piece.

    `one` is the schema of a record, `many` the bounds of a list of them.
    """
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": name,
        "definitions": {"record": one},
        "anyOf": [
            {"$ref": "#/definitions/record"},
            {"type": "array", "items": {"$ref": "#/definitions/record"}, **many},
        ],
    }
