"""The document of spam-or-ham is true of every case there is, good and bad."""

from __future__ import annotations

import json
from typing import Any

import pytest
from serving.service import ModelService

from stacks.config.services import SERVICES
from tests.harness.json_schemas import openapi_validator
from tools.local_aws.events import rest
from tools.openapi.files import document_of
from tools.reliability.hostile_events import BAD, GOOD

DOCUMENT = document_of(next(service for service in SERVICES if service.name == "spam_or_ham"))
# No client's doing: such an event does not come from the gateway that the document describes.
NOT_OVER_HTTP = {"not-a-request", "invalid-base64", "not-found", "method-not-allowed"}


def check(answer: dict[str, Any]) -> None:
    """Fail unless the document has this answer; `KeyError` for a status or type it lacks."""
    response = DOCUMENT["paths"]["/spamorham"]["post"]["responses"][str(answer["statusCode"])]
    components = DOCUMENT["components"]
    if "$ref" in response:
        response = components["responses"][response["$ref"].rpartition("/")[2]]
    assert set(response["headers"]) <= set(answer["headers"])
    media_type = answer["headers"]["Content-Type"].partition(";")[0]
    schema = {**response["content"][media_type]["schema"], "components": components}
    body = json.loads(answer["body"]) if "json" in media_type else answer["body"]
    openapi_validator(schema).validate(body)


@pytest.mark.parametrize("name", GOOD)
def test_good_cases_are_answered_as_documented(service: ModelService, name: str) -> None:
    check(service.handler(GOOD[name], None))


@pytest.mark.parametrize(
    "name", [n for n, bad in BAD.items() if not NOT_OVER_HTTP & {*bad[2].split("|")}]
)
def test_bad_cases_are_answered_as_documented(service: ModelService, name: str) -> None:
    check(service.handler(BAD[name][0], None))


def test_every_member_of_an_answer_is_documented(service: ModelService) -> None:
    schemas = DOCUMENT["components"]["schemas"]
    answer = service.handler(rest("free prize", queryStringParameters={"explain": "true"}), None)
    body = json.loads(str(answer["body"]))
    explanation = body["explanations"][0]
    documented = schemas["Explanation"]["properties"]
    assert set(body) == set(schemas["Answer"]["properties"])
    assert set(body["model"]) == set(schemas["Model"]["properties"])
    assert set(explanation) == set(documented)
    assert set(explanation["tokens"][0]) == set(documented["tokens"]["items"]["properties"])
