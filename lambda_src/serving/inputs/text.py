"""Texts: raw, or strings in JSON."""

from __future__ import annotations

from serving.http.media_types import FORM, JSON, TEXT, content_type
from serving.http.problems import EMPTY_BODY, UNDECODABLE_TEXT, UNEXPECTED_JSON, Problem
from serving.http.strict_json import decode
from serving.inputs import Received, not_blank, received_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from serving.http.request import Request

MAX_BYTES = 64 * 1024
MAX_TEXTS = 100
READS = (TEXT, JSON, FORM)
"""A body that is declared as a form and is none is taken as the text."""

_FORMS = (
    'Send a string, a list of strings, {"instances": [strings]} or {"inputs": [strings]}, with '
    "nothing else in the object."
)


class Inputs:
    """Reads texts: one for a raw body or a form, up to `MAX_TEXTS` in JSON."""

    reads = READS
    json_types = (JSON,)
    answers = (JSON, TEXT)
    noun = "texts"
    max_bytes = MAX_BYTES

    def configure(self, manifest: Mapping[str, Any]) -> None:
        """Takes nothing: every text is an input."""

    def limits(self) -> dict[str, int | float]:
        """Bytes of a body and texts in it."""
        return {"body_bytes": MAX_BYTES, "texts": MAX_TEXTS}

    def read(self, request: Request) -> Received:
        """The texts of a request, in order.

        Raises `Problem`: those of `content_type`, `Request.content`, `Content.decode` and
        `received_json`; empty-body for blank texts; unexpected-form; invalid-json, unexpected-json.
        """
        content = content_type(request, READS)
        text = content.decode(request.content(MAX_BYTES))
        if content.media_type == FORM and "=" in text:
            from serving.inputs.form import text_of

            sent = text_of(text)
            text = text if sent is None else content.decode(sent)
        if content.media_type != JSON:
            received = Received([not_blank(text, "Send the text to classify.")], "raw")
        else:
            received = self.received(decode(not_blank(text, _FORMS)))
        request.log_fields["bytes"] = sum(len(text.encode()) for text in received.values)
        return received

    def received(self, value: object) -> Received:
        """The texts of a JSON value.

        Raises `Problem` as `received_json` does; unexpected-json, empty-body, undecodable-text.
        """
        received = received_json(value, noun=self.noun, most=MAX_TEXTS, forms=_FORMS)
        if received.form == "one" and not isinstance(received.values[0], str):
            raise Problem(UNEXPECTED_JSON, "The JSON holds no texts in a known form. " + _FORMS)
        for index, item in enumerate(received.values):
            _check(item, index)
        return received

    def inputs(self, received: Received, request: Request) -> list[str]:  # noqa: ARG002 - see InputKind
        """The texts as they are."""
        return received.values

    def golden(self, recorded: str) -> str:
        """The text as it is."""
        return recorded

    def notes(self, inputs: Sequence[str]) -> dict[str, object]:  # noqa: ARG002 - see InputKind
        """None."""
        return {}


def _check(item: object, index: int) -> None:
    """Raise `Problem` for an item of a list that is no text to classify."""
    if not isinstance(item, str):
        raise Problem(UNEXPECTED_JSON, f"Item {index} (from 0) is not a string. " + _FORMS)
    if not item or item.isspace():
        raise Problem(EMPTY_BODY, f"Item {index} (from 0) is blank. Send only texts to classify.")
    try:
        item.encode()
    except UnicodeEncodeError:
        raise Problem(
            UNDECODABLE_TEXT,
            f"Item {index} (from 0) holds half of a surrogate pair. Send whole characters.",
        ) from None
