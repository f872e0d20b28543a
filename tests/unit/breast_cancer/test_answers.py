"""What the service answers to requests it accepts, by both runtimes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.harness.small_tabular_model import FEATURES, MEANINGS, PATIENTS
from tests.unit.breast_cancer.conftest import Ask, breast_cancer
from tools.local_aws.events import get, rest
from tools.local_aws.small_model import Files

COLUMNS = {"prediction", "label", "probability", "probabilities"}


def ok(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["statusCode"] == 200, answer
    assert answer["headers"]["Content-Type"] == "application/json"
    body = json.loads(answer["body"])
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize("number", [0, 1])
def test_a_patient_is_answered_in_the_article_s_fields(ask: Ask, number: int) -> None:
    body = ok(ask(json.dumps(PATIENTS[number])))
    assert {key: body[key] for key in ("reason", "prediction", "status")} == {
        "reason": "OK",
        "prediction": number,
        "status": "200",
    }
    assert set(body) == {"reason", "status", "model", *COLUMNS}
    assert body["label"] == MEANINGS[str(number)]
    assert body["probability"] == body["probabilities"][body["label"]] > 0.5
    assert sum(body["probabilities"].values()) == pytest.approx(1)


def test_the_order_of_keys_does_not_matter(ask: Ask) -> None:
    backwards = dict(reversed(PATIENTS[1].items()))
    assert ask(json.dumps(backwards))["body"] == ask(json.dumps(PATIENTS[1]))["body"]


def test_a_list_of_patients_is_answered_in_order(ask: Ask) -> None:
    patients = [PATIENTS[1], PATIENTS[0], PATIENTS[1]]
    body = ok(ask(json.dumps(patients)))
    assert (body["reason"], body["prediction"], body["status"]) == ("OK", [1, 0, 1], "200")
    alone = [ok(ask(json.dumps(patient))) for patient in patients]
    for column in COLUMNS:
        assert body[column] == [answer[column] for answer in alone]


def test_a_list_of_one_is_answered_by_lists_of_one(ask: Ask) -> None:
    body = ok(ask(json.dumps(PATIENTS[:1])))
    assert all(isinstance(body[column], list) and len(body[column]) == 1 for column in COLUMNS)


def test_as_many_patients_as_allowed(ask: Ask) -> None:
    assert len(ok(ask(json.dumps(PATIENTS * 50)))["prediction"]) == 100


@pytest.mark.parametrize(
    "declared", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""]
)
def test_json_is_read_whatever_curl_declares(ask: Ask, declared: str) -> None:
    body = ok(ask(json.dumps(PATIENTS[0]), headers={"content-type": declared}))
    assert body["prediction"] == 0


def test_integers_and_the_ends_of_the_range_are_numbers(ask: Ask, files: Files) -> None:
    fields = json.loads(files["manifest.json"])["fields"]
    for end in ("minimum", "maximum"):
        ok(ask(json.dumps({field["name"]: field[end] for field in fields})))
    ok(ask(json.dumps(dict.fromkeys(FEATURES.values(), 0))))


def test_contributions_of_every_feature_on_request_only(ask: Ask) -> None:
    body = ok(ask(json.dumps(PATIENTS[1]), queryStringParameters={"explain": "true"}))
    explanation = body["explanation"]
    assert (explanation["label"], explanation["against"]) == ("malignant", "benign")
    assert {part["field"] for part in explanation["fields"]} == set(FEATURES.values())
    parts = [part["contribution"] for part in explanation["fields"]]
    assert explanation["base"] + sum(parts) == pytest.approx(explanation["score"], abs=1e-9)
    assert parts == sorted(parts, key=abs, reverse=True)
    assert explanation["score"] > 0
    for value in ("TRUE", "1", "false", ""):
        plain = ok(ask(json.dumps(PATIENTS[1]), queryStringParameters={"explain": value}))
        assert "explanation" not in plain


def test_explanations_of_a_list_are_a_list(ask: Ask) -> None:
    body = ok(ask(json.dumps(PATIENTS), queryStringParameters={"explain": "true"}))
    assert [one["score"] > 0 for one in body["explanation"]] == [False, True]


def test_the_same_through_a_rest_api(served: dict[str, str]) -> None:
    service = breast_cancer(served)
    event = rest(json.dumps(PATIENTS[1]), resource="/breastcancer", path="/breastcancer")
    assert ok(service.handler(event, None))["prediction"] == 1


def test_both_runtimes_agree(ask_both: tuple[Ask, Ask], files: Files) -> None:
    golden = json.loads(files["manifest.json"])["golden"]
    rows = [g["input"] for g in golden]
    portable, library = (ok(ask(json.dumps(rows))) for ask in ask_both)
    assert portable["prediction"] == library["prediction"] == [g["prediction"] for g in golden]
    for ours, theirs in zip(portable["probabilities"], library["probabilities"], strict=True):
        assert ours == pytest.approx(theirs, abs=1e-12)


def test_description(served: dict[str, str], files: Files) -> None:
    manifest = json.loads(files["manifest.json"])
    body = ok(breast_cancer(served).handler(get("/"), None))
    for member in ("labels", "classes", "fields", "recipe", "trained_with", "data", "metrics"):
        assert body[member] == manifest[member]
    assert body["limits"] == {"body_bytes": 262_144, "records": 100}
    assert body["runtime"] == "portable"
    assert "golden" not in body


def test_log_line_holds_counts_and_no_measurement(
    served: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    service = breast_cancer(served)
    service.handler(rest(json.dumps([*PATIENTS, PATIENTS[1]]), resource="/", path="/"), None)
    output = capsys.readouterr().out
    line = json.loads(output.splitlines()[-1])
    assert (line["status"], line["inputs"]) == (200, 3)
    assert line["predictions"] == {"benign": 1, "malignant": 2}
    assert "24.64" not in output


@pytest.mark.parametrize("form", ["instances", "inputs"])
def test_the_forms_of_every_service_are_answered_in_the_envelope(ask: Ask, form: str) -> None:
    body = ok(ask(json.dumps({form: PATIENTS})))
    assert body["predictions"] == ["benign", "malignant"]
    assert set(body) == {"predictions", "probabilities", "model"}
