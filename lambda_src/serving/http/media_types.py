"""Media types: what a request's content is, and which answer its sender accepts (RFC 9110)."""

from __future__ import annotations

import re

from serving.http.problems import (
    NOT_ACCEPTABLE,
    UNDECODABLE_TEXT,
    UNSUPPORTED_ENCODING,
    UNSUPPORTED_MEDIA_TYPE,
    Problem,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from serving.http.request import Request

JSON = "application/json"
TEXT = "text/plain"
FORM = "application/x-www-form-urlencoded"
"""What `curl -d` declares, whatever it sends."""

# By decoder; the names are IANA's and the common aliases. Everything else is refused, because
# the interpreter's own registry holds codecs that are no charsets (zip, rot13, idna).
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "iso8859-1": "latin-1",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# Nothing here is tried twice, so a header costs time linear in its length: quantifiers are
# possessive, and a parameter begins at a semicolon, not at any character of its name.
# Compiled by `re` at first use: the commonest requests need neither.
_TYPE = rf"({_NAME})/({_NAME})((?:\s*+;\s*+(?:{_NAME}=(?:{_NAME}|\"[^\"\\]*+\"))?+)*+)"
_PARAMETER = rf";\s*+({_NAME})=(?:({_NAME})|\"([^\"\\]*)\")"


def _parse(value: str) -> tuple[str, dict[str, str]] | None:
    """A media type in lower case and its parameters; None where it is malformed."""
    match = re.fullmatch(_TYPE, value.strip())
    if match is None:
        return None
    pairs = [(p[1].lower(), p[2] or p[3] or "") for p in re.finditer(_PARAMETER, match[3])]
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        return None
    return f"{match[1]}/{match[2]}".lower(), parameters


class Content:
    """What the sender says the body is: `media_type`, and how its bytes become text."""

    __slots__ = ("charset", "media_type")

    def __init__(self, media_type: str, charset: str) -> None:
        self.media_type = media_type
        self.charset = charset

    def decode(self, content: str | bytes) -> str:
        """The text, without a byte order mark. Raises `Problem` undecodable-text."""
        try:
            if isinstance(content, bytes):
                content = content.decode(self.charset)
            else:
                content.encode()
        except ValueError:
            raise Problem(
                UNDECODABLE_TEXT,
                "The body does not decode in its character set (UTF-8 unless the Content-Type "
                "names another). Send UTF-8.",
            ) from None
        return content.removeprefix("\ufeff")


def content_type(request: Request, supported: Sequence[str]) -> Content:
    """The declared content; the first of `supported` where none is declared.

    Raises `Problem` unsupported-media-type for any other type, a malformed one, two different
    ones or an unknown charset, unsupported-encoding for any Content-Encoding (nothing is ever
    inflated), undecodable-text for the charsets UTF-16 and UTF-32.
    """
    if (request.header("content-encoding") or "").strip():
        raise Problem(
            UNSUPPORTED_ENCODING,
            "The body has a Content-Encoding. Send it as it is, without compression.",
            {"Accept-Encoding": "identity", "Accept-Post": ", ".join(supported)},
        )
    declared = request.header("content-type") or supported[0]
    if declared in supported:
        return Content(declared, "utf-8")
    values = {value.strip() for value in declared.split(",")}
    value = values.pop() if len(values) == 1 else None
    if value == "" or value in supported:
        return Content(value or supported[0], "utf-8")
    parsed = None if value is None else _parse(value)
    charset = (parsed[1].get("charset", "utf-8") if parsed else "").lower()
    if charset.startswith(("utf-16", "utf16", "utf-32", "utf32")):
        raise Problem(UNDECODABLE_TEXT, "UTF-16 and UTF-32 are not read. Send UTF-8.")
    if parsed is None or parsed[0] not in supported or charset not in _CHARSETS:
        raise Problem(
            UNSUPPORTED_MEDIA_TYPE,
            "The Content-Type is none of those read here. Send one of: "
            + ", ".join(supported)
            + "; in UTF-8.",
            {"Accept-Encoding": "identity", "Accept-Post": ", ".join(supported)},
        )
    return Content(parsed[0], _CHARSETS[charset])


def _weight(parameters: dict[str, str]) -> float:
    try:
        weight = float(parameters.get("q", "1"))
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def negotiate(request: Request, offers: Sequence[str]) -> str:
    """The offer the sender likes best; among equals the first, also where nothing is asked.

    A problem's own media type asks for JSON. Raises `Problem` not-acceptable.
    """
    accept = request.header("accept")
    if accept is None or accept.strip() in ("", "*/*"):
        return offers[0]
    ranges: dict[str, float] = {}
    for item in accept.split(","):
        parsed = _parse(item)
        if parsed is not None:
            name = JSON if parsed[0] == "application/problem+json" else parsed[0]
            ranges[name] = max(_weight(parsed[1]), ranges.get(name, 0.0))
    best, best_weight = "", 0.0
    for offer in offers:
        # The most specific range that matches decides (RFC 9110, 12.5.1).
        matching = (r for r in (offer, offer.split("/")[0] + "/*", "*/*") if r in ranges)
        weight = ranges.get(next(matching, ""), 0.0)
        if weight > best_weight:
            best, best_weight = offer, weight
    if not best:
        raise Problem(
            NOT_ACCEPTABLE,
            "The Accept header leaves none of the types offered here: " + ", ".join(offers) + ".",
        )
    return best
