"""The two paths: open where the function is told so, and nowhere else; what they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness.small_records_model import FIELDS, LOANS, small_service
from tests.unit.serving.invocations.conftest import OPEN, Ask, ask_of

LAMBDA_SRC = Path(__file__).parents[4] / "lambda_src"
COLUMNS = [field["name"] for field in FIELDS]
ROW = [LOANS[0].get(name) for name in COLUMNS]


def test_a_ping_says_that_the_model_is_loaded(records: Ask, texts: Ask, pictures: Ask) -> None:
    for ask in (records, texts, pictures):
        for method, body in (("GET", "{}"), ("HEAD", "")):
            answer = ask(None, httpMethod=method, path="/ping")
            assert (answer["statusCode"], answer["body"]) == (200, body)
        assert ask("{}", path="/ping")["statusCode"] == 405
        assert ask(None, httpMethod="GET")["statusCode"] == 405


def test_a_ping_is_refused_where_no_model_can_be_loaded(placed: dict[str, Any]) -> None:
    environ = {**placed["loan_grade"], **OPEN, "MODEL_ARTIFACTS": "{}"}
    ping = ask_of(small_service(environ).handler, "/ping")
    assert ping(None, httpMethod="GET")["statusCode"] == 503


def test_a_function_url_passes_the_paths_on(placed: dict[str, Any]) -> None:
    handler = small_service({**placed["loan_grade"], **OPEN}).handler
    context = {"http": {"method": "GET", "path": "/ping"}}
    assert handler({"rawPath": "/ping", "requestContext": context}, None)["statusCode"] == 200
    event = {
        "rawPath": "/invocations",
        "requestContext": {"http": {"method": "POST", "path": "/invocations"}},
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"inputs": [ROW]}),
    }
    assert handler(event, None)["statusCode"] == 200


def test_a_closed_door_is_not_there(placed: dict[str, Any]) -> None:
    ask = ask_of(small_service(placed["loan_grade"]).handler, "/invocations")
    assert ask(None, httpMethod="GET", path="/ping")["statusCode"] == 404
    assert ask("1,2", "text/csv")["statusCode"] == 415
    refused = ask(json.dumps({"dataframe_records": LOANS}))
    assert json.loads(refused["body"])["type"] == "/problems/missing-field"


def test_a_closed_door_costs_no_import(placed: dict[str, Any]) -> None:
    program = (
        "import sys; from serving.service import model_service; model_service()\n"
        "print([name for name in sorted(sys.modules) if 'invocations' in name or name == 'csv'])"
    )
    printed = {}
    for name, more in (("closed", {}), ("open", OPEN)):
        printed[name] = subprocess.run(
            [sys.executable, "-S", "-c", program], cwd=LAMBDA_SRC, capture_output=True, text=True,
            check=True, env={**placed["loan_grade"], **more},
        ).stdout.strip()  # fmt: skip
    assert printed == {
        "closed": "[]",
        "open": "['serving.invocations', 'serving.invocations.frames']",
    }


@pytest.mark.parametrize(
    ("body", "problem", "detail"),
    [
        ({"inputs": [ROW], "instances": [ROW]}, "unexpected-json", "exactly one of"),
        ({"inputs": [ROW], "params": 3}, "unexpected-json", "params is no object"),
        ({"dataframe_split": [ROW]}, "unexpected-json", '{"columns": [names], "data": [rows]}'),
        ({"dataframe_split": {"columns": COLUMNS}}, "unexpected-json", '"data": [rows]'),
        ({"dataframe_split": {"columns": [1, "a"], "data": []}}, "unexpected-json", "Send names"),
        ({"dataframe_split": {"columns": COLUMNS, "data": [ROW, ROW[1:]]}}, "unexpected-json",
         "dataframe_split.data[1] has 4 cells where there are 5 columns"),
        ({"dataframe_split": {"columns": COLUMNS, "data": [7]}}, "unexpected-json",
         "dataframe_split.data[0] is no list of cells"),
        ({"dataframe_split": {"columns": [*COLUMNS, COLUMNS[0]], "data": [[*ROW, 1]]}},
         "repeated-field", "dataframe_split.data[0] gives loan_amount more than once"),
        ({"dataframe_split": {"columns": [*COLUMNS, "x"], "data": [[*ROW, 1]]}}, "unknown-field",
         "dataframe_split.data[0] holds x"),
        ({"dataframe_records": {"loan_amount": 1}}, "unexpected-json", "Send a list"),
        ({"dataframe_records": []}, "unexpected-json", "The list is empty"),
        ({"dataframe_records": [{}]}, "missing-field", "dataframe_records[0] lacks the field"),
        ({"inputs": {"loan_amount": [1], "home": [1, 2]}}, "unexpected-json", "equally long"),
        ({"inputs": {"loan_amount": [1], "home": "OWN"}}, "unexpected-json", "equally long"),
        ({"inputs": [ROW, [1, 2]]}, "unexpected-json", "inputs[1] has 2 cells"),
        ({"inputs": [ROW] * 101}, "too-many-items", "101 records where 100"),
        ({"inputs": [[float("inf"), *ROW[1:]]]}, "invalid-field", "loan_amount in inputs[0]"),
        ({"inputs": [[float("nan"), *ROW[1:]]]}, "invalid-field", "loan_amount in inputs[0]"),
    ],
)  # fmt: skip
def test_what_is_refused_in_json(records: Ask, body: Any, problem: str, detail: str) -> None:
    answer = records(json.dumps(body))
    refused = json.loads(answer["body"])
    assert (answer["statusCode"], refused["type"]) == (400, f"/problems/{problem}")
    assert detail in refused["detail"]


@pytest.mark.parametrize(
    ("csv", "problem", "detail"),
    [
        ('28000,"90000', "invalid-csv", "RFC 4180"),
        ('28000,"90"0,', "invalid-csv", "RFC 4180"),
        ("28000," + "9" * 200_000, "invalid-csv", "RFC 4180"),
        ("28000,90000", "unexpected-json", "row[0] has 2 cells where there are 5 columns"),
        ("28000,9_0,,OWN,car", "invalid-field", "annual_income in row[0]"),
        ("28000,9,,OWN,car\n28000,many,,OWN,car", "invalid-field", "annual_income in row[1]"),
        ("28000,inf,,OWN,car", "invalid-field", "annual_income in row[0]"),
        ("28000,9,,,car", "invalid-field", "home in row[0]"),
        (",".join(COLUMNS), "unexpected-json", "The list is empty"),
        ("loan_amount,annual_income,home,prupose\n1,2,OWN,car", "unknown-field", "prupose"),
        ("loan_amount,annual_income,purpose\n28000,2,car", "missing-field", "row[0] lacks"),
        ("28000,9,,OWN,car\n" * 101, "too-many-items", "101 records where 100"),
        (" \n ", "empty-body", "Send lines of CSV"),
    ],
)
def test_what_is_refused_in_csv(records: Ask, csv: str, problem: str, detail: str) -> None:
    answer = records(csv, "text/csv")
    refused = json.loads(answer["body"])
    assert (answer["statusCode"], refused["type"]) == (400, f"/problems/{problem}")
    assert detail in refused["detail"]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"dataframe_split": {"columns": ["a", "b"], "data": [["x", "y"]]}}, "Item 0 (from 0)"),
        ({"inputs": [float("nan")]}, "Item 0 (from 0) is not a string"),
        ({"inputs": ["x", ["y", "z"]]}, "Item 1 (from 0) is not a string"),
    ],
)
def test_what_is_refused_of_texts(texts: Ask, body: Any, detail: str) -> None:
    answer = texts(json.dumps(body))
    assert answer["statusCode"] == 400
    assert detail in json.loads(answer["body"])["detail"]


@pytest.mark.parametrize(
    "body", ['{"instances": [{"a": 1, "a": 2}]}', '{"inputs": [], "inputs": []}']
)
def test_a_repeated_key_is_refused_whatever_it_holds(texts: Ask, body: str) -> None:
    assert texts(body)["statusCode"] == 400


def test_a_log_line_counts_inputs_without_the_header(
    records: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "\n".join([",".join(COLUMNS), "28000,9,,OWN,car", "28000,9,,OWN,car"])
    assert records(rows, "text/csv")["statusCode"] == 200
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["inputs"], line["bytes"], line["route"]) == (2, len(rows), "/invocations")
