"""The OpenAPI document: up to date, valid, complete, and true of the running service."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from spam_or_ham.handler import SpamOrHam

from docs.api.document import FILE, document, rendered
from stacks.services import SERVICES
from tests.contract.cases import BAD, GOOD
from tests.harness.events import get, rest
from tests.harness.loopback_gateway import serve, through

DOCUMENT = document()
# No client's doing: such an event does not come from the gateway that the document describes.
NOT_OVER_HTTP = {"not-a-request", "invalid-base64", "not-found", "method-not-allowed"}


def schema_of(path: str, method: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The schema the document gives an answer's body; raises `KeyError` for one it lacks."""
    response = DOCUMENT["paths"][path][method]["responses"][str(answer["statusCode"])]
    if "$ref" in response:
        response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    for name in response["headers"]:
        assert name in answer["headers"]
    media_type = answer["headers"]["Content-Type"].partition(";")[0]
    schema = response["content"][media_type]["schema"]
    return {**schema, "components": DOCUMENT["components"]}


def body_of(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


def check(answer: dict[str, Any], path: str = "/spamorham", method: str = "post") -> None:
    body: Any = answer["body"]
    if "json" in answer["headers"]["Content-Type"]:
        body = body_of(answer)
    OAS31Validator(schema_of(path, method, answer)).validate(body)


def test_file_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == rendered(), "run: python -m docs.api"


def test_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_document_has_the_routes_that_are_deployed() -> None:
    (service,) = (service for service in SERVICES if service.name == "spam_or_ham")
    deployed = {
        route.path: {method.lower() for method in route.methods} for route in service.routes
    }
    assert {path: set(item) for path, item in DOCUMENT["paths"].items()} == deployed


@pytest.mark.parametrize("name", GOOD)
def test_good_cases_are_answered_as_documented(service: SpamOrHam, name: str) -> None:
    check(service.edge(GOOD[name], None))


@pytest.mark.parametrize(
    "name", [n for n, bad in BAD.items() if not NOT_OVER_HTTP & {*bad[2].split("|")}]
)
def test_bad_cases_are_answered_as_documented(service: SpamOrHam, name: str) -> None:
    check(service.edge(BAD[name][0], None))


@pytest.mark.parametrize("path", ["/spamorham", "/", "/openapi.json"])
def test_descriptions_are_as_documented(service: SpamOrHam, path: str) -> None:
    accept = {"Accept": "*/*"}
    check(service.edge(get(path, headers=accept, multiValueHeaders=None), None), path, "get")


def test_every_member_of_an_answer_is_documented(service: SpamOrHam) -> None:
    schemas = DOCUMENT["components"]["schemas"]
    explained = rest("free prize", queryStringParameters={"explain": "true"})
    answer = body_of(service.edge(explained, None))
    described = body_of(service.edge(get("/spamorham"), None))
    explanation = answer["explanations"][0]
    documented = schemas["Explanation"]["properties"]
    assert set(answer) == set(schemas["Answer"]["properties"])
    assert set(answer["model"]) == set(schemas["Model"]["properties"])
    assert set(described) == set(schemas["Description"]["properties"])
    assert set(explanation) == set(documented)
    assert set(explanation["tokens"][0]) == set(documented["tokens"]["items"]["properties"])


def test_schemathesis_finds_nothing(service: SpamOrHam, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    options = ["--checks", "all", "--seed", "1", "--max-examples", "25", "--no-color"]
    with serve(through(service.edge)) as gateway:
        ran = subprocess.run(
            [program, "run", FILE, "--url", gateway.url.rstrip("/"), *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    assert ran.returncode == 0, ran.stdout[-4_000:]
    assert "Tested: 4" in ran.stdout
