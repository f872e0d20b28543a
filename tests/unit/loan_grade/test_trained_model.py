"""The model that is part of the repository, as the service serves it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.harness.json_schemas import validator
from tests.unit.loan_grade.conftest import Ask, ask_of
from tools import PROJECT
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, place

FOLDER = PROJECT / "model_training" / "loan_grade" / "trained"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
GOLDEN = MANIFEST["golden"]
EVENT = json.loads((PROJECT / "examples" / "loan_grade.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def trained() -> Iterator[Ask]:
    names = [*MANIFEST["artifacts"], "manifest.json"]
    files: Files = {name: (FOLDER / name).read_bytes() for name in names}
    with FakeS3() as s3:
        yield ask_of(place(s3, files, "loan_grade"))


def test_every_golden_loan_gets_its_grade(trained: Ask) -> None:
    records = [golden["input"] for golden in GOLDEN]
    body = json.loads(trained(json.dumps(records))["body"])
    assert body["predictions"] == [golden["prediction"] for golden in GOLDEN]
    for probabilities, golden in zip(body["probabilities"], GOLDEN, strict=True):
        assert probabilities == pytest.approx(golden["probabilities"], abs=1e-9, rel=0)


def test_what_says_the_grade_is_ignored(trained: Ask) -> None:
    leaks = {"interest_rate": 30.99, "installment": 1.0, "grade": "G", "sub_grade": "G5"}
    assert set(leaks) <= set(MANIFEST["ignored"])
    assert not set(MANIFEST["ignored"]) & {field["name"] for field in MANIFEST["fields"]}
    loan = GOLDEN[0]["input"]
    assert trained(json.dumps({**loan, **leaks}))["body"] == trained(json.dumps(loan))["body"]


def test_the_published_schemas_accept_the_golden_loans_and_the_example() -> None:
    document = json.loads(
        (PROJECT / "docs" / "openapi" / "loan_grade.json").read_text(encoding="utf-8")
    )
    loans = {"$ref": "#/components/schemas/Inputs", "components": document["components"]}
    gateway = json.loads(
        (PROJECT / "stacks/config/schemas/loan_grade.json").read_text(encoding="utf-8")
    )
    for body in (*(golden["input"] for golden in GOLDEN), json.loads(EVENT["body"])):
        assert validator("202012", loans).is_valid(body)
    assert validator("4", gateway).is_valid(json.loads(EVENT["body"]))


def test_the_example_s_safe_loan_is_graded_better_than_its_risky_one(trained: Ask) -> None:
    risky, safe = json.loads(trained(EVENT["body"])["body"])["predictions"]
    assert safe < risky
