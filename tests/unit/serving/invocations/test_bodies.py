"""The bodies that MLflow's and SageMaker's clients send are answered as the service's own are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.packaging.golden import PIXEL
from tests.harness.small_records_model import FIELDS, LOANS
from tests.unit.serving.invocations.conftest import Ask

PREDICT = "/predict/loan-grade"
COLUMNS = [field["name"] for field in FIELDS]
ROWS = [[loan.get(name) for name in COLUMNS] for loan in LOANS]
NAN = float("nan")
# As `to_dict(orient="split")` gives them, and MLflow's client writes them: NaN and all.
SPLIT = {
    "index": [0, 1, 2],
    "columns": COLUMNS,
    "data": [[NAN if cell is None else cell for cell in row] for row in ROWS],
}
BY_COLUMN = {name: [row[index] for row in ROWS] for index, name in enumerate(COLUMNS)}
CSV_ROWS = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in ROWS)
CSV_HEADER = ",".join(COLUMNS)
TEXTS = ["WINNER!! claim your prize, call now", "are we still on for lunch?"]


def answered(answer: dict[str, Any]) -> Any:
    assert answer["statusCode"] == 200, answer["body"]
    assert answer["headers"]["Content-Type"] == "application/json"
    return json.loads(answer["body"])


@pytest.fixture(scope="module")
def expected(records: Ask) -> Any:
    """What the service answers to the same loans, asked in its own way."""
    return answered(records(json.dumps(LOANS), path=PREDICT))


@pytest.mark.parametrize("path", ["/invocations", PREDICT])
@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_split": SPLIT},
        {"dataframe_split": {"columns": COLUMNS[::-1], "data": [row[::-1] for row in ROWS]}},
        {"dataframe_split": {"columns": list(range(len(COLUMNS))), "data": ROWS}},
        {"dataframe_split": {"data": ROWS}},
        {"dataframe_records": LOANS},
        {"dataframe_records": LOANS, "params": {"threshold": 0.5}},
        {"dataframe_records": LOANS, "params": None, "client_request_id": "1"},
        {"dataframe_records": [dict(zip(COLUMNS, row, strict=True)) for row in SPLIT["data"]]},
        {"instances": LOANS},
        {"instances": ROWS, "signature_name": "serving_default"},
        {"inputs": LOANS},
        {"inputs": ROWS},
        {"inputs": BY_COLUMN},
        ROWS,
    ],
)  # fmt: skip
def test_a_body_in_json(records: Ask, expected: Any, body: Any, path: str) -> None:
    assert answered(records(json.dumps(body), path=path)) == expected


@pytest.mark.parametrize("path", ["/invocations", PREDICT])
@pytest.mark.parametrize(
    ("csv", "content_type"),
    [
        (CSV_ROWS, "text/csv"),
        (CSV_ROWS + "\n", "text/csv; charset=utf-8"),
        (CSV_ROWS.replace("\n", "\r\n"), "text/csv;header=absent"),
        (CSV_ROWS.replace(",,", ",NaN,"), "text/csv"),
        (f"{CSV_HEADER}\n{CSV_ROWS}", "text/csv"),
        (f"\n{CSV_HEADER}\n\n{CSV_ROWS}\n\n", "text/csv; header=present"),
        (f"{CSV_HEADER},sub_grade\n" + CSV_ROWS.replace("\n", ",A1\n") + ",A2", "text/csv"),
        # As `to_csv` writes a frame that it was not told to leave the index out of.
        (
            f",{CSV_HEADER}\n"
            + "\n".join(f"{at},{line}" for at, line in enumerate(CSV_ROWS.split("\n"))),
            "text/csv",
        ),
        ('"' + CSV_ROWS.replace(",", '","').replace("\n", '"\n"') + '"', "text/csv"),
    ],
)
def test_a_body_in_csv(records: Ask, expected: Any, csv: str, content_type: str, path: str) -> None:
    assert answered(records(csv, content_type, path=path)) == expected


def test_one_record_of_scalars_is_one_input(records: Ask, expected: Any) -> None:
    body = json.dumps({"inputs": LOANS[0]})
    assert answered(records(body))["predictions"] == expected["predictions"][:1]


def test_more_than_the_answer_is_as_ever(records: Ask) -> None:
    body = json.dumps({"dataframe_split": SPLIT})
    asked = records(body, queryStringParameters={"explain": "true"})
    assert len(answered(asked)["explanations"]) == len(LOANS)
    assert asked["headers"]["X-tensorflow-prediction"] == "True"
    assert records(body, headers={"Accept": "text/csv"}, multiValueHeaders={})["statusCode"] == 406


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (
            json.dumps({"dataframe_split": {"columns": ["message"], "data": [[t] for t in TEXTS]}}),
            None,
        ),
        (json.dumps({"dataframe_records": [{"message": text} for text in TEXTS]}), None),
        (json.dumps({"inputs": {"message": TEXTS}}), None),
        (json.dumps({"inputs": [[text] for text in TEXTS]}), None),
        (json.dumps({"instances": TEXTS, "params": {}}), None),
        ("\n".join(f'"{text}"' for text in TEXTS), "text/csv"),
        ("text\n" + "\n".join(f'"{text}"' for text in TEXTS), "text/csv"),
        ("message\n" + "\n".join(f'"{text}"' for text in TEXTS), "text/csv; header=present"),
    ],
)  # fmt: skip
def test_texts(texts: Ask, body: str, content_type: str | None) -> None:
    expected = answered(texts(json.dumps(TEXTS), path="/spamorham"))
    assert answered(texts(body, content_type)) == expected


def test_pictures(pictures: Ask) -> None:
    pixel = {"b64": PIXEL}
    expected = answered(pictures(json.dumps([pixel, pixel]), path="/predict"))
    for body in (
        {"dataframe_split": {"columns": ["b64"], "data": [[PIXEL], [PIXEL]]}},
        {"dataframe_records": [pixel, pixel]},
        {"inputs": {"b64": [PIXEL, PIXEL]}},
        {"instances": [pixel, pixel]},
    ):
        assert answered(pictures(json.dumps(body))) == expected
    assert pictures("a,b", "text/csv")["statusCode"] == 415
