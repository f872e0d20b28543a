"""A route with a schema: the gateway publishes it as the method's model and never enforces it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from stacks.config.model_service import Route
from stacks.config.stages import STAGES
from stacks.constructs.rest_endpoint import RestEndpoint
from tools.reliability.defects.assembly import cdk_context

SCHEMA = {"$schema": "http://json-schema.org/draft-04/schema#", "type": "array"}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:posted-to"
Json = dict[str, Any]


def template(tmp_path: Path, schema: Json) -> Json:
    file = tmp_path / "loans.json"
    file.write_text(json.dumps(schema))
    stack = cdk.Stack(cdk.App(context=cdk_context()), "Graded")
    RestEndpoint(
        stack,
        "Endpoint",
        name="graded",
        routes=(
            Route(path="/predict/loan-grade", methods=("GET", "POST"), schema=file),
            Route(path="/openapi.json", methods=("GET",)),
        ),
        target=lambda_.Function.from_function_arn(stack, "Target", ARN),
        stage=replace(STAGES["dev"], cors_origin=None),
    )
    synthesized: Json = Template.from_stack(stack).to_json()
    return synthesized


def of_type(resources: Json, kind: str) -> Json:
    return {id_: r for id_, r in resources.items() if r["Type"] == f"AWS::ApiGateway::{kind}"}


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Json:
    by_id: Json = template(tmp_path_factory.mktemp("schema"), SCHEMA)["Resources"]
    return by_id


def served(resources: Json) -> dict[tuple[str, str], Json]:
    parts = {id_: r["Properties"]["PathPart"] for id_, r in of_type(resources, "Resource").items()}
    return {
        (parts[properties["ResourceId"]["Ref"]], properties["HttpMethod"]): properties
        for properties in (r["Properties"] for r in of_type(resources, "Method").values())
        if properties["Integration"]["Type"] == "AWS_PROXY"
    }


def test_the_method_that_is_posted_to_has_the_model(resources: Json) -> None:
    [(id_, model)] = of_type(resources, "Model").items()
    assert model["Properties"]["Schema"] == SCHEMA
    assert model["Properties"]["ContentType"] == "application/json"
    methods = served(resources)
    assert set(methods) == {
        ("loan-grade", "ANY"), ("loan-grade", "POST"), ("openapi.json", "ANY"),
    }  # fmt: skip
    for method, properties in methods.items():
        models = {"application/json": {"Ref": id_}}
        expected = models if method == ("loan-grade", "POST") else None
        assert properties.get("RequestModels") == expected


def test_bodies_of_that_method_are_left_to_the_function(resources: Json) -> None:
    validators = of_type(resources, "RequestValidator")
    enforced = {
        method: validators[properties["RequestValidatorId"]["Ref"]]["Properties"]
        for method, properties in served(resources).items()
    }
    for method, validator in enforced.items():
        assert validator["ValidateRequestBody"] == (method != ("loan-grade", "POST"))
        assert validator["ValidateRequestParameters"] is True


def test_another_schema_is_another_deployment(resources: Json, tmp_path: Path) -> None:
    changed = template(tmp_path, {**SCHEMA, "maxItems": 3})["Resources"]
    same = template(tmp_path, SCHEMA)["Resources"]
    assert of_type(same, "Deployment").keys() == of_type(resources, "Deployment").keys()
    assert of_type(changed, "Deployment").keys() != of_type(resources, "Deployment").keys()
