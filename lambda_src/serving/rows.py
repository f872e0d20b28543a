"""The rows of a request: one JSON value or a list of them, before anything looks inside."""

from __future__ import annotations

import re

from serving.http.media_types import FORM, JSON, TEXT, content_type
from serving.http.problems import EMPTY_BODY, TOO_MANY_ITEMS, UNEXPECTED_JSON, Kind, Problem
from serving.http.strict_json import decode_leniently

TYPE_CHECKING = False
if TYPE_CHECKING:
    from serving.http.request import Request

READ = (JSON, TEXT, FORM)
"""`curl -d` declares a form; whatever is declared, the body is read as JSON."""

NOT_EXPLAINED = Kind("not-explained", 400, "This model's answers cannot be explained")

_TELLABLE = r"[A-Za-z][A-Za-z0-9_]{0,39}"


def read_rows(
    request: Request, *, max_bytes: int, max_rows: int, members: str
) -> tuple[list[object], bool]:
    """What the body holds, not yet checked: the rows in order, and whether they came as a list.

    `members` is what an object has, for the sentence that asks for one. Raises `Problem`: those
    of `content_type`, `Request.content` and `Content.decode`, empty-body, invalid-json,
    unexpected-json for an empty list, too-many-items.
    """
    content = content_type(request, READ)
    text = content.decode(request.content(max_bytes))
    if not text or text.isspace():
        raise Problem(EMPTY_BODY, f"The body is blank. Send a JSON object of the {members}.")
    value = decode_leniently(text)
    if not isinstance(value, list):
        return [value], False
    if not value:
        raise Problem(UNEXPECTED_JSON, "The list is empty. Send an object for each row.")
    if len(value) > max_rows:
        raise Problem(
            TOO_MANY_ITEMS,
            f"There are {len(value)} rows where {max_rows} are allowed. Send several requests.",
        )
    return value, True


def tell(key: str) -> str:
    """A caller's key, if it is one that can do no harm wherever it is shown."""
    return key if re.fullmatch(_TELLABLE, key) else "a key"
