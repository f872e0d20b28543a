"""A Function URL: open only by choice, and CORS from one place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stacks.config.model_service import FunctionUrl
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, Auth
from stacks.packaging.layers.built import BuiltLayers
from tools.reliability.defects.assembly import Assembly, flat, synthesize

STACK = "BreastCancer"


def permissions(assembly: Assembly) -> list[dict[str, object]]:
    resources = assembly.resources(STACK, "AWS::Lambda::Permission").values()
    return [permission["Properties"] for permission in resources]


def test_an_open_url_has_both_permissions_and_no_other(dev: Assembly) -> None:
    assert dev.only(STACK, "AWS::Lambda::Url")["Properties"]["AuthType"] == "NONE"
    expected = {
        "lambda:InvokeFunctionUrl": {"FunctionUrlAuthType": "NONE"},
        "lambda:InvokeFunction": {"InvokedViaFunctionUrl": True},
    }
    assert {str(permission["Action"]) for permission in permissions(dev)} == set(expected)
    for permission in permissions(dev):
        alias = permission.pop("FunctionName")
        assert flat(alias).startswith("${InferenceLive")
        action = str(permission.pop("Action"))
        assert permission == {"Principal": "*", **expected[action]}


@pytest.mark.parametrize("auth", ["iam", "api_key"])
def test_a_stage_that_is_not_open_closes_it(auth: Auth, other: Assembly, signed: Assembly) -> None:
    assembly = {"api_key": other, "iam": signed}[auth]
    assert assembly.only(STACK, "AWS::Lambda::Url")["Properties"]["AuthType"] == "AWS_IAM"
    assert permissions(assembly) == []


def test_an_entry_that_does_not_open_it_closes_it(
    tmp_path: Path,
    published: dict[str, PublishedModel],
    layers_by_service: dict[str, BuiltLayers],
) -> None:
    """In an open stage, by leaving `open_to_all` at its default."""
    closed = [
        replace(service, endpoint=FunctionUrl())
        for service in SERVICES
        if isinstance(service.endpoint, FunctionUrl)
    ]
    assembly = synthesize(
        tmp_path, stage=STAGES["dev"], models=published, services=closed, layers=layers_by_service
    )
    assert assembly.error is None
    assert assembly.only(STACK, "AWS::Lambda::Url")["Properties"]["AuthType"] == "AWS_IAM"
    assert permissions(assembly) == []


def test_the_url_is_the_alias_s(dev: Assembly) -> None:
    url = dev.only(STACK, "AWS::Lambda::Url")["Properties"]
    assert url["Qualifier"] == "live"
    assert dev.resources(STACK, "AWS::ApiGateway::RestApi") == {}


def test_cors_is_the_url_s_and_not_the_function_s(dev: Assembly, prod: Assembly) -> None:
    """Headers from both would stand there twice, and browsers refuse that."""
    cors = dev.only(STACK, "AWS::Lambda::Url")["Properties"]["Cors"]
    assert cors["AllowOrigins"] == ["*"]
    assert cors["AllowMethods"] == ["GET", "POST"]
    assert "content-type" in cors["AllowHeaders"]
    assert "x-model-version" in cors["ExposeHeaders"]
    assert "AllowCredentials" not in cors
    assert "Cors" not in prod.only(STACK, "AWS::Lambda::Url")["Properties"]
    for assembly in (dev, prod):
        function = assembly.only(STACK, "AWS::Lambda::Function", "Inference")["Properties"]
        assert "CORS_ALLOW_ORIGIN" not in function["Environment"]["Variables"]


def test_alarms_watch_what_callers_of_the_url_notice(dev: Assembly) -> None:
    alarms = {
        alarm["Properties"]["MetricName"]: alarm["Properties"]
        for alarm in dev.resources(STACK, "AWS::CloudWatch::Alarm", "Monitoring").values()
    }
    assert set(alarms) == {"Errors", "Throttles", "Duration", "Url5xxCount", "UrlRequestLatency"}
    assert (alarms["Url5xxCount"]["Statistic"], alarms["Url5xxCount"]["Threshold"]) == ("Sum", 1)
    assert alarms["UrlRequestLatency"]["Statistic"] == "Maximum"
    assert alarms["UrlRequestLatency"]["Threshold"] == 12_000
    for alarm in alarms.values():
        dimensions = {
            dimension["Name"]: flat(dimension["Value"]) for dimension in alarm["Dimensions"]
        }
        assert dimensions["Resource"].endswith(":live")
