"""What clothes words as its article does: the bare scores of one address."""

from __future__ import annotations

from serving.http.media_types import JSON

from tools.openapi.parts import Json, closed, ref


def amend(document: Json) -> None:
    """Adds the article's shape to a document, and says what other hosts may do to a request."""
    schemas = document["components"]["schemas"]
    labels = schemas["Answer"]["properties"]["predictions"]["items"]["enum"]
    schemas["Scores"] = closed(
        {label: {"type": "number"} for label in labels},
        title="Scores",
        description="The network's raw outputs (logits): any real numbers, the largest is the "
        "likeliest.",
        additionalProperties=False,
    )
    (operation,) = (item["post"] for item in document["paths"].values() if "post" in item)
    content = operation["responses"]["200"]["content"][JSON]
    content["schema"] = {"anyOf": [ref("Scores"), ref("Answer")]}
    operation["description"] += (
        " Asked about one `url`, it answers with the bare scores. Where one picture cannot be had "
        "or read, the whole request is refused and the place of the picture named."
    )
    document["info"]["description"] = (
        "Neither pictures nor addresses are ever logged. Every error is an RFC 9457 problem; what "
        "another host has failed to deliver is 502 or 504, and Retry-After says when to try again. "
        "Other methods are answered 405 with Allow."
    )
