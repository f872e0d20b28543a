"""The OpenAPI document of breast-cancer, whose refusals have a shape of their own."""

from __future__ import annotations

from breast_cancer.handler import PATH
from serving import rows
from serving.http.media_types import JSON
from serving.tabular import features
from serving.tabular.features import MAX_BYTES, MAX_ROWS

from model_training.breast_cancer.dataset import load
from model_training.breast_cancer.features import CLASSES, EXAMPLE, FEATURES, ranges
from tools.openapi import parts, problems
from tools.openapi.parts import PROBABILITIES, Json, closed, list_of, ref, success
from tools.openapi.problems import references

VERSION = "1.0.0"
# There is no gateway in front: these come from the function.
_STATUSES = (400, 404, 406, 413, 415, 500, 503)
_PATIENT = dict(zip((feature.json for feature in FEATURES), EXAMPLE, strict=True))
_CLASS = {"type": "integer", "enum": [int(key) for key in CLASSES]}
_LABEL = {"type": "string", "enum": list(CLASSES.values())}


def document() -> Json:
    """The whole document."""
    item = {"post": _CLASSIFY, "get": _DESCRIBE}
    return parts.document(
        title="Breast cancer",
        version=VERSION,
        summary="Tells benign from malignant by five measurements of a cell image.",
        description="A demonstration and no medical device. Measurements are never logged. Errors "
        "have the shape of the original service; other methods are answered 405 with Allow.",
        paths={
            "/": item,
            PATH: {method: _renamed(operation) for method, operation in item.items()},
            "/openapi.json": _this_document(),
        },
        schemas=_SCHEMAS,
        responses=_responses(),
    )


def _renamed(operation: Json) -> Json:
    return {**operation, "operationId": f"{operation['operationId']}ByName"}


def _this_document() -> Json:
    get = parts.THIS_DOCUMENT["get"]
    return {"get": {**get, "responses": {"200": get["responses"]["200"], **references(404, 406)}}}


def _responses() -> Json:
    found = problems.by_status(rows, features)
    return {
        problems.title(status): {
            "description": "; ".join(found[status].values()) + ".",
            "headers": problems.headers(status),
            "content": {
                JSON: {
                    "schema": {
                        "allOf": [ref("Refusal")],
                        "properties": {"status": {"const": str(status)}},
                    }
                }
            },
        }
        for status in _STATUSES
    }


_CLASSIFY: Json = {
    "operationId": "classify",
    "summary": "Say of each patient's image whether it is malignant",
    "description": f"One patient, or up to {MAX_ROWS} in a list, answered in order.",
    "parameters": [parts.explain("what each feature contributed")],
    "requestBody": {
        "description": f"JSON in UTF-8, whatever it is declared as. At most {MAX_BYTES} bytes.",
        "required": True,
        "content": {
            JSON: {"schema": ref("Patients"), "example": _PATIENT},
        },
    },
    "responses": {
        **success("The answers, in order.", {JSON: {"schema": ref("Answer")}}),
        **references(400, 406, 413, 415, 500, 503),
    },
}
_DESCRIBE: Json = {
    "operationId": "describe",
    "summary": "Describe the model: features and their ranges, data, metrics, limits",
    "responses": {
        **success("What the model says of itself.", {JSON: {"schema": ref("Description")}}),
        **references(406, 500, 503),
    },
}


def _one_or_list(schema: Json, description: str) -> Json:
    return {"description": description, "anyOf": [schema, list_of(schema)]}


_EXPLANATION = closed(
    {
        "label": {"type": "string", "description": "What positive contributions speak for."},
        "against": {"type": "string", "description": "What negative contributions speak for."},
        "unit": {"enum": ["log-odds", "probability", "decision"]},
        "base": {"type": "number"},
        "score": {"type": "number", "description": "`base` and all contributions together."},
        "features": list_of(
            closed({"feature": {"type": "string"}, "contribution": {"type": "number"}}),
            description="The weightiest first.",
        ),
    }
)
_SCHEMAS: Json = {
    "Patient": closed(
        {
            feature.json: {
                "type": "number",
                "minimum": low,
                "maximum": high,
                "description": feature.name,
            }
            for feature, (low, high) in zip(FEATURES, ranges(load().rows()), strict=True)
        },
        additionalProperties=False,
        description="In any order. Each range is the model's, with both its ends; GET has it too.",
    ),
    "Patients": {
        "anyOf": [ref("Patient"), list_of(ref("Patient"), minItems=1, maxItems=MAX_ROWS)],
    },
    "Model": parts.model("breast_cancer"),
    "Explanation": _EXPLANATION,
    "Answer": closed(
        {
            "reason": {"const": "OK"},
            "prediction": _one_or_list(_CLASS, "1 is malignant; a list where one was sent."),
            "label": _one_or_list(_LABEL, "The prediction in words."),
            "probability": _one_or_list({"type": "number"}, "Of that label."),
            "probabilities": _one_or_list(PROBABILITIES, "Of each label."),
            "explanation": _one_or_list(ref("Explanation"), "Where `explain=true` asks for it."),
            "status": {"const": "200"},
            "model": ref("Model"),
        },
        optional=("explanation",),
    ),
    "Description": closed(
        {
            "model": ref("Model"),
            "labels": list_of({"type": "integer"}),
            "classes": {"type": "object", "description": "What each label means."},
            "features": list_of({"type": "object"}, description="Names and ranges, in order."),
            "recipe": {"type": "string", "description": "How it was trained."},
            **parts.TRAINING,
            "runtime": {"type": "string", "description": "What evaluates it."},
            "limits": closed(
                {"body_bytes": {"const": MAX_BYTES}, "rows": {"const": MAX_ROWS}},
                description="Of one request.",
            ),
            **parts.MEDIA,
        }
    ),
    "Refusal": closed(
        {
            "reason": {"type": "string", "description": "What was wrong and what to do about it."},
            "prediction": {"const": ""},
            "status": {"type": "string", "description": "The HTTP status once more."},
        }
    ),
}
