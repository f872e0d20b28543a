"""The OpenAPI documents: up to date, valid, complete, and true of the running services."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from serving.inputs.field import LARGEST

from stacks.config.model_service import ModelService, RestRoutes
from stacks.config.services import SERVICES
from tests.harness.json_schemas import openapi_validator, validate_openapi
from tests.harness.loopback_gateway import serve, through
from tools.local_aws.events import get, rest
from tools.local_aws.runtime_api import LambdaProcess
from tools.local_aws.served_models import VARIANTS, Variant
from tools.openapi.files import document_of, files_of

# Of more fields, an example takes a second to make, and each field has many ways to be wrong, which
# the tests of loan grade try one by one.
MANY_FIELDS = 12
# A form that is none is taken as the text it is, also where it breaks a form's schema. What is read
# of forms has tests of its own.
FORM_OR_TEXT = "application/x-www-form-urlencoded"
# What a line of it may hold no schema says.
CSV = "text/csv"
Json = dict[str, Any]
SERVED = [variant for variant in VARIANTS if variant.runtime == variant.service.runtime]
FEW_EXAMPLES = 5
"""Of each operation, with every change."""


class Described:
    """A running service and its document."""

    def __init__(self, variant: Variant, process: LambdaProcess) -> None:
        self.variant = variant
        self.name = variant.service.name
        self.document = document_of(variant.service)
        self._process = process
        self._lock = Lock()

    def ask(self, event: object, _: object = None) -> Json:
        """The answer of the function, which takes one event at a time."""
        with self._lock:
            answer: Json = self._process.invoke(event).payload
        return answer

    def check(self, answer: Json, path: str, method: str) -> Any:
        """Fail unless the answer is as documented for the operation; give its body."""
        response = self.document["paths"][path][method]["responses"][str(answer["statusCode"])]
        components = self.document["components"]
        if "$ref" in response:
            response = components["responses"][response["$ref"].rpartition("/")[2]]
        assert set(response["headers"]) <= set(answer["headers"])
        media_type = answer["headers"]["Content-Type"].partition(";")[0]
        schema = response["content"][media_type]["schema"]
        body = json.loads(answer["body"]) if "json" in media_type else answer["body"]
        openapi_validator({**schema, "components": components}).validate(body)
        return body


@pytest.fixture(scope="module", params=SERVED, ids=str)
def described(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Described]:
    variant: Variant = request.param
    environ = {**variant.environ(), "MODEL_LOCATION": "package"}
    code = variant.package(tmp_path_factory.mktemp("package") / "task")
    with LambdaProcess(code, variant.service.handler, environ=environ) as process:
        yield Described(variant, process)


def predicting(described: Described) -> str:
    return described.variant.service.routes[0].path


each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@each_service
def test_what_is_generated_is_up_to_date(service: ModelService) -> None:
    for file, text in files_of(service).items():
        assert file.is_file(), "run: python -m tools.openapi"
        assert file.read_text(encoding="utf-8") == text, "run: python -m tools.openapi"


@each_service
def test_document_is_valid_openapi(service: ModelService) -> None:
    validate_openapi(document_of(service))


def test_document_has_the_routes_that_are_deployed(described: Described) -> None:
    service = described.variant.service
    documented = {path: set(item) for path, item in described.document["paths"].items()}
    deployed = {
        route.path: {method.lower() for method in route.methods} for route in service.routes
    }
    if isinstance(service.endpoint, RestRoutes):
        assert documented == deployed
    else:  # whose path is the function's own business
        assert documented.items() >= deployed.items()
    answer = described.ask(get("/nowhere"))
    assert answer["statusCode"] == 404
    assert all(path in answer["body"] for path in documented)


def test_the_example_is_answered_as_documented(described: Described) -> None:
    event = {**described.variant.example(), "queryStringParameters": {"explain": "true"}}
    answer = described.ask(event)
    operation = described.document["paths"][predicting(described)]["post"]
    if any(one["name"] == "explain" for one in operation.get("parameters", ())):
        assert answer["statusCode"] == 200, "it is offered to tell what decided"
    described.check(answer, predicting(described), "post")
    answer = described.ask(described.variant.example())
    assert answer["statusCode"] == 200
    body = described.check(answer, predicting(described), "post")
    schema = described.document["components"]["schemas"]["Answer"]
    if "properties" in schema:  # and not one of several shapes
        assert set(schema["required"]) <= set(body) <= set(schema["properties"])


def test_every_get_is_answered_as_documented(described: Described) -> None:
    for path, item in described.document["paths"].items():
        if "get" not in item:
            continue
        headers = {"Accept": "*/*"}
        answer = described.ask(get(path, headers=headers, multiValueHeaders=None))
        assert answer["statusCode"] == 200, path
        described.check(answer, path, "get")


def test_every_member_of_the_description_is_documented(described: Described) -> None:
    body = json.loads(described.ask(get(predicting(described)))["body"])
    schema = described.document["components"]["schemas"]["Description"]
    assert set(body) == set(schema["properties"])


def test_documented_ranges_are_those_that_are_enforced(described: Described) -> None:
    """Of named fields; the ends themselves are answered, what lies beyond is not."""
    fields = described.variant.manifest.get("fields") or []
    schema = described.document["components"]["schemas"]["Input"].get("properties", {})
    documented = {key: found for key, found in schema.items() if "minimum" in found}
    ranges = {key: (found["minimum"], found["maximum"]) for key, found in documented.items()}
    answered = {
        f["name"]: (-LARGEST, LARGEST)
        if f.get("outside") == "answer"
        else (f["minimum"], f["maximum"])
        for f in fields
        if "minimum" in f
    }
    assert ranges == answered
    if not ranges:
        assert described.variant.manifest["kind"] != "fields"
        return
    path = predicting(described)
    for end, beyond in ((0, -1e-6), (1, 1e-6)):
        levels = {f["name"]: f["levels"][0] for f in fields if "levels" in f}
        row = {**levels, **{key: bounds[end] for key, bounds in ranges.items()}}
        status = {200}
        for key in (None, *ranges):
            # Beside the largest of numbers a millionth is none.
            past = row.get(key, 0) * 1.001 if abs(row.get(key, 0)) == LARGEST else None
            more = {} if key is None else {key: row[key] + beyond if past is None else past}
            body = {**row, **more}
            answer = described.ask(rest(json.dumps(body), resource=path, path=path))
            assert {answer["statusCode"]} == status, (key, answer["body"])
            status = {400}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("", {}),
        ("\ud800", {"Content-Type": "application/json"}),
        ("{", {"Content-Type": "application/json"}),
        ("[]", {"Content-Type": "application/json"}),
        ('[{"canary": 1}]', {"Content-Type": "application/json"}),
        ("x", {"Content-Type": "image/png"}),
        ("x", {"Content-Encoding": "gzip"}),
        ("x", {"Accept": "image/png"}),
        ("x" * 300_000, {}),
    ],
)
def test_refusals_are_as_documented(described: Described, body: str, headers: Json) -> None:
    path = predicting(described)
    event = rest(body, resource=path, path=path, headers=headers, multiValueHeaders=None)
    answer = described.ask(event)
    assert answer["statusCode"] >= 400
    described.check(answer, path, "post")


# Fields are generated for loan_grade, and by tests/unit/loan_grade/test_schema_agrees.py.
@pytest.mark.parametrize(
    ("described", "examples"),
    [
        pytest.param(
            variant,
            examples,
            id=f"{variant}-{examples}",
            marks=[]
            if examples == FEW_EXAMPLES and variant.service.name != "breast_cancer"
            else [pytest.mark.judge],
        )
        for variant in SERVED
        for examples in (FEW_EXAMPLES, 25)
    ],
    indirect=["described"],
)
def test_schemathesis_finds_nothing(described: Described, tmp_path: Path, examples: int) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    manifest = described.variant.manifest
    is_large = len(manifest.get("fields") or ()) > MANY_FIELDS
    options = ["--checks", "all", "--seed", "1", "--no-color"]
    options += ["--max-examples", str(examples // 5 if is_large else examples)]
    if is_large:
        options += ["--phases", "examples,fuzzing,stateful"]
    if manifest["kind"] == "picture":
        # What is refused then no schema says: addresses that lead to no picture.
        options += ["--exclude-checks", "positive_data_acceptance"]
    # Too many rows can be too many bytes first.
    refusals = '["400", "406", "413", "415"]'
    (tmp_path / "schemathesis.toml").write_text(
        f"[checks]\nnegative_data_rejection.expected-statuses = {refusals}\n"
    )
    document = copy.deepcopy(described.document)
    for item in document["paths"].values():
        for media_type in (FORM_OR_TEXT, CSV):
            item.get("post", {}).get("requestBody", {}).get("content", {}).pop(media_type, None)
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))
    with serve(through(described.ask)) as gateway:
        ran = subprocess.run(
            [program, "run", file, "--url", gateway.url.rstrip("/"), *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    operations = sum(len(item) for item in described.document["paths"].values())
    assert ran.returncode == 0, ran.stdout[-4_000:]
    assert f"Tested: {operations}" in ran.stdout
