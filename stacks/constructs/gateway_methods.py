"""What the gateway answers by itself: the browser's CORS question."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_apigateway as apigateway

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
    integration = apigateway.MockIntegration(
        # With */* as binary media type the body is base64 to the gateway unless told otherwise,
        # and the template that picks the status is never applied.
        content_handling=apigateway.ContentHandling.CONVERT_TO_TEXT,
        passthrough_behavior=apigateway.PassthroughBehavior.NEVER,
        request_templates=dict.fromkeys(_CONTENT_TYPES, '{"statusCode": 204}'),
        integration_responses=[
            apigateway.IntegrationResponse(
                status_code="204",
                response_parameters={
                    f"method.response.header.{name}": f"'{value}'"
                    for name, value in headers.items()
                },
                response_templates={"application/json": ""},
            )
        ],
    )
    response = apigateway.MethodResponse(
        status_code="204",
        response_parameters={f"method.response.header.{name}": True for name in headers},
    )
    # The browser sends no credentials with this question, so it must not need any.
    return resource.add_method(
        "OPTIONS",
        integration,
        method_responses=[response],
        authorization_type=apigateway.AuthorizationType.NONE,
        api_key_required=False,
    )
