"""The texts of a request, in each of the forms this service reads."""

from __future__ import annotations

from serving.http.media_types import FORM, JSON, TEXT, content_type
from serving.http.problems import (
    EMPTY_BODY,
    TOO_MANY_ITEMS,
    UNDECODABLE_TEXT,
    UNEXPECTED_JSON,
    Problem,
)
from serving.http.strict_json import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from serving.http.request import Request

MAX_BYTES = 64 * 1024
MAX_TEXTS = 100
READ = (TEXT, JSON, FORM)
"""A body that is declared as a form and is none is taken as the text."""

_FORMS = (
    'Send a string, a list of strings, {"instances": [strings]} or {"inputs": [strings]}, with '
    "nothing else in the object."
)


def read_texts(request: Request) -> list[str]:
    """The texts to classify, in order: one for a raw body or a form, any number up to `MAX_TEXTS`
    in JSON.

    Raises `Problem`: those of `content_type`, `Request.content` and `Content.decode`;
    empty-body for blank texts; for a form unexpected-form; for JSON invalid-json, unexpected-json
    and too-many-items.
    """
    content = content_type(request, READ)
    text = content.decode(request.content(MAX_BYTES))
    if content.media_type == FORM and "=" in text:
        from spam_or_ham.forms import text_of

        value = text_of(text)
        text = text if value is None else content.decode(value)
    if content.media_type != JSON:
        if not text or text.isspace():
            raise Problem(EMPTY_BODY, "The body is blank. Send the text to classify.")
        return [text]
    if not text or text.isspace():
        raise Problem(EMPTY_BODY, "The body is blank. " + _FORMS)
    return _texts_of(decode(text))


def _texts_of(value: object) -> list[str]:
    if isinstance(value, str):
        value = [value]
    elif isinstance(value, dict) and len(value) == 1:
        value = value.get("instances", value.get("inputs"))
    if not isinstance(value, list) or not value:
        raise Problem(UNEXPECTED_JSON, "The JSON holds no texts in a known form. " + _FORMS)
    if len(value) > MAX_TEXTS:
        raise Problem(
            TOO_MANY_ITEMS,
            f"There are {len(value)} texts where {MAX_TEXTS} are allowed. Send several requests.",
        )
    return [_checked(item, index) for index, item in enumerate(value)]


def _checked(item: object, index: int) -> str:
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
    return item
