"""The service's OpenAPI document: true of what it answers, whatever is asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clothes.fetch.fetcher import Fetcher
from clothes.handler import Clothes

from stacks.config.services import SERVICES
from tests.harness import small_clothes_model
from tests.harness.json_schemas import openapi_validator
from tests.harness.loopback_gateway import serve, through
from tests.harness.picture_server import PICTURE, ImageServer
from tests.unit.clothes.conftest import Answer, at_predict, post
from tests.unit.clothes.fetch.conftest import PUBLIC, Network
from tools.local_aws.events import get
from tools.openapi.files import document_of

(SERVICE,) = (service for service in SERVICES if service.name == "clothes")
DOCUMENT = document_of(SERVICE)
LABELS = DOCUMENT["components"]["schemas"]["Answer"]["properties"]["predictions"]["items"]["enum"]


def check(answer: Answer, method: str = "post", path: str = "/predict") -> Any:
    """Fail unless the answer is as documented; give its body."""
    response = DOCUMENT["paths"][path][method]["responses"][str(answer["statusCode"])]
    if "$ref" in response:
        response = DOCUMENT["components"]["responses"][response["$ref"].rpartition("/")[2]]
    assert set(response["headers"]) <= set(answer["headers"])
    media_type = answer["headers"]["Content-Type"].partition(";")[0]
    schema = {**response["content"][media_type]["schema"], "components": DOCUMENT["components"]}
    body = json.loads(answer["body"]) if "json" in media_type else answer["body"]
    openapi_validator(schema).validate(body)
    return body


def test_it_names_the_labels() -> None:
    assert list(LABELS) == small_clothes_model.LABELS


def test_answers_are_as_documented(service: Clothes, images: ImageServer) -> None:
    assert set(check(post(service, {"url": f"{images.url}/chunked"}))) == set(LABELS)
    assert check(post(service, PICTURE, "image/png"))["scores"]
    for path in ("/predict", "/"):
        check(service.handler(get(path), None), "get", path)


@pytest.mark.parametrize(
    "path", ["/404", "/html", "/hangs", "/too-large-announced", "/redirect-to-metadata", "/closed"]
)
def test_refusals_of_addresses_are_as_documented(
    impatient: Clothes, images: ImageServer, path: str
) -> None:
    assert check(post(impatient, {"url": images.url + path}))["status"] >= 400


@pytest.mark.parametrize(
    "body", ["", "{", "[]", {"instances": [{"b64": "!"}]}, {"url": "file:///"}, b"x" * 4_194_305]
)
def test_refusals_of_bodies_are_as_documented(service: Clothes, body: Any) -> None:
    assert check(post(service, body))["status"] >= 400


def test_other_refusals_are_as_documented(service: Clothes) -> None:
    for changes in ({"accept": "image/png"}, {"content-type": "x/y"}, {"content-encoding": "br"}):
        event = at_predict({"httpMethod": "POST", "body": "{}", "headers": changes})
        assert check(service.handler(event, None))["status"] >= 400


class Anywhere(Network):
    """Every name there may be is that of a public host which serves nothing."""

    def resolve(self, host: str, _: int) -> list[str]:
        self.looked_up.append(host)
        return [PUBLIC]


@pytest.mark.judge
def test_schemathesis_finds_nothing(served: dict[str, str], tmp_path: Path) -> None:
    """Of what it makes up, nearly nothing is a picture: that good data is accepted, and that
    another host's faults are 502, is shown by the tests above."""
    fetcher: Fetcher = Anywhere({}).fetcher()
    program = Path(sys.executable).with_name("schemathesis")
    options = ["--checks", "all", "--seed", "1", "--max-examples", "25", "--no-color"]
    options += ["--exclude-checks", "positive_data_acceptance,not_a_server_error"]
    (tmp_path / "schemathesis.toml").write_text(
        "[checks]\nnegative_data_rejection.expected-statuses = "
        '["400", "406", "413", "415", "502", "504"]\n'
    )
    with serve(through(Clothes(served, fetcher=fetcher).handler)) as gateway:
        ran = subprocess.run(
            [program, "run", SERVICE.document, "--url", gateway.url.rstrip("/"), *options],
            cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-4_000:]
    assert "Tested: 4" in ran.stdout
