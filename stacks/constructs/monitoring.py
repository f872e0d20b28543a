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

from ..config.alarm_receiver import AlarmReceiver

PERIOD = cdk.Duration.minutes(5)


def alarm_topic(scope: Construct, id_: str) -> sns.Topic:
    """A topic that alarms of this account may publish to."""
    topic = sns.Topic(scope, id_, enforce_ssl=True)
    # A policy of ours replaces the topic's own, under which alarms could publish.
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(scope).account}},
        )
    )
    return topic


class Monitoring(Construct):
    """One alarm per way to fail, each with what to look at, all to one topic.

    `server_errors` (a sum) and `latency` (milliseconds) are the endpoint's.
    `slow` is the p99 duration from which the function counts as slow. `remote_faults`: some 5xx
    answers are faults of hosts that callers name, not of the service. An address of `receiver` is
    subscribed to a topic made for it, and whoever reads it confirms once.
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
        remote_faults: bool,
        receiver: AlarmReceiver,
    ) -> None:
        super().__init__(scope, id_)
        self.topic: sns.ITopic
        if receiver.topic is not None:
            self.topic = sns.Topic.from_topic_arn(self, "Given", receiver.topic)
        else:
            self.topic = alarm_topic(self, "Topic")
        if receiver.email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(receiver.email))
        p99 = cloudwatch.Stats.percentile(99)
        self.alarm(
            "Errors",
            function.metric_errors(period=PERIOD, statistic="Sum"),
            threshold=1,
            meaning="The function crashed or ran out of time: look at its log group.",
        )
        self.alarm(
            "Throttles",
            function.metric_throttles(period=PERIOD, statistic="Sum"),
            threshold=1,
            meaning="Lambda refused invocations: the function's or the account's concurrency "
            "is used up.",
        )
        self.alarm(
            "Slow",
            function.metric_duration(period=PERIOD, statistic=p99),
            threshold=slow.to_milliseconds(),
            meaning="One request in a hundred comes close to the function's timeout.",
        )
        look = (
            "look at the function's log group, and at the access log for responseType where an "
            "API stands in front."
        )
        if remote_faults:
            # One dead link is nobody's alarm here. The average of a count of failures is their
            # share of the requests.
            self.alarm(
                "ServerErrors",
                server_errors.with_(period=PERIOD, statistic="Average"),
                threshold=0.5,
                periods=3,
                meaning=f"Half of the callers got 5xx answers for a quarter of an hour: {look}",
            )
        else:
            self.alarm(
                "ServerErrors",
                server_errors.with_(period=PERIOD),
                threshold=1,
                meaning=f"Callers got 5xx answers: {look}",
            )
        self.alarm(
            "Latency",
            latency.with_(period=PERIOD),
            threshold=slow.to_milliseconds(),
            meaning="Callers wait too long, cold starts and gateway included.",
        )

    def alarm(
        self,
        id_: str,
        metric: cloudwatch.Metric | cloudwatch.MathExpression,
        *,
        threshold: float,
        meaning: str,
        periods: int = 1,
    ) -> None:
        """Adds an alarm to the topic, for a metric that is at or above a threshold."""
        alarm = metric.create_alarm(
            self,
            id_,
            alarm_description=meaning,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # No requests, no data: that is a quiet night, not a fault.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))
