"""The brake may stop one function and tell one topic; a stage's dashboard shows its services."""

from __future__ import annotations

import json
from typing import Any

from stacks.config.budget import requests_an_hour
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from tools.reliability.defects.assembly import Assembly


def test_an_alarm_on_the_hour_stops_the_function_and_nothing_else(dev: Assembly) -> None:
    for service in SERVICES:
        stack = service.stack_id
        alarm = dev.only(stack, "AWS::CloudWatch::Alarm", "BrakeSpending")["Properties"]
        assert alarm["Threshold"] == requests_an_hour(service, STAGES["dev"])
        assert (alarm["Period"], alarm["Statistic"]) == (3600, "Sum")
        assert "BrakeTopic" in json.dumps(alarm["AlarmActions"])
        role = dev.only(stack, "AWS::IAM::Role", "Brake")["Properties"]
        _, stop, tell = role["Policies"][0]["PolicyDocument"]["Statement"]
        assert stop["Action"] == "lambda:PutFunctionConcurrency"
        assert "InferenceFunction" in json.dumps(stop["Resource"])
        assert tell["Action"] == "sns:Publish"
        assert "MonitoringTopic" in json.dumps(tell["Resource"])
        subscription = dev.only(stack, "AWS::SNS::Subscription", "Brake")["Properties"]
        assert subscription["Protocol"] == "lambda"


def test_the_dashboard_has_a_row_for_every_service(prod: Assembly) -> None:
    body: dict[str, Any] = prod.only("ModelStore", "AWS::CloudWatch::Dashboard")["Properties"]
    text = json.dumps(body["DashboardBody"])
    for service in SERVICES:
        assert f"{service.name}: requests" in text
    assert "B in training" in text, "a loan's most frequent grade"


def test_far_shares_raise_an_alarm_where_alarms_compute(dev: Assembly, local: Assembly) -> None:
    shares = dev.only("LoanGrade", "AWS::CloudWatch::Alarm", "MonitoringShares")["Properties"]
    assert shares["EvaluationPeriods"] == 3
    [expression] = [each["Expression"] for each in shares["Metrics"] if "Expression" in each]
    assert expression.startswith("IF(n >= 100 AND (")
    alarms = local.resources("LoanGrade", "AWS::CloudWatch::Alarm")
    assert not [id_ for id_, alarm in alarms.items() if "Metrics" in alarm["Properties"]]
