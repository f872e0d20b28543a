"""Somebody is told when callers would notice."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import aws_cdk.assertions
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

from stacks.config.alarm_receiver import AlarmReceiver, alarm_receiver, untold
from stacks.config.model_service import UnknownChoice
from stacks.config.stages import STAGES
from stacks.constructs.monitoring import Monitoring
from tools.reliability.defects.assembly import Assembly, flat

STACK = "SpamOrHam"


@pytest.mark.parametrize(
    ("metric", "statistic", "threshold"),
    [
        ("Errors", "Sum", 1),
        ("Throttles", "Sum", 1),
        ("5XXError", "Sum", 1),
        ("Duration", "p99", 12_000),
        ("Latency", "p99", 12_000),
    ],
)
def test_alarms(dev: Assembly, metric: str, statistic: str, threshold: int) -> None:
    alarms = {
        alarm["Properties"]["MetricName"]: alarm["Properties"]
        for alarm in dev.resources(STACK, "AWS::CloudWatch::Alarm", "Monitoring").values()
    }
    assert len(alarms) == 5
    alarm = alarms[metric]
    assert alarm.get("Statistic", alarm.get("ExtendedStatistic")) == statistic
    assert alarm["Threshold"] == threshold
    assert alarm["TreatMissingData"] == "notBreaching"
    assert [flat(action).startswith("${MonitoringTopic") for action in alarm["AlarmActions"]] == [
        True
    ]


def test_a_dead_link_of_a_caller_alarms_nobody(dev: Assembly) -> None:
    """Where hosts that callers name may fail, the share of failing requests counts."""
    [alarm] = [
        alarm["Properties"]
        for alarm in dev.resources("Clothes", "AWS::CloudWatch::Alarm", "Monitoring").values()
        if alarm["Properties"]["MetricName"] == "5XXError"
    ]
    assert (alarm["Statistic"], alarm["Threshold"], alarm["EvaluationPeriods"]) == (
        "Average",
        0.5,
        3,
    )


def test_function_alarms_watch_the_alias(dev: Assembly) -> None:
    for alarm in dev.resources(STACK, "AWS::CloudWatch::Alarm", "Monitoring").values():
        properties = alarm["Properties"]
        dimensions = {
            dimension["Name"]: flat(dimension["Value"]) for dimension in properties["Dimensions"]
        }
        if properties["Namespace"] == "AWS/Lambda":
            assert dimensions["Resource"].endswith(":live")
        else:
            assert dimensions == {"ApiName": "dev-spam-or-ham"}


def test_alarms_may_publish_and_only_over_tls(dev: Assembly) -> None:
    policy = dev.only(STACK, "AWS::SNS::TopicPolicy", "Monitoring")["Properties"]["PolicyDocument"]
    by_effect = {statement["Effect"]: statement for statement in policy["Statement"]}
    assert len(policy["Statement"]) == len(by_effect)
    assert by_effect["Deny"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    allowed = by_effect["Allow"]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"
    assert flat(allowed["Condition"]["StringEquals"]["aws:SourceAccount"]) == "${AWS::AccountId}"


def test_nobody_is_subscribed_unless_named(dev: Assembly) -> None:
    assert dev.resources(STACK, "AWS::SNS::Subscription", "Monitoring") == {}


def test_a_named_address_is_subscribed(other: Assembly) -> None:
    subscription = other.only(STACK, "AWS::SNS::Subscription", "Monitoring")["Properties"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "on-call@example.org")


def test_a_topic_of_one_s_own_is_told_instead(tmp_path: Path) -> None:
    topic = "arn:aws:sns:us-east-1:123456789012:on-call"
    stack = cdk.Stack(cdk.App(outdir=str(tmp_path)), "S")
    function = lambda_.Function.from_function_name(stack, "F", "f")
    metric = cloudwatch.Metric(namespace="n", metric_name="m")
    Monitoring(
        stack,
        "Monitoring",
        function=lambda_.Alias.from_alias_attributes(
            stack, "A", alias_name="live", alias_version=function.latest_version
        ),
        server_errors=metric,
        latency=metric,
        slow=cdk.Duration.seconds(1),
        remote_faults=False,
        receiver=AlarmReceiver(topic=topic),
    )
    resources = cdk.assertions.Template.from_stack(stack).to_json()["Resources"].values()
    assert {each["Type"] for each in resources} == {"AWS::CloudWatch::Alarm"}
    for each in resources:
        assert each["Properties"]["AlarmActions"] == each["Properties"]["OKActions"] == [topic]


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({"alarm_email": "somebody"}, "There is no address 'somebody': give one as"),
        ({"alarm_topic": "alarms"}, "There is no topic 'alarms': give its ARN as"),
        (
            {"alarm_email": "a@example.org", "alarm_topic": "arn:aws:sns:us-east-1:123456789012:t"},
            "ADDRESS or -c alarm_topic=ARN, not both",
        ),
    ],
)
def test_what_nobody_can_be_told_by_is_refused(context: dict[str, str], said: str) -> None:
    with pytest.raises(UnknownChoice, match=said):
        alarm_receiver(context.get)


def test_stages_differ_in_whether_somebody_has_to_be_told() -> None:
    with pytest.raises(UnknownChoice, match="prod tells somebody"):
        untold(STAGES["prod"], AlarmReceiver())
    assert untold(STAGES["prod"], AlarmReceiver(email="a@example.org")) is None
    assert untold(STAGES["local"], AlarmReceiver()) is None
    assert "Nobody is told" in (untold(STAGES["dev"], AlarmReceiver()) or "")
