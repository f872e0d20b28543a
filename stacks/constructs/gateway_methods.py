"""Answers the gateway gives by itself: 405 for other methods, the browser's CORS question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_apigateway as apigateway

from stacks.constructs.gateway_problems import GatewayProblem

ALL_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# A mock integration needs a template for the request's content type or it fails with 500, and
# templates take no wildcard. These are what clients send; anything else is told 415.
_CONTENT_TYPES = (
    "application/json",  # also what the gateway assumes when there is no content type
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "application/xml",
    "multipart/form-data",
    "text/html",
    "text/plain",
)

_PREFLIGHT_SECONDS = 3600


def _mock(
    resource: apigateway.IResource,
    method: str,
    *,
    status: int,
    headers: Mapping[str, str],
    body: str = "",
    authorization_type: apigateway.AuthorizationType | None = None,
    api_key_required: bool | None = None,
) -> apigateway.Method:
    integration = apigateway.MockIntegration(
        # With */* as binary media type the body is base64 to the gateway unless told otherwise,
        # and the template that picks the status is never applied.
        content_handling=apigateway.ContentHandling.CONVERT_TO_TEXT,
        passthrough_behavior=apigateway.PassthroughBehavior.NEVER,
        request_templates=dict.fromkeys(_CONTENT_TYPES, f'{{"statusCode": {status}}}'),
        integration_responses=[
            apigateway.IntegrationResponse(
                status_code=str(status),
                response_parameters={
                    f"method.response.header.{name}": f"'{value}'"
                    for name, value in headers.items()
                },
                response_templates={"application/json": body},
            )
        ],
    )
    response = apigateway.MethodResponse(
        status_code=str(status),
        response_parameters={f"method.response.header.{name}": True for name in headers},
    )
    return resource.add_method(
        method,
        integration,
        method_responses=[response],
        authorization_type=authorization_type,
        api_key_required=api_key_required,
    )


def refuse(
    resource: apigateway.IResource,
    method: str,
    *,
    allowed: Sequence[str],
    cors_origin: str | None,
) -> apigateway.Method:
    """Answer 405 and say which methods are served."""
    problem = GatewayProblem(
        slug="method-not-allowed",
        title="The method is not allowed here",
        detail=f"Use {' or '.join(name for name in allowed if name != 'OPTIONS')}.",
        status=405,
    )
    headers = {**problem.headers(cors_origin), "Allow": ", ".join(allowed)}
    return _mock(resource, method, status=405, headers=headers, body=problem.body())


def answer_preflight(
    resource: apigateway.IResource, *, allowed: Sequence[str], cors_origin: str
) -> apigateway.Method:
    """Answer the question a browser asks before it sends what it was not sure about."""
    headers = {
        "Access-Control-Allow-Origin": cors_origin,
        "Access-Control-Allow-Methods": ", ".join(allowed),
        "Access-Control-Allow-Headers": "Content-Type, Accept, Authorization, X-Api-Key",
        "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
    }
    # The browser sends no credentials with this question, so it must not need any.
    return _mock(
        resource,
        "OPTIONS",
        status=204,
        headers=headers,
        authorization_type=apigateway.AuthorizationType.NONE,
        api_key_required=False,
    )
