"""An OpenAPI document as a page: what is asked and answered, in tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]


def page(document: Json, source: str) -> str:
    """Markdown of a document, which lies at `source` for machines."""
    info = document["info"]
    parts = [
        f"# {info['title']}",
        info.get("summary", ""),
        info.get("description", ""),
        f"For machines: [OpenAPI {document['openapi']}]({source}), version {info['version']}. A "
        "running service has it at `openapi.json`.",
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts += _operation(path, method, operation)
    parts.append("## Schemas")
    for name, schema in document["components"]["schemas"].items():
        parts += [f"### {name}", *_schema(schema)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _operation(path: str, method: str, operation: Json) -> list[str]:
    parts = [
        f"## {method.upper()} {path}",
        f"{operation['summary']}.",
        operation.get("description", ""),
    ]
    if parameters := operation.get("parameters"):
        named = (
            (f"`{each['name']}`", each["in"], _type(each["schema"]), each.get("description", ""))
            for each in parameters
        )
        parts.append(_table(("parameter", "in", "type", "meaning"), named))
    if body := operation.get("requestBody"):
        parts += ["**Body.** " + body.get("description", ""), *_content(body["content"])]
    rows = []
    for status, answer in operation["responses"].items():
        name = answer.get("$ref", "").rpartition("/")[2]
        description = answer.get("description", "")
        media = ", ".join(f"`{each}`" for each in answer.get("content", ()))
        if name:
            description, media = _words(name), "`application/problem+json`"
        shapes = {_type(each.get("schema", {})) for each in answer.get("content", {}).values()}
        rows.append((status, description, media, ", ".join(sorted(shapes - {""}))))
    parts.append(_table(("status", "means", "media type", "holds"), rows))
    return parts


def _content(content: Json) -> list[str]:
    parts = [
        _table(
            ("media type", "holds"),
            ((f"`{media}`", _type(each.get("schema", {}))) for media, each in content.items()),
        )
    ]
    for media, each in content.items():
        for name, example in each.get("examples", {}).items():
            value = example["value"]
            text = value if isinstance(value, str) else json.dumps(value, indent=2)
            if len(text) > 2000:
                continue  # A list of what the example before it shows one of.
            language = "" if isinstance(value, str) else "json"
            parts += [f"`{media}`, {name}:", f"```{language}\n{text}\n```"]
    return parts


def _schema(schema: Json) -> list[str]:
    parts = [schema.get("description", "")]
    if properties := schema.get("properties"):
        required = set(schema.get("required", ()))
        rows = (
            (
                f"`{name}`",
                _type(each),
                "yes" if name in required else "",
                _bounds(each),
                each.get("description", ""),
            )
            for name, each in properties.items()
        )
        parts.append(_table(("member", "type", "required", "bounds", "meaning"), rows))
    else:
        parts.append(_type(schema))
    return parts


def _type(schema: Json) -> str:
    """What a schema takes, in a few words; one that has a name by a link to it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for key, word in (("anyOf", " or "), ("oneOf", " or "), ("allOf", " and ")):
        if key in schema:
            return word.join(dict.fromkeys(filter(None, map(_type, schema[key]))))
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(each)}`" for each in schema["enum"])
    types = schema.get("type", "")
    if types == "array":
        return f"list of {_type(schema.get('items', {})) or 'anything'}"
    return types if isinstance(types, str) else " or ".join(types)


def _bounds(schema: Json) -> str:
    words = {"minimum": "≥", "maximum": "≤", "minLength": "length ≥", "maxLength": "length ≤",
             "minItems": "items ≥", "maxItems": "items ≤"}  # fmt: skip
    return ", ".join(f"{word} {schema[key]:,}" for key, word in words.items() if key in schema)


def _words(name: str) -> str:
    """BadRequest as "bad request"."""
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
