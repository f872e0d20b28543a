"""The OpenAPI document of clothes."""

from __future__ import annotations

from clothes.fetch import problems as own
from clothes.fetch.urls import MAX_LENGTH
from clothes.formats.file import LARGEST_PIXELS, LARGEST_SIDE
from clothes.handler import PATH
from clothes.pictures import IMAGES, MAX_BYTES, MAX_PICTURES
from clothes.reading import REQUEST_PIXELS
from serving.http.media_types import JSON

from tools.openapi import parts, problems
from tools.openapi.parts import PROBABILITIES, Json, closed, file_of, list_of, ref, success
from tools.openapi.problems import references

VERSION = "1.1.0"
# In the order in which the article's service answers them.
LABELS = (
    "dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt",
    "t-shirt",
)  # fmt: skip
_ADDRESS = "https://pictures.example/pants.jpg"


def _request_body() -> Json:
    contents: Json = {
        JSON: {
            "schema": ref("Question"),
            "examples": {
                "address": {"value": {"url": _ADDRESS}},
                "several": {"value": {"instances": [{"url": _ADDRESS}, {"b64": "iVBORw0KGgo="}]}},
            },
        }
    }
    for media_type in IMAGES:
        contents[media_type] = {"schema": {"description": "The file as it is."}}
    return {
        "description": "The address of a picture, a list of addresses and pictures in base64, or "
        f"one picture as it is. At most {MAX_BYTES} bytes. What a picture is, its content says, "
        "not its type: JPEG, PNG or WebP, the first frame of an animation. It has at most "
        f"{LARGEST_PIXELS:,} pixels and {LARGEST_SIDE:,} on a side; all of a request have at most "
        f"{REQUEST_PIXELS:,} together. No content coding is read.",
        "required": True,
        "content": contents,
    }


_CLASSIFY: Json = {
    "operationId": "classify",
    "summary": "Say of each picture which piece of clothing it shows",
    "description": "Asked about one `url`, it answers with the ten scores and nothing else. Asked "
    "otherwise, with lists in the order of the pictures. Where one picture cannot be had or read, "
    "the whole request is refused and the place of the picture named.",
    "requestBody": _request_body(),
    "responses": {
        **success(
            "The scores of one address, or the answer about a list or a picture.",
            {JSON: {"schema": {"anyOf": [ref("Scores"), ref("Answer")]}}},
        ),
        **references(400, 403, 406, 413, 415, 429, 500, 502, 503, 504),
    },
}
_DESCRIBE = parts.describe("labels")

_URL: Json = {
    "type": "string",
    "format": "uri",
    "pattern": "^https?://",
    "maxLength": MAX_LENGTH,
    "description": "https, on port 443 of a host on the public internet, followed by at most 3 "
    "redirects. A local stage also opens http and https addresses of its own machine.",
}
_INSTANCE: Json = {
    "oneOf": [
        closed({"url": _URL}, additionalProperties=False),
        closed(
            {"b64": {"type": "string", "contentEncoding": "base64"}}, additionalProperties=False
        ),
    ]
}
_SCHEMAS: Json = {
    "Instance": _INSTANCE,
    "Question": {
        "oneOf": [
            closed({"url": _URL}, additionalProperties=False),
            closed(
                {"instances": list_of(ref("Instance"), minItems=1, maxItems=MAX_PICTURES)},
                additionalProperties=False,
            ),
        ],
    },
    "Scores": closed(
        {label: {"type": "number"} for label in LABELS},
        description="The network's raw outputs (logits): any real numbers, the largest is the "
        "likeliest.",
        additionalProperties=False,
    ),
    "Model": parts.model("clothes"),
    "Answer": closed(
        {
            "predictions": list_of(
                {"type": "string", "enum": list(LABELS)}, description="The likeliest label of each."
            ),
            "probabilities": list_of(
                PROBABILITIES, description="Of each the softmax of its scores; they sum to 1."
            ),
            "scores": list_of(ref("Scores")),
            "model": ref("Model"),
        }
    ),
    "Description": closed(
        {
            "model": ref("Model"),
            "labels": list_of({"type": "string"}),
            "input": {"type": "object", "description": "How a picture becomes numbers."},
            "recipe": {"type": "string", "description": "How it was trained."},
            "runtime": {"type": "string", "description": "What evaluates it."},
            **parts.TRAINING,
            "limits": closed(
                {
                    "body_bytes": {"const": MAX_BYTES},
                    "pictures": {"const": MAX_PICTURES},
                    "picture_bytes": {"type": "integer", "description": "Of a fetched picture."},
                    "picture_pixels": {"const": LARGEST_PIXELS},
                    "picture_side": {"const": LARGEST_SIDE},
                    "request_pixels": {
                        "const": REQUEST_PIXELS,
                        "description": "Of all pictures of a request together.",
                    },
                    "fetch_seconds": {"type": "number", "description": "For all of a request."},
                    "redirects": {"type": "integer"},
                },
                description="Of one request.",
            ),
            **parts.MEDIA,
        }
    ),
    "Problem": problems.SCHEMA,
}


def document() -> Json:
    """The whole document."""
    return parts.document(
        title="Clothes",
        version=VERSION,
        summary="Names the piece of clothing in a picture, with a neural network.",
        description="Neither pictures nor addresses are ever logged. Every error is an RFC 9457 "
        "problem; what another host has failed to deliver is 502 or 504, and Retry-After says when "
        "to try again. Other methods are answered 405 with Allow. An operator may put an API key "
        "or IAM signatures in front; then requests without them are answered 403.",
        paths={
            PATH: {"post": _CLASSIFY, "get": _DESCRIBE},
            "/": file_of("page", "A page to try it in a browser", "text/html", {"type": "string"}),
            "/openapi.json": parts.THIS_DOCUMENT,
        },
        schemas=_SCHEMAS,
        responses=problems.responses(own),
    )
