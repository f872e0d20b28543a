"""Production releases by steps; where there is no CodeDeploy, exactly its resources are missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from stacks.config.model_service import UnknownChoice
from stacks.config.release import RELEASES, Steps
from stacks.config.selection import selected
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, Stage
from tools.reliability.defects.assembly import Assembly

STACK = "LoanGrade"
GROUP, ALARM = "AWS::CodeDeploy::DeploymentGroup", "AWS::CloudWatch::Alarm"
CODE_DEPLOY = {
    "AWS::CodeDeploy::Application": 1, "AWS::CodeDeploy::DeploymentConfig": 1, GROUP: 1,
    "AWS::IAM::Role": 1, ALARM: 4,
}  # fmt: skip


def statements(assembly: Assembly, part: str) -> list[dict[str, Any]]:
    role = assembly.only(STACK, "AWS::IAM::Role", part)["Properties"]
    assert "ManagedPolicyArns" not in role
    found: list[dict[str, Any]] = role["Policies"][0]["PolicyDocument"]["Statement"]
    return found


def version_alarms(assembly: Assembly) -> dict[str, dict[str, Any]]:
    return {
        id_: alarm["Properties"]
        for id_, alarm in assembly.resources(STACK, ALARM).items()
        if id_.startswith("VersionAlarms")
    }


def test_the_alias_moves_by_steps_and_back(prod: Assembly) -> None:
    config = prod.only(STACK, "AWS::CodeDeploy::DeploymentConfig")["Properties"]
    assert config["TrafficRoutingConfig"] == {
        "Type": "TimeBasedCanary",
        "TimeBasedCanary": {"CanaryInterval": 10, "CanaryPercentage": 10},
    }
    group = prod.only(STACK, GROUP)["Properties"]
    assert set(group["AutoRollbackConfiguration"]["Events"]) == {
        "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST",
    }  # fmt: skip
    alarms = group["AlarmConfiguration"]["Alarms"]
    assert {alarm["Name"]["Ref"] for alarm in alarms} == set(version_alarms(prod))
    assert len(alarms) <= 10
    policy = prod.only(STACK, "AWS::Lambda::Alias")["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert "PreTrafficHook" in json.dumps(policy["BeforeAllowTrafficHook"])


def test_every_service_is_asked_before_traffic_and_watched_while_it_shifts(prod: Assembly) -> None:
    for service in SERVICES:
        alias = prod.only(service.stack_id, "AWS::Lambda::Alias")
        by_steps = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        assert "PreTrafficHook" in json.dumps(by_steps["BeforeAllowTrafficHook"])
        group = prod.only(service.stack_id, GROUP)["Properties"]
        assert 3 <= len(group["AlarmConfiguration"]["Alarms"]) <= 10


def test_alarms_are_those_of_one_version_and_new_with_it(prod: Assembly) -> None:
    [version] = prod.resources(STACK, "AWS::Lambda::Version")
    number = {"Fn::GetAtt": [version, "Version"]}
    for alarm in version_alarms(prod).values():
        assert number in alarm["AlarmName"]["Fn::Join"][1], "no state of an older version's alarm"
        if "Metrics" in alarm:
            every = [
                each["MetricStat"]["Metric"] for each in alarm["Metrics"] if "MetricStat" in each
            ]
        else:
            every = [alarm]
        assert every
        for metric in every:
            [by_version] = [
                each["Value"]
                for each in metric["Dimensions"]
                if each["Name"] in ("ExecutedVersion", "function_version")
            ]
            assert by_version == number
        assert alarm["TreatMissingData"] == "notBreaching"


def test_shares_of_classes_are_compared_with_the_training(prod: Assembly) -> None:
    [shares] = [
        a for id_, a in version_alarms(prod).items() if id_.startswith("VersionAlarmsShares")
    ]
    [expression] = [each["Expression"] for each in shares["Metrics"] if "Expression" in each]
    # A, B and C were answered to 453, 661 and 684 of 2,000 loans.
    assert [expression.count(f"- {share})") for share in (0.2265, 0.3305, 0.342)] == [1, 1, 1]
    assert "n >= 100" in expression


def test_codedeploy_may_move_this_alias_and_the_hook_ask_this_version(prod: Assembly) -> None:
    alias, hook, alarms = statements(prod, "Stepwise")
    assert "lambda:UpdateAlias" in alias["Action"]
    assert all("Inference" in json.dumps(each) for each in alias["Resource"])
    assert "PreTraffic" in json.dumps(hook["Resource"])
    assert len(alarms["Resource"]) == 4
    logs, ask, report = statements(prod, "PreTraffic")
    assert ask["Action"] == "lambda:InvokeFunction"
    [version] = prod.resources(STACK, "AWS::Lambda::Version")
    assert ask["Resource"] == {"Ref": version}
    assert report["Action"] == "codedeploy:PutLifecycleEventHookExecutionStatus"
    assert "deploymentgroup" in json.dumps(report["Resource"])
    assert "*" not in json.dumps([logs["Resource"], ask, report, alias, hook, alarms])


def test_nothing_of_it_where_a_stage_releases_at_once(dev: Assembly) -> None:
    types = {resource["Type"] for resource in dev.template(STACK)["Resources"].values()}
    assert not {type_ for type_ in types if "CodeDeploy" in type_}
    assert "UpdatePolicy" not in dev.only(STACK, "AWS::Lambda::Alias")
    assert not version_alarms(dev)


def counts(assembly: Assembly) -> dict[str, int]:
    types = [resource["Type"] for resource in assembly.template(STACK)["Resources"].values()]
    return {type_: types.count(type_) for type_ in types}


def test_the_local_stage_leaves_out_what_that_aws_has_not(
    synthesized: Callable[[Stage], Assembly],
) -> None:
    whole = replace(STAGES["local"], release=RELEASES["canary"], code_deploy=True)
    with_it, without = synthesized(whole), synthesized(replace(whole, code_deploy=False))
    here, there = counts(without), counts(with_it)
    missing = {type_: there[type_] - here.get(type_, 0) for type_ in there}
    assert {type_: count for type_, count in missing.items() if count} == CODE_DEPLOY
    assert without.only(STACK, "AWS::Lambda::Function", "PreTrafficHook")


def test_a_release_there_is_not_is_named() -> None:
    with pytest.raises(UnknownChoice, match=r"all_at_once\|canary\|linear"):
        selected({"release": "slowly"}.get)
    assert selected({"stage": "prod", "release": "all_at_once"}.get).stage.release is None
    assert selected({"stage": "prod"}.get).stage.release == Steps(percent=10, minutes=10)


@pytest.mark.parametrize("bad", [{"percent": 0}, {"percent": 100}, {"minutes": 0}])
def test_steps_that_are_none_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="is 1 to"):
        Steps(**{"percent": 10, "minutes": 10, **bad})
