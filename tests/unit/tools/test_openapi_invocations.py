"""The document of a service that opens the door of MLflow's and SageMaker's clients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stacks.config.model_service import FunctionUrl, ModelService
from stacks.config.services import SERVICES
from tests.harness.json_schemas import openapi_validator, validate_openapi
from tests.harness.reference import REFERENCE
from tools.openapi.files import document_of

LOAN_GRADE = next(service for service in SERVICES if service.name == "loan_grade")


def document(service: ModelService) -> dict[str, Any]:
    made = document_of(replace(service, invocations=True))
    validate_openapi(made)
    return made


@pytest.mark.parametrize("service", REFERENCE, ids=lambda service: service.name)
def test_the_paths_are_those_that_are_routed(service: ModelService) -> None:
    opened = replace(service, invocations=True)
    paths = {path: set(item) for path, item in document(service)["paths"].items()}
    routed = {route.path: {method.lower() for method in route.methods} for route in opened.routes}
    assert paths.items() >= routed.items()
    assert {"/invocations", "/ping"} <= paths.keys()
    closed = document_of(service)
    assert not {"/invocations", "/ping"} & closed["paths"].keys()
    assert "Frame" not in closed["components"]["schemas"]


@pytest.mark.parametrize("service", REFERENCE, ids=lambda service: service.name)
def test_every_example_is_of_its_schema(service: ModelService) -> None:
    made = document(service)
    for path in (service.routes[0].path, "/invocations"):
        content = made["paths"][path]["post"]["requestBody"]["content"]
        assert ("text/csv" in content) is (service.name != "clothes")
        schema = {**content["application/json"]["schema"], "components": made["components"]}
        for example in content["application/json"]["examples"].values():
            openapi_validator(schema).validate(example["value"])


def test_a_row_has_a_cell_for_each_field() -> None:
    made = document(LOAN_GRADE)
    schema = {"$ref": "#/components/schemas/Frame", "components": made["components"]}
    content = made["paths"]["/invocations"]["post"]["requestBody"]["content"]["application/json"]
    record = content["examples"]["one"]["value"]
    split = content["examples"]["dataframe_split"]["value"]["dataframe_split"]
    assert split == {"columns": [*record], "data": [[*record.values()]]}
    validator = openapi_validator(schema)
    assert validator.is_valid({"dataframe_records": [record], "params": {"any": 1}})
    assert not validator.is_valid({"dataframe_records": []})
    assert not validator.is_valid({"dataframe_split": {"data": [[1]]}})
    assert not validator.is_valid({"inputs": [record], "params": 3})


def test_a_function_url_documents_no_refusal_of_a_gateway() -> None:
    service = next(each for each in REFERENCE if isinstance(each.endpoint, FunctionUrl))
    made = document(service)
    for path in ("/invocations", "/ping"):
        for operation in made["paths"][path].values():
            assert not {"403", "429", "502", "504"} & operation["responses"].keys()
