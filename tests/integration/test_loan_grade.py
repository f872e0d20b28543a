"""The loan-grade service over HTTP, at the REST API of the local AWS."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from model_training.publishing.artifacts import read_manifest
from model_training.publishing.manifests import model_version
from stacks.config.services import SERVICES
from tools import PROJECT
from tools.local_aws.client import Answer, request
from tools.local_aws.session import LocalServices

SERVICE = next(service for service in SERVICES if service.name == "loan_grade")
FOLDER = PROJECT / SERVICE.model_folder
MANIFEST = read_manifest(FOLDER)
TEN = MANIFEST["golden"][:10]
# As a lender's system holds them: with columns that the model must not see.
LOANS = [{**dict.fromkeys(MANIFEST["ignored"]), **golden["input"]} for golden in TEN]
NUMBER = next(f["name"] for f in MANIFEST["fields"] if f["type"] != "category" and f["required"])


@pytest.fixture(scope="module")
def endpoint(local: LocalServices) -> str:
    return local.endpoints["loan_grade"]


def post(url: str, body: Any, content_type: str = "application/json") -> Answer:
    return request(url, json.dumps(body).encode(), headers={"Content-Type": content_type})


def test_ten_raw_loans_are_graded_as_in_training(endpoint: str) -> None:
    answer = post(endpoint, LOANS)
    assert answer.status == 200, answer.body
    assert answer.headers["x-tensorflow-prediction"] == "True"
    body = json.loads(answer.body)
    version = model_version(read_manifest(FOLDER))
    assert body["model"] == {"name": "loan_grade", "version": version}
    assert body["predictions"] == [golden["prediction"] for golden in TEN]
    for probabilities, golden in zip(body["probabilities"], TEN, strict=True):
        assert probabilities == pytest.approx(golden["probabilities"], abs=1e-9, rel=0)
    alone = json.loads(post(endpoint, LOANS[3]).body)
    assert alone["predictions"] == body["predictions"][3:4]


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_a_bad_loan_is_refused_by_its_row_and_field(endpoint: str, content_type: str) -> None:
    """By the function: the gateway would say only that the body is bad."""
    bad = [*LOANS[:7], {**LOANS[7], NUMBER: "twelve thousand"}, *LOANS[8:]]
    answer = post(endpoint, bad, content_type)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.body)
    assert problem["type"] == "/problems/invalid-field"
    assert problem["detail"].startswith(f"The value of {NUMBER} in body[7] is not ")
    assert b"twelve" not in answer.body


def test_effects_of_fields_are_told(endpoint: str) -> None:
    body = json.loads(post(f"{endpoint}?explain=true", LOANS).body)
    names = {field["name"] for field in MANIFEST["fields"]}
    for explained, label in zip(body["explanations"], body["predictions"], strict=True):
        assert explained["label"] == label
        assert {entry["field"] for entry in explained["fields"]} == names
        assert any(entry["effect"] != 0 for entry in explained["fields"])


def test_the_model_and_the_api_describe_themselves(endpoint: str) -> None:
    described = json.loads(request(endpoint).body)
    assert described["fields"] == MANIFEST["fields"]
    root = endpoint.removesuffix(SERVICE.routes[0].path)
    document = request(f"{root}/openapi.json")
    assert document.body == SERVICE.document.read_bytes()
    assert request(f"{root}/predict").status == 404
    assert request(endpoint, b"{}", method="PUT").status == 405


def test_the_schema_is_the_gateway_s_model(local: LocalServices) -> None:
    variables = local.emulator.client_environment()
    client = boto3.client(
        "apigateway",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )
    outputs = local.deployment.outputs["local-loan-grade"]
    models = client.get_models(restApiId=outputs["ApiId"])["items"]
    assert SERVICE.routes[0].schema is not None
    published = json.loads(SERVICE.routes[0].schema.read_text())
    schemas = [json.loads(m["schema"]) if isinstance(m["schema"], str) else m["schema"]
               for m in models]  # fmt: skip
    assert published in schemas
