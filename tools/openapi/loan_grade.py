"""The OpenAPI document of loan-grade, and the model of a request that its gateway publishes."""

from __future__ import annotations

from loan_grade.handler import HEADERS, PATH
from serving import rows
from serving.http.media_types import JSON
from serving.records import fields
from serving.records.service import MAX_BYTES, MAX_ROWS

from tools.openapi import parts, problems, records
from tools.openapi.parts import PROBABILITIES, Json, closed, list_of, ref, success
from tools.openapi.problems import references
from tools.openapi.records import Manifest

VERSION = "1.0.0"
_BOUNDS = {"minItems": 1, "maxItems": MAX_ROWS}
_PREDICTION_HEADERS = {
    name: {
        "description": "Kept for callers of the article. It says that this is a prediction; "
        "TensorFlow has trained the network and does not run here.",
        "schema": {"const": value},
    }
    for name, value in HEADERS.items()
}
_LOAN = "A loan as it is applied for, raw as a lender's system holds it; fields in any order."


def document(manifest: Manifest) -> Json:
    """The whole document, for the model of this manifest."""
    return parts.document(
        title="Loan grade",
        version=VERSION,
        summary="Grades loan applications with a neural network.",
        description="What is sent is never logged. Every error is an RFC 9457 problem that names "
        "the row and the field; other methods are answered 405 with Allow. An operator may put an "
        "API key or IAM signatures in front; then requests without them are answered 403.",
        paths={
            PATH: {"post": _grade(manifest), "get": _DESCRIBE},
            "/openapi.json": parts.THIS_DOCUMENT,
        },
        schemas=_schemas(manifest),
        responses=problems.responses(rows, fields),
    )


def gateway_model(manifest: Manifest) -> Json:
    """What a request may hold, for API Gateway."""
    return records.gateway_model("Loans", records.record(manifest, _LOAN), _BOUNDS)


def _grade(manifest: Manifest) -> Json:
    typical = {entry["name"]: entry["typical"] for entry in manifest["fields"] if entry["required"]}
    shown = {"loan": {"value": typical}, "list": {"value": [typical, typical]}}
    content = {JSON: {"schema": ref("Loans"), "examples": shown}}
    return {
        "operationId": "grade",
        "summary": "Give a grade for each loan",
        "description": f"One loan, or up to {MAX_ROWS} in a list, answered in order.",
        "parameters": [parts.explain("what each field does to each answer")],
        "requestBody": {
            "description": f"JSON in UTF-8, whatever it is declared as. At most {MAX_BYTES} bytes.",
            "required": True,
            "content": content,
        },
        "responses": {
            **success("The grades, in order.", {JSON: {"schema": ref("Answer")}},
                      _PREDICTION_HEADERS),
            **references(400, 403, 406, 413, 415, 429, 500, 502, 503, 504),
        },
    }  # fmt: skip


_DESCRIBE = parts.describe("fields, grades")

_EXPLANATION = closed(
    {
        "label": {"type": "string", "description": "The grade given."},
        "probability": {"type": "number", "description": "Of that grade."},
        "fields": list_of(
            closed({"field": {"type": "string"}, "effect": {"type": "number"}}),
            description="The weightiest first. `effect` is the probability minus what it would be "
            "with a typical value in that one field; effects do not add up.",
        ),
    }
)


def _schemas(manifest: Manifest) -> Json:
    grade = {"type": "string", "enum": list(manifest["labels"])}
    return {
        "Loan": records.record(manifest, _LOAN),
        "Loans": {
            "description": "One loan or a list of them.",
            "anyOf": [ref("Loan"), list_of(ref("Loan"), **_BOUNDS)],
        },
        "Model": parts.model("loan_grade"),
        "Explanation": _EXPLANATION,
        "Answer": closed(
            {
                "predictions": list_of(grade, description="A grade for each loan, in order."),
                "probabilities": list_of(
                    PROBABILITIES,
                    description="For each loan the probability of every grade; they sum to 1.",
                ),
                "model": ref("Model"),
                "unseen_levels": list_of(
                    closed({"row": {"type": "integer", "minimum": 0}, "field": {"type": "string"}}),
                    description="Where a category has a level that training has not seen, if "
                    "anywhere: scored as such, but look whether it is misspelt.",
                ),
                "explanations": list_of(
                    ref("Explanation"), description="For each loan, where `explain=true` asks."
                ),
            },
            optional=("unseen_levels", "explanations"),
        ),
        "Description": closed(
            {
                "model": ref("Model"),
                "labels": list_of(grade, description="The grades, the best first."),
                "fields": list_of({"type": "object"}, description="What a loan may hold."),
                "ignored": {
                    "type": ["array", "null"],
                    "items": {"type": "string"},
                    "description": "Fields that may be sent and are not looked at.",
                },
                "recipe": {"type": "string", "description": "How it was trained."},
                "runtime": {"type": "string", "description": "What evaluates it."},
                **parts.TRAINING,
                "limits": closed(
                    {"body_bytes": {"const": MAX_BYTES}, "rows": {"const": MAX_ROWS}},
                    description="Of one request.",
                ),
                **parts.MEDIA,
            }
        ),
        "Problem": problems.SCHEMA,
    }
