"""Alarms on one version of a function, which end its release."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..config.model_service import ModelService
from ..config.published_model import Reference
from ..lambda_source import DIMENSIONS
from .log_metrics import SIGMAS, log_metric, shares_far_from

_PERIOD = cdk.Duration.minutes(1)


class VersionAlarms(Construct):
    """`alarms` watch the version that `alias` is going to point to, by its own dimension.

    An alarm's name has the version's number in it, so that every version has new alarms, without
    the state that trouble with an older one has left: CodeDeploy would not begin to deploy what
    mends it. `slow` is a p99 duration.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: ModelService,
        alias: lambda_.Alias,
        reference: Reference | None,
        slow: cdk.Duration,
    ) -> None:
        super().__init__(scope, id_)
        self._version = alias.version.version
        executed = {
            "FunctionName": alias.lambda_.function_name,
            "Resource": f"{alias.lambda_.function_name}:{alias.alias_name}",
            "ExecutedVersion": self._version,
        }
        own = dict(zip(DIMENSIONS, (service.name, self._version), strict=True))
        self.alarms = [
            self._alarm(
                "Errors",
                _lambda("Errors", executed, "Sum"),
                threshold=1,
                meaning="The new version crashes or runs out of time",
            ),
            self._alarm(
                "Slow",
                _lambda("Duration", executed, "p99"),
                threshold=slow.to_milliseconds(),
                meaning="The new version comes close to the function's timeout",
            ),
            self._alarm(
                "ServerErrors",
                cloudwatch.MathExpression(
                    expression="FILL(errors, 0) / requests",
                    using_metrics={
                        "errors": log_metric("server_error", own, _PERIOD),
                        "requests": log_metric("duration_ms", own, _PERIOD, "SampleCount"),
                    },
                    period=_PERIOD,
                    label="share of 5xx",
                ),
                # Where callers name hosts, a dead one answers 5xx for the service.
                threshold=0.5 if service.fetches else 0.05,
                meaning="The new version answers too many requests with 5xx",
            ),
        ]
        if reference is not None and reference.shares:
            self.alarms.append(
                self._alarm(
                    "Shares",
                    shares_far_from(reference, own),
                    threshold=1,
                    meaning="The new version answers with shares of classes that are more than "
                    f"{SIGMAS} standard deviations from those measured with its model",
                )
            )

    def _alarm(
        self, id_: str, metric: cloudwatch.IMetric, *, threshold: float, meaning: str
    ) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            id_,
            alarm_name=f"{cdk.Stack.of(self).stack_name}-release-{self._version}-{id_}",
            alarm_description=f"{meaning}: its release is taken back.",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )


def _lambda(name: str, dimensions: Mapping[str, str], statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name=name,
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=_PERIOD,
    )
