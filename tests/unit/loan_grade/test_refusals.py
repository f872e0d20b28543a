"""What the service refuses: the row and the field are named, what was sent is not repeated."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from serving.loading.artifacts import RetryPolicy
from serving.loading.model_loader import LoadTimeouts

from tests.harness.small_records_model import FIELDS, LOANS, small_service
from tests.unit.loan_grade.conftest import PATH, Ask, ask_of
from tools.local_aws.events import get, rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, place

QUICK = LoadTimeouts(back_off=0.0, retry_policy=RetryPolicy(attempts=1))


def refused(answer: dict[str, Any], slug: str, status: int = 400) -> str:
    """The detail, where the answer is a refusal as it should be."""
    assert answer["statusCode"] == status, answer
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert answer["headers"]["Cache-Control"] == "no-store"
    body = json.loads(answer["body"])
    assert set(body) == {"type", "title", "status", "detail", "instance"}
    assert body["type"] == f"/problems/{slug}"
    return str(body["detail"])


def written(field: str, literal: str) -> str:
    """The first loan with this JSON text as a field's value."""
    return json.dumps({**LOANS[0], field: "HERE"}).replace('"HERE"', literal)


def both(ask: Ask, loan: str, slug: str) -> str:
    """The refusal of a loan alone, after checking that in a list it names the row."""
    alone = refused(ask(loan), slug)
    good = json.dumps(LOANS[1])
    listed = refused(ask(f"[{good}, {good}, {good}, {loan}]"), slug)
    assert "body[3]" in listed
    assert listed.replace("body[3]", "body") == alone
    return alone


NUMBERS = [field["name"] for field in FIELDS if field["type"] != "category"]
CATEGORIES = [field["name"] for field in FIELDS if field["type"] == "category"]
NOT_NUMBERS = ["true", "false", '"0.1"', '""', "[]", "[0.1]", "{}", "NaN", "Infinity", "-Infinity",
    "1e999", "-1e999", "9" * 400, "9" * 5_000, "-1", "1e8", "3.5e38"]  # fmt: skip
NOT_LEVELS = ["true", "1", "1.5", '""', "[]", '["RENT"]', "{}", "NaN", json.dumps("x" * 65)]


@pytest.mark.parametrize("literal", NOT_NUMBERS)
@pytest.mark.parametrize("field", NUMBERS)
def test_what_is_no_number_in_range_is_named(ask: Ask, field: str, literal: str) -> None:
    detail = both(ask, written(field, literal), "invalid-field")
    assert detail.startswith(f"The value of {field} in body is not a")
    limits = next(entry for entry in FIELDS if entry["name"] == field)
    assert f"from {limits['minimum']:.12g} to {limits['maximum']:.12g}" in detail


@pytest.mark.parametrize("literal", NOT_LEVELS)
@pytest.mark.parametrize("field", CATEGORIES)
def test_what_is_no_level_is_named(ask: Ask, field: str, literal: str) -> None:
    detail = both(ask, written(field, literal), "invalid-field")
    assert detail.startswith(f"The value of {field} in body is not a string of 1 to 64 characters")


def test_a_fraction_is_no_integer(ask: Ask) -> None:
    assert "not an integer" in both(ask, written("loan_amount", "5000.5"), "invalid-field")


@pytest.mark.parametrize("field", [f["name"] for f in FIELDS])
def test_null_is_refused_where_the_manifest_does_not_allow_it(ask: Ask, field: str) -> None:
    loan = written(field, "null")
    if next(entry for entry in FIELDS if entry["name"] == field)["nullable"]:
        assert ask(loan)["statusCode"] == 200
    else:
        assert "null" not in both(ask, loan, "invalid-field")


@pytest.mark.parametrize("field", ["loan_amount", "annual_income", "home"])
def test_a_missing_field_is_named(ask: Ask, field: str) -> None:
    loan = {name: value for name, value in LOANS[0].items() if name != field}
    detail = both(ask, json.dumps(loan), "missing-field")
    assert detail.startswith(f"body lacks the field {field}.")
    assert ("null" in detail) == (field == "annual_income")


def test_an_empty_loan_lacks_the_first_field(ask: Ask) -> None:
    assert "loan_amount" in both(ask, "{}", "missing-field")


@pytest.mark.parametrize("field", [f["name"] for f in FIELDS] + ["interest_rate"])
def test_a_repeated_field_is_named(ask: Ask, field: str) -> None:
    loan = json.dumps(LOANS[0])[:-1] + f', "{field}": 1, "{field}": 1}}'
    assert f"body gives {field} more than once" in both(ask, loan, "repeated-field")


@pytest.mark.parametrize("field", ["Loan_amount", "loanAmount", "instalment", "x"])
def test_an_unknown_field_is_named(ask: Ask, field: str) -> None:
    detail = both(ask, json.dumps({**LOANS[0], field: 1}), "unknown-field")
    assert detail.startswith(f"body holds {field}, which is no field of this model.")
    assert "loan_amount, annual_income" in detail


@pytest.mark.parametrize("field", ["", " ", "<script>", "a" * 41, "naïve", "\ud800", "x\ny", "'"])
def test_an_unknown_field_with_a_harmful_name_is_not_repeated(ask: Ask, field: str) -> None:
    detail = both(ask, json.dumps({**LOANS[0], field: 1}), "unknown-field")
    assert detail.startswith("body holds a key, which is no field of this model.")


@pytest.mark.parametrize("loan", ["null", "true", "7", '"text"', "[7]", "[]"])
def test_what_is_no_loan_in_a_list_is_named(ask: Ask, loan: str) -> None:
    detail = refused(ask(f"[{json.dumps(LOANS[0])}, {loan}]"), "unexpected-json")
    assert detail.startswith("body[1] is not a JSON object.")


def test_an_encoded_row_of_numbers_is_told_what_to_send(ask: Ask) -> None:
    detail = refused(ask(json.dumps([[0.0] * 113])), "unexpected-json")
    assert detail.startswith("body[0] is not a JSON object.")
    assert "loan_amount" in detail


@pytest.mark.parametrize(
    ("body", "slug", "status", "said"),
    [
        (None, "empty-body", 400, "missing or empty"),
        ("", "empty-body", 400, "missing or empty"),
        (" \n", "empty-body", 400, "blank"),
        ("[]", "unexpected-json", 400, "list is empty"),
        ("7", "unexpected-json", 400, "body is not a JSON object"),
        ("null", "unexpected-json", 400, "body is not a JSON object"),
        ('{"instances": [{}]}', "missing-field", 400, "instances[0] lacks the field loan_amount"),
        ("{", "invalid-json", 400, "malformed JSON"),
        ("[" * 32_000, "invalid-json", 400, "malformed JSON"),
        ('{"a":' * 10_000, "invalid-json", 400, "malformed JSON"),
        (json.dumps([{}] * 101), "too-many-items", 400, "101 records where 100"),
        (" " * 262_145, "body-too-large", 413, "larger than 262144 bytes"),
    ],
)
def test_bodies_that_hold_no_loans(ask: Ask, body: Any, slug: str, status: int, said: str) -> None:
    assert said in refused(ask(body), slug, status)


@pytest.mark.parametrize(
    ("headers", "slug", "status"),
    [
        ({"content-type": "application/xml"}, "unsupported-media-type", 415),
        ({"content-encoding": "gzip"}, "unsupported-encoding", 415),
        ({"accept": "image/png"}, "not-acceptable", 406),
    ],
)
def test_media_types(ask: Ask, headers: dict[str, str], slug: str, status: int) -> None:
    refused(ask(json.dumps(LOANS[0]), headers=headers, multiValueHeaders=None), slug, status)


def test_base64_is_read_and_checked(ask: Ask) -> None:
    text = base64.b64encode(json.dumps(LOANS[0]).encode()).decode()
    assert ask(text, isBase64Encoded=True)["statusCode"] == 200
    refused(ask(text[:-1], isBase64Encoded=True), "invalid-base64")


def test_other_methods_and_paths(served: dict[str, str]) -> None:
    service = small_service(served)
    put: Any = service.handler(rest("{}", resource=PATH, path=PATH, httpMethod="PUT"), None)
    refused(put, "method-not-allowed", 405)
    assert put["headers"]["Allow"] == "GET, HEAD, POST"
    elsewhere: Any = service.handler(get("/elsewhere"), None)
    assert PATH in refused(elsewhere, "not-found", 404)


def test_a_model_that_is_not_there_is_503_and_comes_back(files: Files) -> None:
    with FakeS3() as s3:
        environ = place(s3, files, "loan_grade")
        objects, s3.objects = s3.objects, {}
        ask = ask_of(environ, timeouts=QUICK)
        answer = ask(json.dumps(LOANS[0]))
        refused(answer, "model-unavailable", 503)
        assert answer["headers"]["Retry-After"]
        refused(ask("{"), "invalid-json")
        s3.objects = objects
        assert ask(json.dumps(LOANS[0]))["statusCode"] == 200
