"""Events as requests: REST proxy events, HTTP API version 2 events and Function URL events."""

from __future__ import annotations

from binascii import a2b_base64

from serving.http.problems import BODY_TOO_LARGE, EMPTY_BODY, INVALID_BASE64, NOT_A_REQUEST, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Event = Mapping[str, object]


def _mapping(value: object) -> Event:
    return value if isinstance(value, dict) else {}


def _by_lower_name(headers: object) -> Event:
    return {key.lower(): value for key, value in _mapping(headers).items() if isinstance(key, str)}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


class Request:
    """One HTTP request, read leniently: whatever is missing or of another type counts as absent.

    Attributes: `method` (POST where the event names none, because an event of nothing but a
    body asks for a prediction), `path` (where `matched`, the resource that a REST API's gateway
    has matched, so that base path mappings and stage prefixes do not matter; otherwise the
    caller's path; None where there is none), `gateway_id` (the gateway's own request id, the one a
    caller sees, or None), `remaining` (seconds left to answer, None if unknown) and `log_fields`,
    what an action adds to the request's log line: counts and our own names, never content.
    Raises `Problem` not-a-request when the event is not an HTTP event at all.
    """

    __slots__ = (
        "_event", "_first", "_several", "gateway_id", "log_fields", "matched", "method", "path",
        "remaining",
    )  # fmt: skip

    def __init__(self, event: object, remaining: float | None = None) -> None:
        if not isinstance(event, dict) or not event.keys() & {
            "httpMethod",
            "rawPath",
            "requestContext",
            "body",
        }:
            raise Problem(
                NOT_A_REQUEST,
                "The function was invoked with something else than an HTTP event. Invoke it "
                "through its API, or with an API Gateway proxy or Function URL event.",
            )
        context = _mapping(event.get("requestContext"))
        http = _mapping(context.get("http"))
        self._event: Event = event
        # Looked through once: a request of a browser has twenty headers, twice each.
        self._several = _by_lower_name(event.get("multiValueHeaders"))
        self._first = _by_lower_name(event.get("headers"))
        self.remaining = remaining
        self.log_fields: dict[str, object] = {}
        self.method = _text(event.get("httpMethod")) or _text(http.get("method")) or "POST"
        resource = _text(event.get("resource"))
        self.matched = resource is not None and "{" not in resource
        callers_path = _text(event.get("path")) or _text(event.get("rawPath"))
        self.path = resource if self.matched else callers_path
        self.gateway_id = _text(context.get("requestId"))

    def header(self, name: str) -> str | None:
        """The values of a header, in any case, joined by commas as HTTP has it; None if absent.

        `name` is given in lower case. A REST event lists every value only in
        `multiValueHeaders`: `headers` holds the last one.
        """
        values = self._several.get(name)
        if isinstance(values, list):
            texts = [value for value in values if isinstance(value, str)]
            if texts:
                return ",".join(texts)
        return _text(self._first.get(name))

    def query(self, name: str) -> str | None:
        """The value of a query parameter (the last one where it is repeated), or None."""
        return _text(_mapping(self._event.get("queryStringParameters")).get(name))

    def content(self, limit: int) -> str | bytes:
        """The body: bytes where the event carries base64, otherwise the text the event holds.

        Raises `Problem` empty-body, invalid-base64 (no line breaks, no URL-safe alphabet,
        padding required) or body-too-large: more than `limit` bytes, measured before decoding.
        """
        body = self._event.get("body")
        if not isinstance(body, str) or not body:
            raise Problem(EMPTY_BODY, "The body is missing or empty. Send some content.")
        # `is True`: an event is JSON, so anything else than its `true` is not that flag.
        encoded = self._event.get("isBase64Encoded") is True
        size = len(body) // 4 * 3 - body[-2:].count("=") if encoded else len(body)
        if size <= limit and not encoded and not body.isascii():
            size = len(body.encode("utf-8", "surrogatepass"))
        if size > limit:
            raise Problem(
                BODY_TOO_LARGE,
                f"The body is larger than {limit} bytes. Send less in one request.",
            )
        if not encoded:
            return body
        try:
            return a2b_base64(body, strict_mode=True)
        except ValueError:
            raise Problem(
                INVALID_BASE64,
                "The event says the body is base64, and it is not. Send RFC 4648 base64 with "
                "padding, or text.",
            ) from None
