"""Problems: the error bodies of RFC 9457, and the one exception that carries them to the router."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class ProblemType:
    """One documented type of problem: its slug names a section of docs/api.md."""

    __slots__ = ("slug", "status", "title")

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug = slug
        self.status = status
        self.title = title


NOT_A_REQUEST = ProblemType("not-a-request", 400, "The event is not an HTTP request")
EMPTY_BODY = ProblemType("empty-body", 400, "The request has no content")
INVALID_BASE64 = ProblemType("invalid-base64", 400, "The body is not valid base64")
UNDECODABLE_TEXT = ProblemType("undecodable-text", 400, "The body is not text")
INVALID_JSON = ProblemType("invalid-json", 400, "The body is not valid JSON")
UNEXPECTED_JSON = ProblemType(
    "unexpected-json", 400, "The JSON is not in a form this service reads"
)
TOO_MANY_ITEMS = ProblemType("too-many-items", 400, "Too many items in one request")
NOT_FOUND = ProblemType("not-found", 404, "Nothing is served here")
METHOD_NOT_ALLOWED = ProblemType("method-not-allowed", 405, "The method is not allowed here")
NOT_ACCEPTABLE = ProblemType("not-acceptable", 406, "No offered media type is acceptable")
BODY_TOO_LARGE = ProblemType("body-too-large", 413, "The body is too large")
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported-media-type", 415, "The media type is not supported"
)
UNSUPPORTED_ENCODING = ProblemType(
    "unsupported-encoding", 415, "The content coding is not supported"
)
INTERNAL_ERROR = ProblemType("internal-error", 500, "The service failed")
MODEL_UNAVAILABLE = ProblemType("model-unavailable", 503, "The model is not loaded")


class Problem(Exception):
    """Refuses a request; the router turns it into a response, and nothing else does.

    `detail` says what was wrong, what was expected and what to do; it is written by us and
    never holds any part of the request.
    """

    def __init__(
        self, type_: ProblemType, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(type_.slug)
        self.type = type_
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self, request_id: str) -> dict[str, str | int]:
        """The members of RFC 9457; `type` is a stable relative URI, `instance` the request."""
        return {
            "type": f"/problems/{self.type.slug}",
            "title": self.type.title,
            "status": self.type.status,
            "detail": self.detail,
            "instance": f"urn:request:{request_id}",
        }
