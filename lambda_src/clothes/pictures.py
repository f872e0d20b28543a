"""The pictures of a request, in each of the forms this service reads."""

from __future__ import annotations

from binascii import a2b_base64

from serving.http.media_types import FORM, JSON, TEXT, content_type
from serving.http.problems import EMPTY_BODY, TOO_MANY_ITEMS, UNEXPECTED_JSON, Problem
from serving.http.strict_json import decode

from clothes.fetch.problems import UNREADABLE_PICTURE, at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from serving.http.request import Request

    from clothes.fetch.urls import Url

    Check = Callable[[str], Url]
    """A URL as the caller has written it -> what is fetched; raises `Problem`."""

MAX_BYTES = 4 * 1024 * 1024
"""Of a body: in base64, and with the rest of the event, it must fit the 6 MB of an invocation."""
MAX_PICTURES = 8
IMAGES = ("image/jpeg", "image/png", "image/webp")
READ = (JSON, *IMAGES, TEXT, FORM)
"""`curl -d` declares a form and sends JSON: it is read as JSON, and so is text."""

_FORMS = (
    'Send {"url": "https://..."}, or {"instances": [...]} with a list of {"url": "https://..."} '
    'and {"b64": "..."}, or the picture itself as image/jpeg, image/png or image/webp.'
)


class Wanted:
    """What a request asks about: `sources` in order, each a URL or the bytes of a picture, and
    whether it asks as the article does, for the bare `scores` of one address."""

    __slots__ = ("bare", "listed", "sources")

    def __init__(self, sources: list[Url | bytes], *, bare: bool, listed: bool) -> None:
        self.sources = sources
        self.bare = bare
        self.listed = listed

    def place(self, index: int) -> str | None:
        """Where in the request a source stands, as a refusal names it."""
        return f"instances[{index}]" if self.listed else None


def read_pictures(request: Request, check: Check) -> Wanted:
    """What the request asks about; nothing is fetched or decoded yet.

    Raises `Problem`: those of `content_type`, `Request.content`, `decode` and `check`, empty-body,
    unexpected-json, too-many-items and unreadable-picture (base64 that is none).
    """
    content = content_type(request, READ)
    body = request.content(MAX_BYTES)
    if content.media_type in IMAGES:
        # A body that is no base64 is text; what it is instead of a picture is said by its content.
        data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
        return Wanted([data], bare=False, listed=False)
    text = content.decode(body)
    if not text or text.isspace():
        raise Problem(EMPTY_BODY, "The body is blank. " + _FORMS)
    value = decode(text)
    if isinstance(value, dict) and value.keys() == {"url"}:
        return Wanted([_source(value, None, check)], bare=True, listed=False)
    if not isinstance(value, dict) or value.keys() != {"instances"}:
        raise Problem(UNEXPECTED_JSON, "The JSON holds no pictures in a known form. " + _FORMS)
    instances = value["instances"]
    if not isinstance(instances, list) or not instances:
        raise Problem(UNEXPECTED_JSON, "The instances are not a list of pictures. " + _FORMS)
    if len(instances) > MAX_PICTURES:
        raise Problem(
            TOO_MANY_ITEMS,
            f"There are {len(instances)} pictures where {MAX_PICTURES} are allowed. Send several "
            "requests.",
        )
    sources = [_source(item, f"instances[{at}]", check) for at, item in enumerate(instances)]
    return Wanted(sources, bare=False, listed=True)


def _source(item: object, place: str | None, check: Check) -> Url | bytes:
    try:
        if isinstance(item, dict) and len(item) == 1:
            ((form, value),) = item.items()
            if form == "url" and isinstance(value, str):
                return check(value)
            if form == "b64" and isinstance(value, str):
                return _decoded(value)
        raise Problem(UNEXPECTED_JSON, "This is no picture in a known form. " + _FORMS)
    except Problem as problem:
        raise at(place, problem) from None


def _decoded(text: str) -> bytes:
    try:
        return a2b_base64(text, strict_mode=True)
    except ValueError:
        raise Problem(
            UNREADABLE_PICTURE,
            "The picture is not valid base64. Send RFC 4648 base64 with padding, without line "
            "breaks and without a data: prefix.",
        ) from None
