"""Models that must not be served: 503, and the log says why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from serving.loading.artifacts import RetryPolicy
from serving.loading.model_loader import LoadTimeouts

from tests.harness.small_records_model import FIELDS, LABELS, LOANS, small_records_model
from tests.unit.loan_grade.conftest import ask_of
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, place

QUICK = LoadTimeouts(back_off=0.0, retry_policy=RetryPolicy(attempts=1))


def status(files: Files) -> Any:
    with FakeS3() as s3:
        ask = ask_of(place(s3, files, "loan_grade"), timeouts=QUICK)
        return ask(json.dumps(LOANS[0]))["statusCode"]


def reason(capsys: pytest.CaptureFixture[str]) -> str:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = (line for line in lines if line["message"] == "model not loaded")
    return str(line["reason"])


def with_field(**changes: Any) -> dict[str, Any]:
    return {"fields": [{**FIELDS[0], **changes}, *FIELDS[1:]]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fields": []}, "no fields"),
        ({"fields": None}, "no fields"),
        (with_field(name=""), "has no name"),
        (with_field(type="date"), "no type this code reads"),
        (with_field(minimum="0"), "lacks a minimum"),
        (with_field(minimum=2, maximum=1), "range of loan_amount is empty"),
        (with_field(name="home"), "same name"),
        (with_field(name="amount"), "not those the classifier"),
        ({"ignored": "interest_rate"}, "no list of names"),
        ({"labels": LABELS[::-1]}, "labels are not the model's"),
        ({"golden": []}, "no golden answers"),
    ],
)
def test_a_manifest_that_does_not_fit_is_503_and_says_why(
    capsys: pytest.CaptureFixture[str], changes: dict[str, Any], said: str
) -> None:
    assert status(small_records_model(**changes)) == 503
    assert said in reason(capsys)


@pytest.mark.parametrize("member", ["prediction", "probabilities"])
def test_other_golden_answers_are_503(capsys: pytest.CaptureFixture[str], member: str) -> None:
    golden = json.loads(small_records_model()["manifest.json"])["golden"]
    if member == "prediction":
        golden[0]["prediction"] = next(x for x in LABELS if x != golden[0]["prediction"])
    else:
        golden[0]["probabilities"]["A"] += 1e-6
    assert status(small_records_model(golden=golden)) == 503
    assert "golden" in reason(capsys)


def test_more_than_one_network_is_503(capsys: pytest.CaptureFixture[str]) -> None:
    assert status({**small_records_model(), "second.json": b"{}"}) == 503
    assert "in which order its artifacts answer" in reason(capsys)


def test_the_small_model_itself_is_served() -> None:
    assert status(small_records_model()) == 200
