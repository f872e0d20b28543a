"""The OpenAPI document of spam-or-ham."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from serving.media import JSON, TEXT
from spam_or_ham.handler import PATH
from spam_or_ham.texts import MAX_BYTES, MAX_TEXTS, READ

from docs.api import problems
from docs.api.problems import references
from docs.api.schemas import ANSWER, REQUEST, ref

Json = dict[str, Any]

FILE = Path(__file__).resolve().parents[2] / "lambda_src" / "spam_or_ham" / "openapi.json"
VERSION = "1.0.0"
"""Of the API, by semantic versioning: a member added is a minor version, one removed a major."""

_EXAMPLE = "Claim your prize now, call 0909 879 0123"


def _text(description: str, **members: Any) -> Json:
    return {"description": description, "schema": {"type": "string"}, **members}


_VERSION_HEADER = {"X-Model-Version": _text("The version of the model that answered.")}


def _success(description: str, content: Json) -> Json:
    return {"200": {"description": description, "headers": _VERSION_HEADER, "content": content}}


def _request_body() -> Json:
    contents: Json = {kind: {"schema": ref("Text")} for kind in READ}
    contents[TEXT]["example"] = _EXAMPLE
    contents[JSON] = {
        "schema": ref("Texts"),
        "examples": {
            "list": {"value": [_EXAMPLE, "see you at six"]},
            "instances": {"value": {"instances": [_EXAMPLE]}},
        },
    }
    return {
        "description": "Text as it is, in UTF-8 unless a charset is named (a form's content type, "
        "which curl -d declares, is taken as text too and not decoded), or JSON. Content codings "
        f"are not read. At most {MAX_BYTES} bytes.",
        "required": True,
        "content": contents,
    }


_CLASSIFY: Json = {
    "operationId": "classify",
    "summary": "Say of each text whether it is spam or ham",
    "description": f"Up to {MAX_TEXTS} texts in one request. `Accept: text/plain` gives one label "
    "a line.",
    "parameters": [
        {
            "name": "explain",
            "in": "query",
            "description": "`true` adds the tokens that moved each answer. Anything else counts "
            "as absent.",
            "schema": {"type": "string"},
            "example": "true",
        }
    ],
    "requestBody": _request_body(),
    "responses": {
        **_success(
            "The labels, in order.",
            {
                JSON: {"schema": ref("Answer")},
                TEXT: {"schema": {"type": "string"}, "example": "spam\nham\n"},
            },
        ),
        **references(400, 403, 406, 413, 415, 429, 500, 502, 503, 504),
    },
}
_DESCRIBE: Json = {
    "operationId": "describe",
    "summary": "Describe the model: labels, data, metrics, limits",
    "responses": {
        **_success("What the model says of itself.", {JSON: {"schema": ref("Description")}}),
        **references(403, 406, 429, 500, 502, 503, 504),
    },
}


def _file(operation: str, summary: str, media_type: str, schema: Json) -> Json:
    content = {media_type: {"schema": schema}}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "responses": {
                **_success("As it was deployed.", content),
                **references(403, 404, 406, 429, 500, 502, 504),
            },
        }
    }


def document() -> Json:
    """The whole document, of OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Spam or ham",
            "version": VERSION,
            "summary": "Classifies text messages with a model trained by scikit-learn.",
            "description": "Texts are never logged. Every error is an RFC 9457 problem, the "
            "gateway's own answers included; other methods are answered 405 with Allow. An "
            "operator may put an API key or IAM signatures in front; then requests without them "
            "are answered 403.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        # Beside this document, whatever the host, the stage or the base path.
        "servers": [{"url": ".", "description": "Where this document is served."}],
        "security": [],
        "paths": {
            PATH: {"post": _CLASSIFY, "get": _DESCRIBE},
            "/": _file("page", "A page to try it in a browser", "text/html", {"type": "string"}),
            "/openapi.json": _file("openapi", "This document", JSON, {"type": "object"}),
        },
        "components": {"schemas": {**REQUEST, **ANSWER}, "responses": problems.responses()},
    }


def rendered() -> str:
    """The file's text: the same for the same code, one line for a change to one line."""
    return json.dumps(document(), indent=2, ensure_ascii=True) + "\n"
