"""Which problem the gateway answers with in which case of its own."""

from __future__ import annotations

from aws_cdk import aws_apigateway as apigateway

from .gateway_problems import (
    FAILED,
    FORBIDDEN,
    NOT_FOUND,
    REFUSED,
    TIMED_OUT,
    TOO_LARGE,
    TOO_MANY,
    UNREACHABLE,
)

_RESPONSES = (
    ("Default4xx", apigateway.ResponseType.DEFAULT_4_XX, REFUSED),
    ("Default5xx", apigateway.ResponseType.DEFAULT_5_XX, FAILED),
    ("AccessDenied", apigateway.ResponseType.ACCESS_DENIED, FORBIDDEN),
    ("ExpiredToken", apigateway.ResponseType.EXPIRED_TOKEN, FORBIDDEN),
    ("IntegrationFailure", apigateway.ResponseType.INTEGRATION_FAILURE, UNREACHABLE),
    ("IntegrationTimeout", apigateway.ResponseType.INTEGRATION_TIMEOUT, TIMED_OUT),
    ("InvalidApiKey", apigateway.ResponseType.INVALID_API_KEY, FORBIDDEN),
    ("InvalidSignature", apigateway.ResponseType.INVALID_SIGNATURE, FORBIDDEN),
    ("QuotaExceeded", apigateway.ResponseType.QUOTA_EXCEEDED, TOO_MANY),
    ("ResourceNotFound", apigateway.ResponseType.RESOURCE_NOT_FOUND, NOT_FOUND),
    ("Throttled", apigateway.ResponseType.THROTTLED, TOO_MANY),
    ("TooLarge", apigateway.ResponseType.REQUEST_TOO_LARGE, TOO_LARGE),
)


def add_gateway_responses(
    api: apigateway.RestApi, *, signed: bool, cors_origin: str | None
) -> None:
    """Give the API a problem for everything the gateway can answer by itself: what callers can do
    something about has its own, all else one of the two defaults.

    A status is never put on the two defaults: it would rewrite every 4xx or 5xx there is.
    The gateway reports an unknown path as a missing authentication token; where requests must be
    signed (`signed`), an unsigned one is reported the same way, so there it stays a 403.
    """
    token = apigateway.ResponseType.MISSING_AUTHENTICATION_TOKEN
    unknown = ("MissingToken", token, FORBIDDEN if signed else NOT_FOUND)
    for id_, kind, problem in (*_RESPONSES, unknown):
        api.add_gateway_response(
            id_,
            type=kind,
            status_code=None if problem.status is None else str(problem.status),
            response_headers={
                name: f"'{value}'" for name, value in problem.headers(cors_origin).items()
            },
            templates={"application/json": problem.body()},
        )
