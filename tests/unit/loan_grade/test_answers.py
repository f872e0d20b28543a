"""What the service answers to loans it accepts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.harness.small_records_model import (
    FIELDS,
    IGNORED,
    LABELS,
    LOANS,
    small_records_model,
    small_service,
)
from tests.unit.loan_grade.conftest import PATH, Ask, ask_of
from tools.local_aws.events import get
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, place


def ok(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["statusCode"] == 200, answer
    assert answer["headers"]["Content-Type"] == "application/json"
    body = json.loads(answer["body"])
    assert isinstance(body, dict)
    return body


def test_a_list_of_loans_is_answered_in_order(ask: Ask, files: Files) -> None:
    golden = json.loads(files["manifest.json"])["golden"]
    body = ok(ask(json.dumps(LOANS)))
    assert body["predictions"] == [entry["prediction"] for entry in golden]
    for probabilities, entry in zip(body["probabilities"], golden, strict=True):
        assert probabilities == pytest.approx(entry["probabilities"], abs=1e-12)
        assert list(probabilities) == LABELS
    assert len(set(body["predictions"])) > 1
    backwards = ok(ask(json.dumps(LOANS[::-1])))
    assert backwards["predictions"] == body["predictions"][::-1]


def test_a_single_loan_is_answered_by_lists_of_one(ask: Ask) -> None:
    alone, listed = (ok(ask(json.dumps(body))) for body in (LOANS[0], LOANS[:1]))
    assert alone == listed
    assert len(alone["predictions"]) == 1


def test_the_order_of_fields_does_not_matter(ask: Ask) -> None:
    backwards = dict(reversed(LOANS[0].items()))
    assert ask(json.dumps(backwards))["body"] == ask(json.dumps(LOANS[0]))["body"]


def test_the_headers_are_the_article_s_and_the_model_s(ask: Ask, served: dict[str, str]) -> None:
    answer = ask(json.dumps(LOANS[0]))
    assert answer["headers"]["X-tensorflow-prediction"] == "True"
    assert answer["headers"]["X-Model-Version"] == served["MODEL_VERSION"]
    model = {"name": "loan_grade", "version": served["MODEL_VERSION"]}
    assert ok(answer)["model"] == model
    assert "X-tensorflow-prediction" not in ask("{}")["headers"]


def test_a_level_that_training_has_not_seen_is_scored_and_told(ask: Ask) -> None:
    body = ok(ask(json.dumps([LOANS[0], {**LOANS[0], "home": "rent", "purpose": "boat"}])))
    assert body["unseen_levels"] == [
        {"record": 1, "field": "home"},
        {"record": 1, "field": "purpose"},
    ]
    assert "unseen_levels" not in ok(ask(json.dumps(LOANS[:2])))


def test_null_and_absent_are_the_same(ask: Ask) -> None:
    loan = {**LOANS[0], "months_since_delinquency": None}
    assert ask(json.dumps(loan))["body"] == ask(json.dumps(LOANS[0]))["body"]


def test_columns_that_the_model_leaves_out_are_not_looked_at(ask: Ask) -> None:
    for value in (12.5, "C4", None, [], {"a": 1}, -1e300):
        loan = {**LOANS[0], **dict.fromkeys(IGNORED, value)}
        assert ask(json.dumps(loan))["body"] == ask(json.dumps(LOANS[0]))["body"]


def test_an_integer_may_be_written_as_a_float_and_ends_are_in_range(ask: Ask) -> None:
    whole, point = ({**LOANS[0], "loan_amount": amount} for amount in (28000, 28000.0))
    assert ask(json.dumps(whole))["body"] == ask(json.dumps(point))["body"]
    for end in ("minimum", "maximum"):
        ok(ask(json.dumps({**LOANS[0], "loan_amount": FIELDS[0][end]})))


@pytest.mark.parametrize(
    "declared", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""]
)
def test_json_is_read_whatever_curl_declares(ask: Ask, declared: str) -> None:
    headers = {"content-type": declared}
    response = ask(json.dumps(LOANS[0]), headers=headers, multiValueHeaders=None)
    assert ok(response)["predictions"]


def test_as_many_loans_as_allowed_with_room_for_all_their_columns(ask: Ask) -> None:
    wide = {**LOANS[0], "sub_grade": "x" * 2_000}
    assert len(ok(ask(json.dumps([wide] * 100)))["predictions"]) == 100


def test_explanations_on_request_say_what_each_field_does(ask: Ask) -> None:
    body = ok(ask(json.dumps(LOANS), queryStringParameters={"explain": "true"}))
    for loan, explained in zip(LOANS, body["explanations"], strict=True):
        names = [entry["field"] for entry in explained["fields"]]
        effects = {entry["field"]: entry["effect"] for entry in explained["fields"]}
        assert set(names) == {field["name"] for field in FIELDS}
        assert names == sorted(names, key=lambda name: -abs(effects[name]))
        for field in FIELDS:
            typical = {**loan, field["name"]: field["typical"]}
            share = ok(ask(json.dumps(typical)))["probabilities"][0][explained["label"]]
            expected = explained["probability"] - share
            assert effects[field["name"]] == pytest.approx(expected, abs=1e-12)
    assert "explanations" not in ok(ask(json.dumps(LOANS)))


def test_no_explanation_without_typical_values() -> None:
    fields = [{**field, "typical": None} for field in FIELDS]
    with FakeS3() as s3:
        ask = ask_of(place(s3, small_records_model(fields=fields), "loan_grade"))
        ok(ask(json.dumps(LOANS)))
        refused = ask(json.dumps(LOANS), queryStringParameters={"explain": "true"})
    assert refused["statusCode"] == 400
    assert json.loads(refused["body"])["type"] == "/problems/not-explained"


def test_description(served: dict[str, str], files: Files) -> None:
    manifest = json.loads(files["manifest.json"])
    body = ok(small_service(served).handler(get(PATH), None))
    for member in ("labels", "fields", "ignored", "recipe", "data", "metrics", "runtime"):
        assert body[member] == manifest[member]
    assert body["limits"] == {"body_bytes": 262_144, "records": 100}
    assert "golden" not in body


def test_log_line_holds_counts_and_no_value(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    ask(json.dumps(LOANS))
    output = capsys.readouterr().out
    line = json.loads(output.splitlines()[-1])
    assert (line["status"], line["inputs"], line["route"]) == (200, 3, PATH)
    assert sum(line["predictions"].values()) == 3
    assert "YURT" not in output
    assert "40000.5" not in output
