"""What the descriptions of all services are made of."""

from __future__ import annotations

from typing import Any

from serving.http.media_types import JSON

from tools.openapi.problems import references

Json = dict[str, Any]


def ref(name: str) -> Json:
    """A reference to one of the document's schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def closed(properties: Json, *, optional: tuple[str, ...] = (), **members: Any) -> Json:
    """An object of these properties, all required but `optional`."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties, **members}


def list_of(items: Json, **members: Any) -> Json:
    """An array of these."""
    return {"type": "array", "items": items, **members}


def model(name: str) -> Json:
    """The member of an answer that says which model has given it."""
    return closed(
        {
            "name": {"type": "string", "examples": [name]},
            "version": {
                "type": "string",
                "description": "The start of the SHA-256 of what answers: its files and what of "
                "its manifest an answer is made of.",
            },
        }
    )


# What every model says of its training, and every service of its media types, when described.
TRAINING: Json = {
    "trained_with": {"type": "object", "description": "Versions of what trained it."},
    "data": {"type": "object", "description": "Source, licence and size of its data."},
    "metrics": {"type": "object", "description": "How well it does, and how measured."},
}
MEDIA: Json = {
    "reads": list_of({"type": "string"}, description="Media types of requests."),
    "answers": list_of({"type": "string"}, description="Media types of answers."),
}

PROBABILITIES: Json = {
    "type": "object",
    "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
}

_VERSION_HEADER: Json = {
    "X-Model-Version": {
        "description": "The version of the model that answered.",
        "schema": {"type": "string"},
    }
}


def success(description: str, content: Json, headers: Json | None = None) -> Json:
    """The `200` of an operation."""
    headers = {**_VERSION_HEADER, **(headers or {})}
    return {"200": {"description": description, "headers": headers, "content": content}}


def explain(adds: str) -> Json:
    """The query parameter that asks for reasons."""
    return {
        "name": "explain",
        "in": "query",
        "description": f"`true` adds {adds}. Anything else counts as absent.",
        "schema": {"type": "string"},
        "example": "true",
    }


def file_of(operation: str, summary: str, media_type: str, schema: Json) -> Json:
    """The path of something that was deployed with the function."""
    content = {media_type: {"schema": schema}}
    return {
        "get": {
            "operationId": operation,
            "tags": ["about"],
            "summary": summary,
            "responses": {
                **success("As it was deployed.", content),
                **references(403, 404, 406, 429, 500, 502, 504),
            },
        }
    }


def describe(what: str) -> Json:
    """The operation that describes the model: what of it, in a few words."""
    return {
        "operationId": "describe",
        "tags": ["about"],
        "summary": f"Describe the model: {what}, data, metrics, limits",
        "responses": {
            **success("What the model says of itself.", {JSON: {"schema": ref("Description")}}),
            **references(403, 406, 429, 500, 502, 503, 504),
        },
    }


THIS_DOCUMENT = file_of("openapi", "This document", JSON, {"type": "object"})
