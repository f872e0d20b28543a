"""What the gateway answers when a request never reaches the function: RFC 9457 problems."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import aws_apigateway as apigateway

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
        return headers


_REFUSED = GatewayProblem(
    slug="refused",
    title="The request was refused",
    detail="The gateway refused the request before it reached the service; check its form.",
    status=None,
)
_FAILED = GatewayProblem(
    slug="internal-error",
    title="The service failed",
    detail="The gateway got no usable answer from the service; try again later.",
    status=None,
    retry_after=1,
)
_MISCONFIGURED = GatewayProblem(
    slug="internal-error",
    title="The service failed",
    detail="The gateway is not set up to answer this; try again later.",
    status=500,
    retry_after=1,
)
_NOT_FOUND = GatewayProblem(
    slug="not-found",
    title="Nothing is served here",
    detail="No such path or method; see /openapi.json for what there is.",
    status=404,
)
_UNAUTHORIZED = GatewayProblem(
    slug="unauthorized",
    title="The request is not authenticated",
    detail="Send the credentials this API asks for.",
    status=401,
)
_FORBIDDEN = GatewayProblem(
    slug="forbidden",
    title="The request is not allowed",
    detail="The credentials, API key or signature are missing, wrong or expired.",
    status=403,
)
_TOO_MANY = GatewayProblem(
    slug="too-many-requests",
    title="Too many requests",
    detail="The rate limit or quota is used up; wait and try again.",
    status=429,
    retry_after=1,
)
_BAD_REQUEST = GatewayProblem(
    slug="bad-request",
    title="The request is malformed",
    detail="The gateway cannot read the parameters or the body; see /openapi.json.",
    status=400,
)


def gateway_problems(*, signed: bool) -> dict[str, tuple[apigateway.ResponseType, GatewayProblem]]:
    """Return construct id → gateway response type and what it answers.

    A status is never put on the two defaults: it would rewrite every 4xx or 5xx there is.
    An unknown path is reported as a missing authentication token; where requests must be signed
    an unsigned one is reported the same way, so there it stays a 403 (`signed`).
    """
    kinds = apigateway.ResponseType
    too_large = GatewayProblem(
        slug="body-too-large",
        title="The body is too large",
        detail="The gateway takes bodies of up to 10 MB, the service far less.",
        status=413,
    )
    unsupported = GatewayProblem(
        slug="unsupported-media-type",
        title="The media type is not supported",
        detail="Send text/plain or application/json.",
        status=415,
    )
    unreachable = GatewayProblem(
        slug="bad-gateway", title=_FAILED.title, detail=_FAILED.detail, status=502, retry_after=1
    )
    timed_out = GatewayProblem(
        slug="gateway-timeout",
        title="The service took too long",
        detail="No answer came in time; try again.",
        status=504,
        retry_after=1,
    )
    return {
        "Default4xx": (kinds.DEFAULT_4_XX, _REFUSED),
        "Default5xx": (kinds.DEFAULT_5_XX, _FAILED),
        "AccessDenied": (kinds.ACCESS_DENIED, _FORBIDDEN),
        "ApiConfiguration": (kinds.API_CONFIGURATION_ERROR, _MISCONFIGURED),
        "AuthorizerConfiguration": (kinds.AUTHORIZER_CONFIGURATION_ERROR, _MISCONFIGURED),
        "AuthorizerFailure": (kinds.AUTHORIZER_FAILURE, _MISCONFIGURED),
        "BadBody": (kinds.BAD_REQUEST_BODY, _BAD_REQUEST),
        "BadParameters": (kinds.BAD_REQUEST_PARAMETERS, _BAD_REQUEST),
        "ExpiredToken": (kinds.EXPIRED_TOKEN, _FORBIDDEN),
        "IntegrationFailure": (kinds.INTEGRATION_FAILURE, unreachable),
        "IntegrationTimeout": (kinds.INTEGRATION_TIMEOUT, timed_out),
        "InvalidApiKey": (kinds.INVALID_API_KEY, _FORBIDDEN),
        "InvalidSignature": (kinds.INVALID_SIGNATURE, _FORBIDDEN),
        "MissingToken": (
            kinds.MISSING_AUTHENTICATION_TOKEN,
            _FORBIDDEN if signed else _NOT_FOUND,
        ),
        "QuotaExceeded": (kinds.QUOTA_EXCEEDED, _TOO_MANY),
        "ResourceNotFound": (kinds.RESOURCE_NOT_FOUND, _NOT_FOUND),
        "Throttled": (kinds.THROTTLED, _TOO_MANY),
        "TooLarge": (kinds.REQUEST_TOO_LARGE, too_large),
        "Unauthorized": (kinds.UNAUTHORIZED, _UNAUTHORIZED),
        "UnsupportedMediaType": (kinds.UNSUPPORTED_MEDIA_TYPE, unsupported),
        "WafFiltered": (kinds.WAF_FILTERED, _FORBIDDEN),
    }
