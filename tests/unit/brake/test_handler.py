"""What the brake does with an alarm's message; that the real topic brings it, the integration tests
show."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from brake import handler as brake

from stacks.config.budget import dearest_request, requests_an_hour
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES

SESSION = boto3.Session(
    aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1"
)  # nobody is asked


def alarm(dimensions: list[dict[str, str]], state: str = "ALARM") -> dict[str, Any]:
    return {"AlarmName": "a", "NewStateValue": state, "Trigger": {"Dimensions": dimensions}}


@pytest.mark.parametrize("keys", [("name", "value"), ("Name", "Value")])
def test_it_stops_the_function_that_the_alarm_counts(
    keys: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """CloudWatch's own message has these keys in lower case, other writers in title case."""
    functions = SESSION.client("lambda")
    with Stubber(functions) as stub:
        stub.add_response(
            "put_function_concurrency",
            {"ReservedConcurrentExecutions": 0},
            {"FunctionName": "f", "ReservedConcurrentExecutions": 0},
        )
        dimensions = [("Resource", "f:live"), ("FunctionName", "f")]
        brake.close(functions, alarm([dict(zip(keys, each, strict=True)) for each in dimensions]))
        stub.assert_no_pending_responses()
    assert json.loads(capsys.readouterr().out)["function"] == "f"


def test_an_alarm_on_something_else_stops_nothing() -> None:
    with pytest.raises(ValueError, match="the alarm a counts no function's invocations"):
        brake.close(None, alarm([{"name": "ApiName", "value": "dev-clothes"}]))


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_an_alarm_that_ends_changes_nothing(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brake, "close", lambda *_: pytest.fail("closed"))
    record = {"Sns": {"Message": json.dumps(alarm([], state))}}
    brake.handler({"Records": [record]}, None)


def test_the_requests_are_what_the_budget_pays_for() -> None:
    for stage in STAGES.values():
        for service in SERVICES:
            count = requests_an_hour(service, stage)
            assert count * dearest_request(service) <= stage.hourly_budget
            assert (count + 1) * dearest_request(service) > stage.hourly_budget
