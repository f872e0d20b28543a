"""What the brake does with an alarm's message; that the real topic brings it, the integration tests
show."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.stub import Stubber
from brake import handler as brake

from stacks.config.budget import dearest_request, requests_an_hour
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES

ENVIRON = {"FUNCTION": "f", "SERVICE": "clothes", "STAGE": "prod", "TOPIC": "arn:aws:sns:x:1:t"}
SESSION = boto3.Session(
    aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1"
)  # nobody is asked


def test_it_stops_the_function_and_says_how_to_lift_that(
    capsys: pytest.CaptureFixture[str],
) -> None:
    functions, topics = SESSION.client("lambda"), SESSION.client("sns")
    message = (
        "clothes has had more requests in an hour than the stage prod may spend on, and answers "
        "none until somebody runs: make resume STAGE=prod SERVICE=clothes"
    )
    with Stubber(functions) as lambda_, Stubber(topics) as sns:
        lambda_.add_response(
            "put_function_concurrency",
            {"ReservedConcurrentExecutions": 0},
            {"FunctionName": "f", "ReservedConcurrentExecutions": 0},
        )
        sns.add_response(
            "publish",
            {"MessageId": "1"},
            {
                "TopicArn": ENVIRON["TOPIC"],
                "Subject": "clothes is stopped (prod)",
                "Message": message,
            },
        )
        brake.close(functions, topics, ENVIRON)
        lambda_.assert_no_pending_responses()
        sns.assert_no_pending_responses()
    assert json.loads(capsys.readouterr().out)["message"] == message


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_an_alarm_that_ends_changes_nothing(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brake, "close", lambda *_: pytest.fail("closed"))
    record = {"Sns": {"Message": json.dumps({"NewStateValue": state})}}
    brake.handler({"Records": [record]}, None)


def test_the_requests_are_what_the_budget_pays_for() -> None:
    for stage in STAGES.values():
        for service in SERVICES:
            count = requests_an_hour(service, stage)
            assert count * dearest_request(service) <= stage.hourly_budget
            assert (count + 1) * dearest_request(service) > stage.hourly_budget
