"""The OpenAPI document of spam-or-ham."""

from __future__ import annotations

from serving.http.media_types import FORM, JSON, TEXT
from spam_or_ham import forms
from spam_or_ham.handler import PATH
from spam_or_ham.texts import MAX_BYTES, MAX_TEXTS, READ

from tools.openapi import parts, problems
from tools.openapi.parts import Json, file_of, ref, success
from tools.openapi.problems import references
from tools.openapi.spam_or_ham_schemas import ANSWER, REQUEST

VERSION = "1.0.0"

_EXAMPLE = "Claim your prize now, call 0909 879 0123"


def _request_body() -> Json:
    contents: Json = {kind: {"schema": ref("Text")} for kind in READ}
    contents[TEXT]["example"] = _EXAMPLE
    contents[FORM] = {
        "schema": {"oneOf": [ref("Form"), ref("Text")]},
        "example": {forms.FIELD: _EXAMPLE},
    }
    contents[JSON] = {
        "schema": ref("Texts"),
        "examples": {
            "list": {"value": [_EXAMPLE, "see you at six"]},
            "instances": {"value": {"instances": [_EXAMPLE]}},
        },
    }
    return {
        "description": "Text as it is, in UTF-8 unless a charset is named; a form with the one "
        f"field `{forms.FIELD}`; or JSON. A form's content type is what curl -d declares whatever "
        "it sends: a body that is no encoded form (it has a space, or other characters than "
        "ASCII, or no `name=` to begin with) is taken as text, a form with other fields is "
        f"refused. Content codings are not read. At most {MAX_BYTES} bytes.",
        "required": True,
        "content": contents,
    }


_CLASSIFY: Json = {
    "operationId": "classify",
    "summary": "Say of each text whether it is spam or ham",
    "description": f"Up to {MAX_TEXTS} texts in one request. `Accept: text/plain` gives one label "
    "a line.",
    "parameters": [parts.explain("the tokens that moved each answer")],
    "requestBody": _request_body(),
    "responses": {
        **success(
            "The labels, in order.",
            {
                JSON: {"schema": ref("Answer")},
                TEXT: {"schema": {"type": "string"}, "example": "spam\nham\n"},
            },
        ),
        **references(400, 403, 406, 413, 415, 429, 500, 502, 503, 504),
    },
}
_DESCRIBE = parts.describe("labels")


def document() -> Json:
    """The whole document."""
    return parts.document(
        title="Spam or ham",
        version=VERSION,
        summary="Classifies text messages with a model trained by scikit-learn.",
        description="Texts are never logged. Every error is an RFC 9457 problem, the gateway's own "
        "answers included; other methods are answered 405 with Allow. An operator may put an API "
        "key or IAM signatures in front; then requests without them are answered 403.",
        paths={
            PATH: {"post": _CLASSIFY, "get": _DESCRIBE},
            "/": file_of("page", "A page to try it in a browser", "text/html", {"type": "string"}),
            "/openapi.json": parts.THIS_DOCUMENT,
        },
        schemas={**REQUEST, **ANSWER},
        responses=problems.responses(forms),
    )
