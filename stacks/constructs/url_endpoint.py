"""The function's own URL: no gateway, hence no routes, no throttle and no access log."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

_PREFLIGHT_CACHE = cdk.Duration.hours(1)
# What a browser asks permission for before it posts JSON, and what it may read of the answer.
_ALLOWED_HEADERS = ["accept", "content-type"]
_EXPOSED_HEADERS = ["retry-after", "x-model-version"]


class UrlEndpoint(Construct):
    """`url` of an alias; `server_errors` and `latency` are what its callers notice.

    With `open_to_all` the library writes both permissions that AWS asks for since October 2025:
    to invoke the URL, and to invoke the function through it. Without, callers need them in their
    own policies and sign their requests.

    The URL answers preflights and adds the CORS headers itself. A function that sent them too
    would send them twice, and browsers refuse that.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: lambda_.Alias,
        open_to_all: bool,
        methods: Sequence[str],
        cors_origin: str | None,
    ) -> None:
        super().__init__(scope, id_)
        auth = lambda_.FunctionUrlAuthType
        self.url = target.add_function_url(
            auth_type=auth.NONE if open_to_all else auth.AWS_IAM,
            cors=None if cors_origin is None else _cors(cors_origin, methods),
        ).url
        self.server_errors: cloudwatch.Metric = target.metric("Url5xxCount", statistic="Sum")
        # "Monitoring Lambda function URLs" recommends Average or Max here, not percentiles.
        self.latency: cloudwatch.Metric = target.metric("UrlRequestLatency", statistic="Maximum")


def _cors(origin: str, methods: Sequence[str]) -> lambda_.FunctionUrlCorsOptions:
    return lambda_.FunctionUrlCorsOptions(
        allowed_origins=[origin],
        allowed_methods=[lambda_.HttpMethod(method) for method in methods],
        allowed_headers=_ALLOWED_HEADERS,
        exposed_headers=_EXPOSED_HEADERS,
        max_age=_PREFLIGHT_CACHE,
    )
