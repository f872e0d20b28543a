"""What the service refuses: the field is named, the status is true, the shape the article's."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from serving.loading.artifacts import RetryPolicy
from serving.loading.model_loader import LoadTimeouts

from tests.harness.small_tabular_model import FEATURES, PATIENTS
from tests.unit.breast_cancer.conftest import Ask, breast_cancer
from tools.local_aws.events import get, url
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, place

KEYS = list(FEATURES.values())
MISSING = (
    "must contain values for: meanConcavePoints, worstRadius, worstTexture, worstArea, "
    "worstConcavePoints"
)


def refused(answer: dict[str, Any], status: int) -> str:
    """The reason, where the answer is a refusal as it should be."""
    assert answer["statusCode"] == status, answer
    assert answer["headers"]["Content-Type"] == "application/json"
    assert answer["headers"]["Cache-Control"] == "no-store"
    body = json.loads(answer["body"])
    assert set(body) == {"reason", "prediction", "status"}
    assert (body["prediction"], body["status"]) == ("", str(status))
    assert isinstance(body["reason"], str)
    return body["reason"]


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in PATIENTS[0].items() if name != key}


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_feature_is_answered_in_the_article_s_sentence(ask: Ask, key: str) -> None:
    assert refused(ask(json.dumps(without(key))), 400) == f"'body' {MISSING}"
    listed = json.dumps([PATIENTS[0], without(key)])
    assert refused(ask(listed), 400) == f"'body[1]' {MISSING}"


def test_an_empty_object_misses_everything(ask: Ask) -> None:
    assert refused(ask("{}"), 400) == f"'body' {MISSING}"


@pytest.mark.parametrize(
    "literal",
    ["null", "true", "false", '"0.1"', '""', "[]", "[0.1]", "{}", "NaN", "Infinity", "-Infinity",
     "1e999", "-1e999", "9" * 400, "9" * 5_000, "-1", "-1e-9", "1e9", "3.5e38"],
)  # fmt: skip
@pytest.mark.parametrize("key", KEYS)
def test_a_value_that_cannot_be_used_is_named(ask: Ask, key: str, literal: str) -> None:
    text = json.dumps({**PATIENTS[0], key: "HERE"}).replace('"HERE"', literal)
    reason = refused(ask(text), 400)
    assert reason.startswith(f"The value of {key} in body is not a number (no string) from 0 to ")
    reason = refused(ask(f"[{json.dumps(PATIENTS[1])}, {text}]"), 400)
    assert reason.startswith(f"The value of {key} in body[1] ")


@pytest.mark.parametrize("key", KEYS)
def test_a_repeated_feature_is_named(ask: Ask, key: str) -> None:
    text = json.dumps(PATIENTS[0])[:-1] + f', "{key}": 0.1}}'
    assert f" {key} more than once" in refused(ask(text), 400)
    text = json.dumps(without(key))[:-1] + f', "{key}": 0.1, "{key}": 0.1}}'
    assert f" {key} more than once" in refused(ask(text), 400)


@pytest.mark.parametrize("key", ["meanRadius", "worstradius", "x", "id"])
def test_an_unknown_feature_is_named(ask: Ask, key: str) -> None:
    reason = refused(ask(json.dumps({**PATIENTS[0], key: 1.0})), 400)
    assert reason.startswith(f"body holds {key}, which is no field of this model.")


@pytest.mark.parametrize("key", ["", " ", "<script>", "a" * 41, "naïve", "\ud800", "x\ny", "'"])
def test_an_unknown_feature_with_a_harmful_name_is_not_repeated(ask: Ask, key: str) -> None:
    reason = refused(ask(json.dumps({**PATIENTS[0], key: 1.0})), 400)
    assert reason.startswith("body holds a key, which is no field of this model.")


@pytest.mark.parametrize("body", ["null", "true", "7", '"text"', "[7]", "[null]", "[[]]"])
def test_what_is_no_patient_is_refused(ask: Ask, body: str) -> None:
    place = "body[0]" if body.startswith("[") else "body"
    assert refused(ask(body), 400).startswith(f"{place} is not a JSON object.")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (None, 400, "missing or empty"),
        ("", 400, "missing or empty"),
        (" \n", 400, "blank"),
        ("[]", 400, "list is empty"),
        ("{", 400, "malformed JSON"),
        ("meanConcavePoints=1", 400, "malformed JSON"),
        ("[" * 32_000, 400, "malformed JSON"),
        ('{"a":' * 10_000, 400, "malformed JSON"),
        (json.dumps([{}] * 101), 400, "101 records where 100"),
        (" " * 262_145, 413, "larger than 262144 bytes"),
    ],
)
def test_bodies_that_hold_no_patients(ask: Ask, body: Any, status: int, said: str) -> None:
    assert said in refused(ask(body), status)


def test_many_keys_cost_no_more_than_their_number(ask: Ask) -> None:
    text = "{" + ",".join(f'"k{number}":1' for number in range(6_000)) + ',"k5999":1}'
    assert "k5999 more than once" in refused(ask(text), 400)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "application/xml"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({"content-encoding": "gzip"}, 415),
        ({"accept": "image/png"}, 406),
    ],
)
def test_media_types(ask: Ask, headers: dict[str, str], status: int) -> None:
    refused(ask(json.dumps(PATIENTS[0]), headers=headers), status)


def test_base64_is_read_and_checked(ask: Ask) -> None:
    text = base64.b64encode(json.dumps(PATIENTS[0]).encode()).decode()
    assert ask(text, isBase64Encoded=True)["statusCode"] == 200
    refused(ask(text[:-1], isBase64Encoded=True), 400)
    refused(ask(base64.b64encode(b"\xff").decode(), isBase64Encoded=True), 400)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods(served: dict[str, str], method: str) -> None:
    answer: Any = breast_cancer(served).handler(url("{}", "/", method), None)
    assert "GET, HEAD, POST" in refused(answer, 405)
    assert answer["headers"]["Allow"] == "GET, HEAD, POST"


def test_other_paths(served: dict[str, str]) -> None:
    answer: Any = breast_cancer(served).handler(get("/elsewhere"), None)
    assert refused(answer, 404).endswith("The paths are: /, /openapi.json.")


@pytest.mark.parametrize("event", [None, [], "x", 7, {}, {"Records": []}])
def test_foreign_events(served: dict[str, str], event: Any) -> None:
    answer: Any = breast_cancer(served).handler(event, None)
    refused(answer, 400)


def test_a_model_that_is_not_there_is_503(files: Files) -> None:
    quick = LoadTimeouts(back_off=0.0, retry_policy=RetryPolicy(attempts=1))
    with FakeS3() as s3:
        environ = place(s3, files, "breast_cancer")
        objects, s3.objects = s3.objects, {}
        service = breast_cancer(environ, timeouts=quick)
        answer: Any = service.handler(url(json.dumps(PATIENTS[0]), "/"), None)
        refused(answer, 503)
        assert answer["headers"]["Retry-After"]
        # What is wrong without a model is said without one.
        malformed: Any = service.handler(url("{", "/"), None)
        refused(malformed, 400)
        s3.objects = objects
        assert service.handler(url(json.dumps(PATIENTS[0]), "/"), None)["statusCode"] == 200
