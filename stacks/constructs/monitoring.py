"""Alarms on what callers would notice, and the topic that tells somebody."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

_PERIOD = cdk.Duration.minutes(5)


class Monitoring(Construct):
    """One alarm per way to fail, each with what to look at, all to one topic.

    `server_errors` (a sum) and `latency` (milliseconds) are the endpoint's.
    `slow` is the p99 duration from which the function counts as slow. `email` subscribes an
    address to the topic; whoever reads it confirms once.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function: lambda_.Alias,
        server_errors: cloudwatch.Metric,
        latency: cloudwatch.Metric,
        slow: cdk.Duration,
        email: str | None,
    ) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        # A policy of ours replaces the topic's own, under which alarms could publish.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
            )
        )
        if email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        p99 = cloudwatch.Stats.percentile(99)
        self._alarm(
            "Errors",
            function.metric_errors(period=_PERIOD, statistic="Sum"),
            threshold=1,
            meaning="The function crashed or ran out of time: look at its log group.",
        )
        self._alarm(
            "Throttles",
            function.metric_throttles(period=_PERIOD, statistic="Sum"),
            threshold=1,
            meaning="Lambda refused invocations: the function's or the account's concurrency "
            "is used up.",
        )
        self._alarm(
            "Slow",
            function.metric_duration(period=_PERIOD, statistic=p99),
            threshold=slow.to_milliseconds(),
            meaning="One request in a hundred comes close to the function's timeout.",
        )
        self._alarm(
            "ServerErrors",
            server_errors.with_(period=_PERIOD),
            threshold=1,
            meaning="Callers got 5xx answers: look at the function's log group, and at the access "
            "log for responseType where an API stands in front.",
        )
        self._alarm(
            "Latency",
            latency.with_(period=_PERIOD),
            threshold=slow.to_milliseconds(),
            meaning="Callers wait too long, cold starts and gateway included.",
        )

    def _alarm(
        self, id_: str, metric: cloudwatch.Metric, *, threshold: float, meaning: str
    ) -> None:
        alarm = metric.create_alarm(
            self,
            id_,
            alarm_description=meaning,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # No requests, no data: that is a quiet night, not a fault.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))
