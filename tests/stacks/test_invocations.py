"""The door of MLflow's and SageMaker's clients, on both kinds of endpoint, where an entry asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stacks.config.model_service import FunctionUrl, ModelService, RestRoutes
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from stacks.packaging.function_files import function_environment, function_files
from stacks.packaging.layers.built import BuiltLayers
from tests.stacks.test_rest_endpoint import methods
from tools import PROJECT
from tools.reliability.defects.assembly import Assembly, synthesize

MODULE = "serving/invocations/__init__.py"


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory,
    published: dict[str, PublishedModel],
    layers_by_service: dict[str, BuiltLayers],
) -> Assembly:
    services = [
        replace(service, invocations=True)
        for service in SERVICES
        if service.name in ("spam_or_ham", "breast_cancer")
    ]
    return synthesize(
        tmp_path_factory.mktemp("opened"), stage=STAGES["dev"], models=published,
        services=services, layers=layers_by_service,
    )  # fmt: skip


def test_a_rest_api_routes_both_paths_and_answers_the_browsers_question(opened: Assembly) -> None:
    assert opened.error is None
    declared = methods(opened, "SpamOrHam")
    for path, allowed in (("/invocations", "POST, OPTIONS"), ("/ping", "GET, HEAD, OPTIONS")):
        assert declared[path, "ANY"]["Integration"]["Type"] == "AWS_PROXY"
        (answer,) = declared[path, "OPTIONS"]["Integration"]["IntegrationResponses"]
        headers = answer["ResponseParameters"]
        assert headers["method.response.header.Access-Control-Allow-Methods"] == f"'{allowed}'"


@pytest.mark.parametrize("stack", ["SpamOrHam", "BreastCancer"])
def test_the_function_is_told(opened: Assembly, stack: str) -> None:
    function = opened.only(stack, "AWS::Lambda::Function", "Inference")["Properties"]
    assert function["Environment"]["Variables"]["SERVICE_INVOCATIONS"] == "yes"


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_only_an_open_door_is_packaged(
    service: ModelService, published: dict[str, PublishedModel]
) -> None:
    model = published[service.name]
    for invocations in (True, False):
        entry = replace(service, invocations=invocations)
        files = function_files(entry, model, PROJECT / "lambda_src")
        assert (MODULE in files) is invocations
        assert ("serving/invocations/csv_rows.py" in files) is invocations
        environment = function_environment(entry, model, "public")
        assert environment.get("SERVICE_INVOCATIONS") == ("yes" if invocations else None)


def test_the_path_that_predicts_stays_the_first() -> None:
    for service in SERVICES:
        opened = replace(service, invocations=True)
        assert opened.routes[0] == service.routes[0]
        assert [route.path for route in opened.routes[-2:]] == ["/invocations", "/ping"]
    with pytest.raises(ValueError, match="routed twice"):
        replace(SERVICES[0], endpoint=RestRoutes(routes=opened.routes), invocations=True)
    with pytest.raises(ValueError, match="routed twice"):
        replace(SERVICES[0], endpoint=FunctionUrl(routes=opened.routes), invocations=True)
