"""The problems (RFC 9457) that the gateway answers with when the function never sees a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

PROBLEM_TYPE = "application/problem+json"

HEADERS: Mapping[str, str] = {
    "Content-Type": PROBLEM_TYPE,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, kw_only=True)
class GatewayProblem:
    """One gateway response. `status` None leaves the gateway's own, `retry_after` is seconds."""

    slug: str
    title: str
    detail: str
    status: int | None
    retry_after: int | None = None

    def body(self) -> str:
        """Return the mapping template: constants and the request id, nothing of the request."""
        members: dict[str, str | int] = {"type": f"/problems/{self.slug}", "title": self.title}
        if self.status is not None:
            members["status"] = self.status
        members["detail"] = self.detail
        members["instance"] = "urn:request:$context.requestId"
        return json.dumps(members)

    def headers(self, cors_origin: str | None) -> dict[str, str]:
        """Return header name → value."""
        headers = dict(HEADERS)
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if cors_origin is not None:
            headers["Access-Control-Allow-Origin"] = cors_origin
            headers["Access-Control-Expose-Headers"] = "Retry-After"
        return headers


REFUSED = GatewayProblem(
    slug="refused",
    title="The request was refused",
    detail="The gateway refused the request before it reached the service; check its form.",
    status=None,
)
FAILED = GatewayProblem(
    slug="internal-error",
    title="The service failed",
    detail="The gateway got no usable answer from the service; try again later.",
    status=None,
    retry_after=1,
)
NOT_FOUND = GatewayProblem(
    slug="not-found",
    title="Nothing is served here",
    detail="No such path or method; see /openapi.json for what there is.",
    status=404,
)
FORBIDDEN = GatewayProblem(
    slug="forbidden",
    title="The request is not allowed",
    detail="The credentials, API key or signature are missing, wrong or expired.",
    status=403,
)
TOO_MANY = GatewayProblem(
    slug="too-many-requests",
    title="Too many requests",
    detail="The rate limit or quota is used up; wait and try again.",
    status=429,
    retry_after=1,
)


TOO_LARGE = GatewayProblem(
    slug="body-too-large",
    title="The body is too large",
    detail="The gateway takes bodies of up to 10 MB, the service far less.",
    status=413,
)
UNREACHABLE = GatewayProblem(
    slug="bad-gateway",
    title="The service failed",
    detail="The gateway could not reach the service; try again later.",
    status=502,
    retry_after=1,
)
TIMED_OUT = GatewayProblem(
    slug="gateway-timeout",
    title="The service took too long",
    detail="No answer came in time; try again.",
    status=504,
    retry_after=1,
)
