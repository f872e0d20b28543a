"""One REST API: paths to the alias, everything else refused in problem format."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, Stage
from tools.reliability.defects.assembly import Assembly, flat

STACK = "SpamOrHam"
# What answers GET answers HEAD.
SERVICE = next(service for service in SERVICES if service.stack_id == STACK)
ROUTES = {route.path: {*route.methods, "HEAD"} for route in SERVICE.routes}


def methods(assembly: Assembly, stack: str = STACK) -> dict[tuple[str, str], dict[str, Any]]:
    """(path, method) → the properties of the method."""
    paths = {
        id_: f"/{resource['Properties']['PathPart']}"
        for id_, resource in assembly.resources(stack, "AWS::ApiGateway::Resource").items()
    }
    by_path = {}
    for method in assembly.resources(stack, "AWS::ApiGateway::Method").values():
        properties = method["Properties"]
        path = paths.get(properties["ResourceId"].get("Ref"), "/")
        by_path[path, properties["HttpMethod"]] = properties
    return by_path


def gateway_responses(assembly: Assembly) -> dict[str, dict[str, Any]]:
    return {
        resource["Properties"]["ResponseType"]: resource["Properties"]
        for resource in assembly.resources(STACK, "AWS::ApiGateway::GatewayResponse").values()
    }


def test_every_path_reaches_the_alias(dev: Assembly) -> None:
    for path in ROUTES:
        integration = methods(dev)[path, "ANY"]["Integration"]
        assert integration["Type"] == "AWS_PROXY"
        assert integration["IntegrationHttpMethod"] == "POST"
        assert "${InferenceLive" in flat(integration["Uri"])


def test_there_is_one_regional_api_that_passes_bytes(dev: Assembly) -> None:
    properties = dev.only(STACK, "AWS::ApiGateway::RestApi")["Properties"]
    assert properties["BinaryMediaTypes"] == ["*/*"]
    assert properties["EndpointConfiguration"] == {"Types": ["REGIONAL"]}


@pytest.mark.parametrize("name", STAGES)
def test_the_function_gets_every_method_but_the_browsers_question(
    synthesized: Callable[[Stage], Assembly], name: str
) -> None:
    stage = STAGES[name]
    expected = {"ANY"} if stage.cors_origin is None else {"ANY", "OPTIONS"}
    by_path = methods(synthesized(stage))
    assert set(by_path) == {(path, method) for path in ROUTES for method in expected}
    for (_, method), properties in by_path.items():
        assert properties["Integration"]["Type"] == ("AWS_PROXY" if method == "ANY" else "MOCK")


def test_the_browsers_question_is_read_as_text(dev: Assembly) -> None:
    for (_, method), properties in methods(dev).items():
        if method != "OPTIONS":
            continue
        integration = properties["Integration"]
        assert integration["ContentHandling"] == "CONVERT_TO_TEXT"
        assert integration["PassthroughBehavior"] == "NEVER"
        templates = integration["RequestTemplates"]
        assert {json.loads(template)["statusCode"] for template in templates.values()} == {204}
        assert {"application/json", "text/plain"} <= set(templates)
        [response] = integration["IntegrationResponses"]
        [declared] = properties["MethodResponses"]
        assert set(declared["ResponseParameters"]) == set(response["ResponseParameters"])


def test_preflight_is_answered_where_the_stage_has_an_origin(dev: Assembly) -> None:
    for path, served in ROUTES.items():
        preflight = methods(dev)[path, "OPTIONS"]
        assert preflight["AuthorizationType"] == "NONE"
        [response] = preflight["Integration"]["IntegrationResponses"]
        assert response["StatusCode"] == "204"
        headers = response["ResponseParameters"]
        assert headers["method.response.header.Access-Control-Allow-Origin"] == "'*'"
        allowed = headers["method.response.header.Access-Control-Allow-Methods"].strip("'")
        assert set(allowed.split(", ")) == served | {"OPTIONS"}


def test_cors_headers_are_everywhere_or_nowhere(dev: Assembly, prod: Assembly) -> None:
    header = "gatewayresponse.header.Access-Control-Allow-Origin"
    assert {r["ResponseParameters"].get(header) for r in gateway_responses(dev).values()} == {"'*'"}
    assert "Access-Control" not in json.dumps(prod.template(STACK))


STATUSES = {
    "MISSING_AUTHENTICATION_TOKEN": "404",
    "THROTTLED": "429",
    "QUOTA_EXCEEDED": "429",
    "INTEGRATION_TIMEOUT": "504",
    "INTEGRATION_FAILURE": "502",
    "REQUEST_TOO_LARGE": "413",
    "ACCESS_DENIED": "403",
    "INVALID_API_KEY": "403",
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
}
RETRIED = {"THROTTLED", "QUOTA_EXCEEDED", "INTEGRATION_TIMEOUT", "INTEGRATION_FAILURE"}


def test_gateway_speaks_problem_format(dev: Assembly) -> None:
    responses = gateway_responses(dev)
    assert {kind: responses[kind].get("StatusCode") for kind in STATUSES} == STATUSES
    for kind, response in responses.items():
        headers = response["ResponseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        assert headers["gatewayresponse.header.Cache-Control"] == "'no-store'"
        assert headers["gatewayresponse.header.X-Content-Type-Options"] == "'nosniff'"
        problem = json.loads(response["ResponseTemplates"]["application/json"])
        assert {"type", "title", "detail", "instance"} <= set(problem)
        assert problem["instance"] == "urn:request:$context.requestId"
        assert str(problem.get("status")) == str(response.get("StatusCode")), kind
        assert ("gatewayresponse.header.Retry-After" in headers) or kind not in RETRIED


def test_nothing_of_the_request_is_echoed(dev: Assembly) -> None:
    for response in gateway_responses(dev).values():
        template = response["ResponseTemplates"]["application/json"]
        assert template.count("$") == template.count("$context.requestId")


def test_calls_are_throttled_and_logged_without_content(dev: Assembly) -> None:
    stage = dev.only(STACK, "AWS::ApiGateway::Stage")["Properties"]
    [setting] = stage["MethodSettings"]
    assert (setting["ThrottlingRateLimit"], setting["ThrottlingBurstLimit"]) == (50, 100)
    assert setting["DataTraceEnabled"] is False
    entry = json.loads(stage["AccessLogSetting"]["Format"])
    assert entry["requestId"] == "$context.requestId"
    assert "EndpointAccessLog" in flat(stage["AccessLogSetting"]["DestinationArn"])
    assert not [value for value in entry.values() if "body" in value or "querystring" in value]


def test_access_is_one_setting(other: Assembly, signed: Assembly) -> None:
    for assembly, expected in ((other, ("NONE", True)), (signed, ("AWS_IAM", False))):
        for (_, method), properties in methods(assembly).items():
            demanded = (properties["AuthorizationType"], properties.get("ApiKeyRequired", False))
            assert demanded == (("NONE", False) if method == "OPTIONS" else expected)
    assert len(other.resources(STACK, "AWS::ApiGateway::UsagePlanKey")) == 1
    assert signed.resources(STACK, "AWS::ApiGateway::ApiKey") == {}
    assert gateway_responses(signed)["MISSING_AUTHENTICATION_TOKEN"]["StatusCode"] == "403"
