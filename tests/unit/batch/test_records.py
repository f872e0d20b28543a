"""Rows of records: fields as over HTTP, whatever form they come in."""

from __future__ import annotations

import csv
import io
import json

import pytest
from batch.errors import Refused
from batch.parts import run
from batch.scoring import Scorer
from serving.inputs.fields import Inputs
from serving.service import ModelService, read_with

from tests.unit.batch.conftest import Kept
from tools.local_aws.served_models import VARIANTS

LOANS = next(variant for variant in VARIANTS if variant.service.name == "loan_grade")


@pytest.fixture(scope="module")
def loans() -> ModelService:
    service = ModelService("/loans", Inputs(), lambda: read_with("keras"), {})
    service.prepare()(dict(LOANS.files))
    return service


def answered(service: ModelService, name: str, content: bytes, **options: object) -> Kept:
    kept = Kept()
    piece = {"key": name, "etag": "", "start": 0, "end": len(content), "line": 1}
    run({"item": 0, "pieces": [piece]}, Scorer(service, options), lambda _: [content], kept)
    return kept


def test_records_are_answered_as_recorded_and_refused_by_field(loans: ModelService) -> None:
    golden = LOANS.manifest["golden"][:20]
    records = [entry["input"] for entry in golden]
    field = next(iter(records[0]))
    bad = [{**records[0], "shoe_size": 44}, {k: v for k, v in records[0].items() if k != field}, []]
    rows = [*({**record, "id": f"r{n}"} for n, record in enumerate(records)), *bad]
    kept = answered(loans, "a.jsonl", "\n".join(map(json.dumps, rows)).encode())
    answers = [json.loads(line) for line in kept.lines("part")]
    assert [answer["id"] for answer in answers] == [f"r{n}" for n in range(20)]
    assert [answer["prediction"] for answer in answers] == [one["prediction"] for one in golden]
    for answer, entry in zip(answers, golden, strict=True):
        assert answer["probabilities"] == pytest.approx(entry["probabilities"], abs=1e-9)
    errors = [json.loads(line) for line in kept.lines("errors")]
    assert [(one["line"], one["type"].rpartition("/")[2]) for one in errors] == [
        (21, "unknown-field"), (22, "missing-field"), (23, "unexpected-json"),
    ]  # fmt: skip
    assert field in errors[1]["detail"]


def test_csv_gives_the_same_as_json_and_columns_that_are_kept_are_no_fields(
    loans: ModelService,
) -> None:
    records = [entry["input"] for entry in LOANS.manifest["golden"][:20]]
    names = sorted({name for record in records for name in record})
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "branch", *names])
    for number, record in enumerate(records):
        cells = [record.get(name) for name in names]
        writer.writerow([number, "north", *("" if cell is None else cell for cell in cells)])
    as_csv = answered(loans, "a.csv", text.getvalue().encode(), keep=["branch"])
    as_json = answered(
        loans, "a.jsonl",
        "\n".join(json.dumps({"id": str(n), "branch": "north", **record})
                  for n, record in enumerate(records)).encode(),
        keep=["branch"],
    )  # fmt: skip
    assert as_csv.lines("errors") == as_json.lines("errors") == []
    assert as_csv.lines("part") == as_json.lines("part")
    assert json.loads(as_csv.lines("part")[0])["input"] == {"branch": "north"}
    refused = answered(loans, "b.csv", text.getvalue().encode())
    assert len(refused.lines("errors")) == 20, "a column that is no field and is not kept"


def test_plain_lines_have_no_fields(loans: ModelService) -> None:
    with pytest.raises(Refused, match="plain lines have no fields"):
        answered(loans, "a.txt", b"1,2,3\n")
