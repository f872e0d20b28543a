"""Alarms on one version of a function, which end its release."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct
from serving.http import DIMENSIONS, NAMESPACE

from stacks.config.model_service import ModelService

_PERIOD = cdk.Duration.minutes(1)
_SHARES_PERIOD = cdk.Duration.minutes(5)
FEWEST_ANSWERS = 100
"""Of fewer answers in a period, shares of classes say nothing."""
SIGMAS = 4


class VersionAlarms(Construct):
    """`alarms` watch the version that `alias` is going to point to, by its own dimension.

    An alarm's name has the version's number in it, so that every version has new alarms, without
    the state that trouble with an older one has left: CodeDeploy would not begin to deploy what
    mends it. `reference` is class → share of the training's answers, `slow` a p99 duration.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: ModelService,
        alias: lambda_.Alias,
        reference: Mapping[str, float],
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
                _metric("AWS/Lambda", "Errors", executed, "Sum"),
                threshold=1,
                meaning="The new version crashes or runs out of time",
            ),
            self._alarm(
                "Slow",
                _metric("AWS/Lambda", "Duration", executed, "p99"),
                threshold=slow.to_milliseconds(),
                meaning="The new version comes close to the function's timeout",
            ),
            self._alarm(
                "ServerErrors",
                cloudwatch.MathExpression(
                    expression="FILL(errors, 0) / requests",
                    using_metrics={
                        "errors": _metric(NAMESPACE, "server_error", own, "Sum"),
                        "requests": _metric(NAMESPACE, "duration_ms", own, "SampleCount"),
                    },
                    period=_PERIOD,
                    label="share of 5xx",
                ),
                # Where callers name hosts, a dead one answers 5xx for the service.
                threshold=0.5 if service.fetches else 0.05,
                meaning="The new version answers too many requests with 5xx",
            ),
        ]
        if reference:
            self.alarms.append(self._shares(own, reference))

    def _shares(self, own: Mapping[str, str], reference: Mapping[str, float]) -> cloudwatch.Alarm:
        counts = {
            f"c{index}": _metric(NAMESPACE, name, own, "Sum", _SHARES_PERIOD)
            for index, name in enumerate(reference)
        }
        # How far a share is from the reference, in squared standard deviations of so many answers.
        far = " OR ".join(
            f"(FILL(c{index}, 0) / n - {share:.6g}) ^ 2 * n / {share * (1 - share):.6g} "
            f"> {SIGMAS**2}"
            for index, share in enumerate(reference.values())
        )
        return self._alarm(
            "Shares",
            cloudwatch.MathExpression(
                expression=f"IF(n >= {FEWEST_ANSWERS} AND ({far}), 1, 0)",
                using_metrics={
                    "n": _metric(NAMESPACE, "inputs", own, "Sum", _SHARES_PERIOD), **counts,
                },
                period=_SHARES_PERIOD,
                label="shares of classes far from the training's",
            ),
            threshold=1,
            meaning=f"The new version answers with shares of classes that are {SIGMAS} standard "
            "deviations from the training's",
        )  # fmt: skip

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


def _metric(
    namespace: str,
    name: str,
    dimensions: Mapping[str, str],
    statistic: str,
    period: cdk.Duration = _PERIOD,
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=period,
    )
