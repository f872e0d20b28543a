"""The brake may stop the functions of its stage; a stage's dashboard shows its services."""

from __future__ import annotations

import json
from typing import Any

from stacks.config.budget import requests_an_hour
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from stacks.constructs.saved_queries import QUERIES
from tools.reliability.defects.assembly import Assembly

STORE, ALARM = "ModelStore", "AWS::CloudWatch::Alarm"


def test_an_alarm_on_the_hour_stops_the_function_and_nothing_else(dev: Assembly) -> None:
    [(role, brake)] = dev.resources(STORE, "AWS::IAM::Role", "Brake").items()
    logs, *more = brake["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert "logs:PutLogEvents" in logs["Action"]
    assert more == []
    subscription = dev.only(STORE, "AWS::SNS::Subscription", "Brake")["Properties"]
    assert subscription["Protocol"] == "lambda"
    for service in SERVICES:
        stack = service.stack_id
        alarm = dev.only(stack, ALARM, "BrakeSpending")["Properties"]
        assert alarm["Threshold"] == requests_an_hour(service, STAGES["dev"])
        assert (alarm["Period"], alarm["Statistic"]) == (3600, "Sum")
        [counted] = alarm["Dimensions"]
        assert counted["Name"] == "FunctionName", "by which the brake knows what to stop"
        assert "InferenceFunction" in json.dumps(counted["Value"])
        to_brake, to_people = alarm["AlarmActions"]
        assert "BrakeTopic" in json.dumps(to_brake)
        assert "MonitoringTopic" in json.dumps(to_people)
        policy = dev.only(stack, "AWS::IAM::Policy")["Properties"]
        assert [f"Ref{role}" in json.dumps(each) for each in policy["Roles"]] == [True]
        [stop] = policy["PolicyDocument"]["Statement"]
        assert stop["Action"] == "lambda:PutFunctionConcurrency"
        assert stop["Resource"]["Fn::GetAtt"][0].startswith("InferenceFunction")


def test_policies_beside_the_brake_s_role_replace_none_of_another_service(dev: Assembly) -> None:
    names = [
        dev.only(service.stack_id, "AWS::IAM::Policy")["Properties"]["PolicyName"]
        for service in SERVICES
    ]
    assert len(set(names)) == len(names)


def test_the_dashboard_has_a_row_for_every_service(dev: Assembly, prod: Assembly) -> None:
    for assembly in (dev, prod):
        body: dict[str, Any] = assembly.only(STORE, "AWS::CloudWatch::Dashboard")["Properties"]
        text = json.dumps(body["DashboardBody"])
        for service in SERVICES:
            assert f"{service.name}: requests" in text
        assert "B expected" in text, "a loan's grade"


def test_far_shares_raise_an_alarm_where_alarms_compute(dev: Assembly, local: Assembly) -> None:
    shares = dev.only("LoanGrade", "AWS::CloudWatch::Alarm", "MonitoringShares")["Properties"]
    assert shares["EvaluationPeriods"] == 3
    [expression] = [each["Expression"] for each in shares["Metrics"] if "Expression" in each]
    assert expression.startswith("IF(n >= 100 AND (")
    alarms = local.resources("LoanGrade", "AWS::CloudWatch::Alarm")
    assert not [id_ for id_, alarm in alarms.items() if "Metrics" in alarm["Properties"]]


def test_far_confidence_raises_an_alarm_where_the_manifest_has_one(
    dev: Assembly, prod: Assembly
) -> None:
    for assembly in (dev, prod):
        alarm = assembly.only("LoanGrade", ALARM, "MonitoringConfidence")["Properties"]
        assert alarm["EvaluationPeriods"] == 3
        [expression] = [each["Expression"] for each in alarm["Metrics"] if "Expression" in each]
        assert "n >= 100 AND (confidence - 0.479929) ^ 2 * n / (1 + n / 2000)" in expression
        assert not assembly.resources("SpamOrHam", ALARM, "MonitoringConfidence")


def test_queries_are_saved_once_in_a_stage(dev: Assembly) -> None:
    saved = dev.resources(STORE, "AWS::Logs::QueryDefinition").values()
    assert {each["Properties"]["Name"]: each["Properties"]["QueryString"] for each in saved} == {
        f"dev-model-services/{name}": query for name, query in QUERIES.items()
    }
