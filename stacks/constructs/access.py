"""Who may call an API: everybody, who has a key, or who signs with AWS credentials."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway

from ..config.stages import Auth

_REASONS: dict[Auth, str] = {
    "open": "The API is public by request: its stage asks for no credentials. Throttling, size "
    "caps and alarms bound what a stranger can cost.",
    "api_key": "The stage asks for an API key with a usage plan instead of a user's identity.",
    "iam": "Callers sign with AWS credentials, so there is no user pool.",
}


def method_options(auth: Auth) -> apigateway.MethodOptions:
    """Return what every method of an API demands of its callers."""
    iam = apigateway.AuthorizationType.IAM
    return apigateway.MethodOptions(
        authorization_type=iam if auth == "iam" else apigateway.AuthorizationType.NONE,
        api_key_required=auth == "api_key",
    )


def acknowledge_access(auth: Auth, method: apigateway.Method) -> None:
    """Accept, at one method, that it does not know its users."""
    rules = []
    if auth != "iam":
        rules.append("AwsSolutions-APIG4")
    if method.http_method != "OPTIONS":  # which that rule does not look at
        rules.append("AwsSolutions-COG4")
    for rule in rules:
        cdk.Validations.of(method).acknowledge(cdk.Acknowledgment(id=rule, reason=_REASONS[auth]))


def acknowledge_no_firewall(api: apigateway.RestApi) -> None:
    """Accept, at the stage of the API, that no web application firewall stands in front of it."""
    cdk.Validations.of(api.deployment_stage).acknowledge(
        cdk.Acknowledgment(
            id="AwsSolutions-APIG3",
            reason="A web ACL costs more per month than the service; throttling and the size cap "
            "bound what it would stop. Whoever needs one associates it with the stage's ARN.",
        )
    )


def add_usage_plan(api: apigateway.RestApi, *, rate: int, burst: int) -> None:
    """Make one key and the plan that lets it in; its value is read in the console or by the CLI.

    `rate` is requests per second and `burst` requests, for the key.
    """
    plan = api.add_usage_plan(
        "Plan",
        throttle=apigateway.ThrottleSettings(rate_limit=rate, burst_limit=burst),
        api_stages=[apigateway.UsagePlanPerApiStage(api=api, stage=api.deployment_stage)],
    )
    plan.add_api_key(api.add_api_key("Key"))
