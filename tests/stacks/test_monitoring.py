"""Somebody is told when callers would notice."""

from __future__ import annotations

import pytest

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
    *statements, by_the_brake = policy["Statement"]
    assert "BrakeRole" in flat(by_the_brake["Principal"]["AWS"])
    by_effect = {statement["Effect"]: statement for statement in statements}
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
