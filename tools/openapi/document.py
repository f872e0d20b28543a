"""The OpenAPI document of any service, made from its entry and its model's manifest."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from serving.http.media_types import FORM, JSON, TEXT
from serving.http.static import HTML

from stacks.config.model_service import FunctionUrl, ModelService
from tools.openapi import invocations, parts, problems
from tools.openapi.inputs import InputSchemas, Manifest, input_schemas
from tools.openapi.parts import PROBABILITIES, Json, closed, file_of, list_of, ref, success
from tools.openapi.problems import references

VERSION = "2.0.0"
"""Of the API, by semantic versioning: a member added is a minor version, one removed a major."""

_DESCRIBED: dict[str, Json] = {
    "labels": list_of({}, description="The model's classes, in the order of its own."),
    "classes": {"type": "object", "description": "What each label means."},
    "target": {"type": "object", "description": "What is predicted: its `name`, and its `unit`."},
    "fields": list_of({"type": "object"}, description="Names, types and ranges, in order."),
    "ignored": list_of({"type": "string"}, description="Fields that may be sent, not looked at."),
    "input": {"type": "object", "description": "How a picture becomes numbers."},
    "recipe": {"type": "string", "description": "How it was trained."},
    "runtime": {"type": "string", "description": "What evaluates it."},
    "normalisation": {
        "type": ["string", "null"],
        "description": "What is done to a text before it is read, or null.",
    },
    **parts.TRAINING,
}
_EXAMPLES = list_of(
    closed({"input": {}, "prediction": {}}),
    description="Inputs to try, each with what is predicted; none of pictures.",
)
# From the function alone where there is no gateway in front.
_PREDICTING = (400, 403, 406, 413, 415, 429, 500, 502, 503, 504)
_BEHIND_NOTHING = frozenset((400, 404, 406, 413, 415, 500, 503))


def document(service: ModelService, manifest: Manifest, example: Any) -> Json:
    """The whole document; `example` is an input, as JSON holds it."""
    inputs = input_schemas(manifest)
    title = service.name.replace("_", " ").capitalize()
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": VERSION,
            "summary": service.summary or f"{title}: {inputs.noun} in, prediction out.",
            "description": "What is sent is never logged. Every error is an RFC 9457 problem; "
            "other methods are answered 405 with Allow. An operator may put an API key or IAM "
            "signatures in front; then requests without them are answered 403.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        # Beside this document, whatever the host, the stage or the base path.
        "servers": [{"url": ".", "description": "Where this document is served."}],
        "security": [],
        "tags": [
            {"name": "predictions", "description": "What the model says."},
            {"name": "about", "description": "What the model is, and how to ask it."},
        ],
        "paths": _paths(service, inputs, manifest, example),
        "components": {
            "schemas": _schemas(service, inputs, manifest),
            "responses": problems.responses(
                *inputs.problems, *([invocations.PROBLEMS] if service.invocations else [])
            ),
        },
    }
    if isinstance(service.endpoint, FunctionUrl):
        _without_gateway(made)
    own = f"tools.openapi.{service.name}"
    if find_spec(own) is not None:
        # Its own module, or one of this package that happens to have its name.
        getattr(import_module(own), "amend", _as_it_is)(made)
    if service.invocations:
        invocations.amend(made, service.routes[0].path, inputs, manifest)
    return made


def _as_it_is(_: Json) -> None:
    """Amends nothing."""


def body_example(event: dict[str, Any]) -> Any:
    """What a recorded event sends, as an input in JSON, of several the first; what is no JSON is a
    text or a picture."""
    if event.get("isBase64Encoded"):
        return {"b64": event["body"]}
    try:
        sent = json.loads(event["body"])
    except ValueError:
        return event["body"]
    return sent[0] if isinstance(sent, list) else sent


def _paths(service: ModelService, inputs: InputSchemas, manifest: Manifest, example: Any) -> Json:
    predicting, *others = service.endpoint.routes
    paths: Json = {
        predicting.path: {
            "post": _predict(service, inputs, example),
            "get": parts.describe("labels" if manifest.get("labels") else "inputs"),
        }
    }
    if predicting.path == "/":
        # Whom JSON suits as well gets JSON.
        paths["/"]["get"]["responses"]["200"]["content"][HTML] = {"schema": {"type": "string"}}
    for route in others:
        if route.path == "/":
            paths["/"] = file_of("page", "A page to try it", HTML, {"type": "string"})
    # A copy: what one service has no answer for is taken out of its own.
    paths["/openapi.json"] = deepcopy(parts.THIS_DOCUMENT)
    return paths


def _predict(service: ModelService, inputs: InputSchemas, example: Any) -> Json:
    answers: Json = {JSON: {"schema": ref("Answer")}}
    if TEXT in inputs.raw:
        answers[TEXT] = {"schema": {"type": "string"}}
    operation: Json = {
        "operationId": "predict",
        "tags": ["predictions"],
        "summary": f"Predict for one {inputs.noun} or several",
        "description": f"Up to {inputs.most} {inputs.nouns} in one request, answered in order."
        + (" `Accept: text/plain` gives one label a line." if TEXT in answers else ""),
        "requestBody": _request_body(inputs, example),
        "responses": {
            **success("The predictions, in order.", answers, _headers(service)),
            **references(*_PREDICTING),
        },
    }
    if inputs.explanation is not None:
        operation["parameters"] = [parts.explain("what moved each answer")]
    return operation


def _headers(service: ModelService) -> Json:
    return {
        name: {"description": "Kept for callers who know it.", "schema": {"const": value}}
        for name, value in service.response_headers.items()
    }


def _request_body(inputs: InputSchemas, example: Any) -> Json:
    content: Json = {name: {"schema": schema} for name, schema in inputs.raw.items()}
    is_raw = isinstance(example, str)
    if is_raw and TEXT in content:
        content[TEXT] = {**content[TEXT], "example": example}
    if is_raw and inputs.form_field is not None:
        content[FORM] = {**content[FORM], "example": {inputs.form_field: example}}
    content[JSON] = {
        "schema": ref("Inputs"),
        "examples": {
            "one": {"value": example},
            "list": {"value": [example, example]},
            "instances": {"value": {"instances": [example]}},
        },
    }
    declared = " or ".join(inputs.read_as_json)
    return {
        "description": inputs.body
        + (f"JSON may be declared as {declared} too. " if declared else "")
        + f"At most {inputs.max_bytes} bytes, in UTF-8 unless a charset is named. No content "
        "coding is read.",
        "required": True,
        "content": content,
    }


def _schemas(service: ModelService, inputs: InputSchemas, manifest: Manifest) -> Json:
    many = list_of(ref("Input"), minItems=1, maxItems=inputs.most)
    lists = [closed({name: many}, additionalProperties=False) for name in ("instances", "inputs")]
    schemas: Json = {
        "Input": inputs.one,
        "Inputs": {
            "title": "Inputs",
            "description": f"One {inputs.noun} or up to {inputs.most}; the whole body has at most "
            f"{inputs.max_bytes} bytes.",
            "anyOf": [ref("Input"), many, *lists],
        },
        "Model": {**parts.model(service.name), "title": "Model"},
        "Answer": {**_answer(inputs, manifest), "title": "Answer"},
        "Description": {**_description(inputs, manifest), "title": "Description"},
        "Problem": {**problems.SCHEMA, "title": "Problem"},
    }
    if inputs.form_field is not None:
        form = closed({inputs.form_field: ref("Input")}, additionalProperties=False)
        schemas["Form"] = {**form, "title": "Form"}
    if inputs.explanation is not None:
        schemas["Explanation"] = {**inputs.explanation, "title": "Explanation"}
    return schemas


def _answer(inputs: InputSchemas, manifest: Manifest) -> Json:
    meanings = manifest.get("classes") or {}
    labels = [meanings.get(str(label), label) for label in manifest.get("labels") or ()]
    predicted: Json = {"enum": labels} if labels else {"type": "number"}
    members: Json = {
        "predictions": list_of(predicted, description=f"For each {inputs.noun}, in order.")
    }
    golden = manifest["golden"][0]
    if "probabilities" in golden or manifest["kind"] == "picture":
        members["probabilities"] = list_of(
            PROBABILITIES, description="The probability of every label; they sum to 1."
        )
    if "scores" in golden:
        numbers = {"type": "object", "additionalProperties": {"type": "number"}}
        members["scores"] = list_of(numbers, description="The model's own score of every label.")
    optional = dict(inputs.notes)
    if inputs.explanation is not None:
        optional["explanations"] = list_of(ref("Explanation"), description="Where asked for.")
    members = {**members, **optional, "model": ref("Model")}
    return closed(members, optional=tuple(optional))


def _description(inputs: InputSchemas, manifest: Manifest) -> Json:
    described = {name: schema for name, schema in _DESCRIBED.items() if name in manifest}
    members = {"model": ref("Model"), **described, "limits": inputs.limits, **parts.MEDIA}
    return closed({**members, "examples": _EXAMPLES})


def _without_gateway(made: Json) -> None:
    """Takes out what only a gateway answers, of a function that is called by its own URL."""
    for item in made["paths"].values():
        for operation in item.values():
            for status in [*operation["responses"]]:
                if status != "200" and int(status) not in _BEHIND_NOTHING:
                    del operation["responses"][status]
    responses = made["components"]["responses"]
    kept = {problems.title(status) for status in _BEHIND_NOTHING}
    made["components"]["responses"] = {k: v for k, v in responses.items() if k in kept}
