"""The REST API in front of one function."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from ..config.model_service import Route
from ..config.stages import Stage
from .access import (
    acknowledge_access,
    acknowledge_no_firewall,
    add_usage_plan,
    method_options,
)
from .gateway_methods import answer_preflight
from .gateway_models import request_models
from .gateway_responses import add_gateway_responses
from .retention import log_retention, removal_policy

_STAGE = "v1"

_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "time": "$context.requestTimeEpoch",
    "method": "$context.httpMethod",
    "path": "$context.resourcePath",
    "status": "$context.status",
    "responseType": "$context.error.responseType",
    "latencyMs": "$context.responseLatency",
    "integrationMs": "$context.integrationLatency",
    "integrationStatus": "$context.integration.integrationStatus",
    "bytes": "$context.responseLength",
    "sourceIp": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
}


class RestEndpoint(Construct):
    """`api`, `url` of the first route, and the metrics `server_errors` and `latency`.

    Bodies pass byte for byte in both directions. Every method of a route's path reaches the
    function, which refuses those that the route has not; all other paths the gateway refuses
    without costing an invocation.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        routes: Sequence[Route],
        target: lambda_.IFunction,
        stage: Stage,
    ) -> None:
        super().__init__(scope, id_)
        retention, removal = log_retention(stage), removal_policy(stage)
        self.access_log = logs.LogGroup(
            self, "AccessLog", retention=retention, removal_policy=removal
        )
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=name,
            description=f"Answers for {name}",
            binary_media_types=["*/*"],
            default_method_options=method_options(stage.auth),
            cloud_watch_role=False,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            deploy_options=_stage_options(self.access_log, stage.rate, stage.burst),
        )
        acknowledge_no_firewall(self.api)
        _keep_execution_log(self, self.api, retention, removal)
        validator = self.api.add_request_validator(
            "Validator", validate_request_body=True, validate_request_parameters=True
        )
        integration = _invoking(self, self.api, target)
        for route in routes:
            posted = _posted(self, self.api, route)
            resource = self.api.root.resource_for_path(route.path)
            # The function knows which methods a path has, answers HEAD as GET and refuses others.
            methods = [resource.add_method("ANY", integration, request_validator=validator)]
            if posted:
                methods.append(resource.add_method("POST", integration, **posted))
            for method in methods:
                acknowledge_access(stage.auth, method)
            if stage.cors_origin is not None:
                head = ["HEAD"] if "GET" in route.methods else []
                allowed = [*sorted([*route.methods, *head]), "OPTIONS"]
                answer_preflight(resource, allowed=allowed, cors_origin=stage.cors_origin)
        add_gateway_responses(self.api, signed=stage.auth == "iam", cors_origin=stage.cors_origin)
        if stage.auth == "api_key":
            add_usage_plan(self.api, rate=stage.rate, burst=stage.burst)
        self.url = self.api.url_for_path(routes[0].path)
        self.server_errors = self.api.metric_server_error(statistic="Sum")
        self.latency = self.api.metric_latency(statistic=cloudwatch.Stats.percentile(99))


def _invoking(
    scope: Construct, api: apigateway.RestApi, target: lambda_.IFunction
) -> apigateway.LambdaIntegration:
    """The integration of every method, with one permission for all: each method's own would name
    the same caller and the same function, in forty lines of template each."""
    target.add_permission(
        "Gateway",
        scope=scope,
        principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
        source_arn=api.arn_for_execute_api(stage=_STAGE),
    )
    permitted = lambda_.Function.from_function_attributes(
        scope, "Permitted", function_arn=target.function_arn, skip_permissions=True
    )
    return apigateway.LambdaIntegration(permitted, allow_test_invoke=False)


def _stage_options(access_log: logs.ILogGroup, rate: int, burst: int) -> apigateway.StageOptions:
    return apigateway.StageOptions(
        stage_name=_STAGE,
        throttling_rate_limit=rate,
        throttling_burst_limit=burst,
        access_log_destination=apigateway.LogGroupLogDestination(access_log),
        access_log_format=apigateway.AccessLogFormat.custom(json.dumps(_ACCESS_LOG)),
        # Errors of the gateway itself; never requests and responses (data trace).
        logging_level=apigateway.MethodLoggingLevel.ERROR,
        data_trace_enabled=False,
        metrics_enabled=True,
    )


def _posted(scope: Construct, api: apigateway.RestApi, route: Route) -> dict[str, Any]:
    """What the `POST` of a route with a schema says of bodies: its model, which is not enforced.

    Nothing for a route without: its `POST` needs no method of its own.
    """
    if route.schema is None:
        return {}
    name = "".join(part.title() for part in re.findall("[a-z0-9]+", route.path))
    return {
        "request_models": request_models(scope, f"{name}Model", api=api, schema=route.schema),
        "request_validator": api.add_request_validator(
            f"{name}Validator", validate_request_body=False, validate_request_parameters=True
        ),
    }


def _keep_execution_log(
    scope: Construct,
    api: apigateway.RestApi,
    retention: logs.RetentionDays,
    removal_policy: cdk.RemovalPolicy,
) -> None:
    """Make the log group the gateway would else make itself, to be kept for ever."""
    log = logs.LogGroup(
        scope,
        "ExecutionLog",
        log_group_name=f"API-Gateway-Execution-Logs_{api.rest_api_id}/{_STAGE}",
        retention=retention,
        removal_policy=removal_policy,
    )
    api.deployment_stage.node.add_dependency(log)
