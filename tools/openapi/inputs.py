"""Input kinds as schemas, each written once: what a body may hold, and what limits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from clothes import inputs as picture
from clothes.fetch import problems as picture_problems
from clothes.fetch.urls import MAX_LENGTH
from clothes.formats.file import LARGEST_PIXELS, LARGEST_SIDE
from clothes.reading import REQUEST_PIXELS
from serving import runtimes
from serving.http.media_types import FORM, JSON
from serving.inputs import field as one_field
from serving.inputs import fields, form, text

from tools.openapi.parts import Json, closed, list_of, ref

Manifest = Mapping[str, Any]

_TYPES = {
    "boolean": "boolean",
    "category": "string",
    "integer": "integer",
    "number": "number",
    "text": "string",
}


@dataclass(frozen=True)
class InputSchemas:
    """What an input kind reads.

    `one` is the schema of an input in JSON, `most` how many there may be, `noun` and `nouns` what
    they are called. `raw` are the media types of a body that is one input as it is, with their
    schema; `read_as_json` those read as JSON whatever they declare. `body` says of a request's
    body, in sentences, what a schema does not. `form_field` is the one field of a form, where forms
    are read. `limits` are members of the description, `explanation` the schema of one, `problems`
    the modules whose problem types apply.
    """

    one: Json
    most: int
    noun: str
    nouns: str
    max_bytes: int
    limits: Json
    problems: tuple[ModuleType, ...]
    raw: Mapping[str, Json] = field(default_factory=dict)
    read_as_json: tuple[str, ...] = ()
    body: str = ""
    form_field: str | None = None
    explanation: Json | None = None
    notes: Json = field(default_factory=dict)


def input_schemas(manifest: Manifest) -> InputSchemas:
    """The schemas of a model's inputs; without explanations where its manifest has it that it
    gives none."""
    kinds = {"text": _texts, "fields": _records, "picture": _pictures}
    schemas = kinds[manifest["kind"]](manifest)
    return schemas if manifest.get("explained", True) else replace(schemas, explanation=None)


def _limits(**members: Json) -> Json:
    return closed(members, description="Of one request.")


def _parts(name: str, number: str) -> Json:
    return list_of(
        closed({name: {"type": "string"}, number: {"type": "number"}}),
        description="The weightiest first.",
    )


def _label(manifest: Manifest, description: str) -> Json:
    """A label as an answer words it: by its meaning where it has one, or else as it is."""
    labels = () if manifest.get("classes") else manifest.get("labels") or ()
    words = all(isinstance(label, str) for label in labels)
    return {"type": "string" if words else ["boolean", "number"], "description": description}


def _texts(manifest: Manifest) -> InputSchemas:
    one = {
        "title": "Text",
        "description": "A text with something in it besides white space.",
        "type": "string",
        "minLength": 1,
        "pattern": r"\S",
    }
    raw = {media_type: ref("Input") for media_type in text.READS if media_type != JSON}
    raw[FORM] = {"oneOf": [ref("Form"), ref("Input")]}
    token = {"token": {"type": "string"}, "contribution": {"type": "number"}}
    return InputSchemas(
        one=one,
        most=text.MAX_TEXTS,
        noun="text",
        nouns="texts",
        max_bytes=text.MAX_BYTES,
        limits=_limits(body_bytes={"const": text.MAX_BYTES}, texts={"const": text.MAX_TEXTS}),
        problems=(runtimes, form),
        raw=raw,
        body=f"Text as it is; a form with the one field `{form.FIELD}`; or JSON. A form's content "
        "type is what curl -d declares whatever it sends: a body that is no encoded form (it has "
        "a space, or other characters than ASCII, or no `name=` to begin with) is taken as text, "
        "a form with other fields is refused. ",
        form_field=form.FIELD,
        explanation=closed(
            {
                "label": _label(manifest, "What positive contributions favour."),
                "against": _label(manifest, "What negative ones favour."),
                "log_odds": {
                    "type": "number",
                    "description": "The natural logarithm of the odds of `label` over `against`: "
                    "`prior` and all contributions add up to it.",
                },
                "prior": {
                    "type": "number",
                    "description": "The log-odds before any token is known; of boosted trees, with "
                    "what the tokens that are lacking add.",
                },
                "tokens": list_of(
                    closed({**token, "count": {"type": "integer", "minimum": 1}}),
                    description="The weightiest first.",
                ),
            }
        ),
    )


def _records(manifest: Manifest) -> InputSchemas:
    return InputSchemas(
        one=record(manifest),
        most=fields.MAX_RECORDS,
        noun="record",
        nouns="records",
        max_bytes=fields.MAX_BYTES,
        limits=_limits(
            body_bytes={"const": fields.MAX_BYTES}, records={"const": fields.MAX_RECORDS}
        ),
        problems=(runtimes, one_field, fields),
        read_as_json=tuple(name for name in fields.READS if name != JSON),
        explanation=(_effects if "network.json" in manifest["artifacts"] else _contributions)(
            manifest
        ),
        notes=_notes(manifest["fields"]),
    )


def _effects(manifest: Manifest) -> Json:
    return closed(
        {
            "label": _label(manifest, "The label predicted."),
            "probability": {"type": "number", "description": "Of that label."},
            "fields": {
                **_parts("field", "effect"),
                "description": "The weightiest first. `effect` is the probability minus what it "
                "would be with a typical value in that one field; effects do not add up.",
            },
        }
    )


def _contributions(manifest: Manifest) -> Json:
    return closed(
        {
            "label": _label(manifest, "What positive contributions favour."),
            "against": _label(manifest, "What negative ones favour."),
            "unit": {"enum": ["log-odds", "probability", "decision", "value"]},
            "base": {"type": "number"},
            "score": {"type": "number", "description": "`base` and all contributions together."},
            "fields": _parts("field", "contribution"),
        }
    )


def _notes(entries: Sequence[Mapping[str, Any]]) -> Json:
    place = closed({"record": {"type": "integer", "minimum": 0}, "field": {"type": "string"}})
    notes: Json = {}
    if any(entry["type"] == "category" for entry in entries):
        notes["unseen_levels"] = list_of(
            place,
            description="Where a category has a level that training has not seen, if anywhere: "
            "scored as such, but look whether it is misspelt.",
        )
    if any(entry.get("outside") == "answer" for entry in entries):
        notes["outside_training_range"] = list_of(
            place,
            description="Where a number is outside of the range that training has seen, if "
            "anywhere: answered, but the model has learnt nothing there.",
        )
    return notes


def record(manifest: Manifest) -> Json:
    """The schema of one record; only keywords that JSON Schema has had since its fourth draft.

    What it accepts is what `serving.inputs.fields` accepts; a test asks both about generated
    bodies.
    """
    properties = {entry["name"]: _field(entry) for entry in manifest["fields"]}
    optional = tuple(entry["name"] for entry in manifest["fields"] if not entry.get("required"))
    unused = {"description": "Any value: it is not looked at."}
    ignored = dict.fromkeys(manifest.get("ignored") or (), unused)
    return closed(
        {**properties, **ignored},
        title="Record",
        optional=(*optional, *ignored),
        additionalProperties=False,
        description="The fields of the model, in any order. Each range is the model's, with both "
        "its ends; GET has it too.",
    )


def _field(entry: Mapping[str, Any]) -> Json:
    type_ = _TYPES[entry["type"]]
    schema: Json = {
        "type": [type_, "null"] if entry.get("nullable") else type_,
        "description": _description(entry),
    }
    if entry["type"] == "category":
        return {**schema, "minLength": 1, "maxLength": one_field.MAX_LEVEL}
    if entry["type"] == "text":
        return {**schema, "maxLength": one_field.MAX_TEXT}
    if entry["type"] == "boolean":
        return schema
    if entry.get("outside") == "answer":
        # Digit by digit: 3.4e38 means one number to who reads decimals and another as a double.
        largest = int(one_field.LARGEST)
        return {**schema, "minimum": -largest, "maximum": largest}
    return {**schema, "minimum": entry["minimum"], "maximum": entry["maximum"]}


def _description(entry: Mapping[str, Any]) -> str:
    sentences = [str(entry.get("description") or entry.get("column", "")).strip()]
    if entry.get("unit"):
        sentences.append(f"In {entry['unit']}.")
    if entry["type"] == "category":
        levels = ", ".join(entry["levels"])
        sentences.append(f"One of: {levels}; any other is scored as one training has not seen.")
    if entry.get("outside") == "answer":
        low, high = entry["minimum"], entry["maximum"]
        sentences.append(f"Training has seen {low:.12g} to {high:.12g}.")
    return " ".join(sentence for sentence in sentences if sentence)


def gateway_model(manifest: Manifest) -> Json:
    """A request as API Gateway keeps it: a model of JSON Schema's fourth draft, in one piece."""
    one = {"$ref": "#/definitions/record"}
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": fields.MAX_RECORDS}
    lists = [closed({name: many}, additionalProperties=False) for name in ("instances", "inputs")]
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Records",
        "definitions": {"record": record(manifest)},
        "anyOf": [one, many, *lists],
    }


def _pictures(_: Manifest) -> InputSchemas:
    url = {
        "type": "string",
        "format": "uri",
        "pattern": "^https?://",
        "maxLength": MAX_LENGTH,
        "description": "https, on port 443 of a host on the public internet, followed by at most "
        "3 redirects. A local stage also opens http and https addresses of its own machine.",
    }
    base64 = {"type": "string", "contentEncoding": "base64"}
    limits: Json = {
        "body_bytes": {"const": picture.MAX_BYTES},
        "pictures": {"const": picture.MAX_PICTURES},
        "picture_bytes": {"type": "integer", "description": "Of a fetched picture."},
        "picture_pixels": {"const": LARGEST_PIXELS},
        "picture_side": {"const": LARGEST_SIDE},
        "request_pixels": {
            "const": REQUEST_PIXELS,
            "description": "Of all pictures of a request together.",
        },
        "fetch_seconds": {"type": "number", "description": "For all of a request."},
    }
    for name in picture.Inputs({}).limits().keys() - limits.keys():
        limits[name] = {"type": "integer"}
    return InputSchemas(
        one={
            "title": "Picture",
            "oneOf": [
                closed({"url": url}, additionalProperties=False),
                closed({"b64": base64}, additionalProperties=False),
            ],
        },
        most=picture.MAX_PICTURES,
        noun="picture",
        nouns="pictures",
        max_bytes=picture.MAX_BYTES,
        limits=_limits(**dict(sorted(limits.items()))),
        problems=(runtimes, picture_problems),
        raw={name: {"description": "The file as it is."} for name in picture.IMAGES},
        read_as_json=tuple(n for n in picture.READS if n != JSON and n not in picture.IMAGES),
        body="What a picture is, its content says, not its type: JPEG, PNG or WebP, the first "
        f"frame of an animation. It has at most {LARGEST_PIXELS:,} pixels and {LARGEST_SIDE:,} on "
        f"a side; all of a request have at most {REQUEST_PIXELS:,} together. ",
    )
