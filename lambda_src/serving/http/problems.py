"""Problems: the error bodies of RFC 9457, and the one exception that carries them to the edge."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind:
    """One documented type of problem: its slug names a section of docs/api.md."""

    __slots__ = ("slug", "status", "title")

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug = slug
        self.status = status
        self.title = title


NOT_A_REQUEST = Kind("not-a-request", 400, "The event is not an HTTP request")
EMPTY_BODY = Kind("empty-body", 400, "The request has no content")
INVALID_BASE64 = Kind("invalid-base64", 400, "The body is not valid base64")
UNDECODABLE_TEXT = Kind("undecodable-text", 400, "The body is not text")
INVALID_JSON = Kind("invalid-json", 400, "The body is not valid JSON")
UNEXPECTED_JSON = Kind("unexpected-json", 400, "The JSON is not in a form this service reads")
TOO_MANY_ITEMS = Kind("too-many-items", 400, "Too many items in one request")
NOT_FOUND = Kind("not-found", 404, "Nothing is served here")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "The method is not allowed here")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "No offered media type is acceptable")
BODY_TOO_LARGE = Kind("body-too-large", 413, "The body is too large")
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported-media-type", 415, "The media type is not supported")
UNSUPPORTED_ENCODING = Kind("unsupported-encoding", 415, "The content coding is not supported")
INTERNAL_ERROR = Kind("internal-error", 500, "The service failed")
MODEL_UNAVAILABLE = Kind("model-unavailable", 503, "The model is not loaded")


class Problem(Exception):
    """Refuses a request; the edge turns it into a response, and nothing else does.

    `detail` says what was wrong, what was expected and what to do; it is written by us and
    never holds any part of the request.
    """

    def __init__(self, kind: Kind, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(kind.slug)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self, request_id: str) -> dict[str, str | int]:
        """The members of RFC 9457; `type` is a stable relative URI, `instance` the request."""
        return {
            "type": f"/problems/{self.kind.slug}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": f"urn:request:{request_id}",
        }
