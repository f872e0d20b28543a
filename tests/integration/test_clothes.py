"""The clothes service over HTTP, at the REST API of the local AWS, with pictures from next door."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from model_training.publishing.artifacts import read_manifest
from model_training.publishing.manifests import model_version
from stacks.config.services import SERVICES
from tests.harness.picture_server import GOOD, ImageServer, image_server
from tests.harness.small_clothes_model import LABELS
from tools import PROJECT
from tools.bench.drawings import OUTLINES, draw, encoded
from tools.local_aws.client import Answer, request
from tools.local_aws.session import LocalServices

CLOSE = 1e-3
"""Relative to the largest score: the same picture, read by the same code on this machine."""


@pytest.fixture(scope="module")
def endpoint(local: LocalServices) -> str:
    return local.endpoints["clothes"]


@pytest.fixture(scope="module")
def images() -> Iterator[ImageServer]:
    with image_server() as server:
        yield server


def post(url: str, body: Any, content_type: str = "application/json") -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return request(url, data, headers={"Content-Type": content_type})


def told(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.body
    return json.loads(answer.body)


def closely(scores: dict[str, float]) -> Any:
    largest = max(1.0, *map(abs, scores.values()))
    return pytest.approx(scores, abs=CLOSE * largest)


@pytest.mark.parametrize("kind", OUTLINES)
def test_an_address_is_answered_by_exactly_the_ten_scores(
    endpoint: str, images: ImageServer, kind: str
) -> None:
    """And they are the scores of the same picture when it is in the body."""
    answer = post(endpoint, {"url": f"{images.url}/pictures/{kind}.png"})
    scores = told(answer)
    assert list(scores) == list(LABELS)
    assert all(isinstance(score, float) for score in scores.values())
    assert answer.headers["content-type"] == "application/json"
    sent = told(post(endpoint, encoded(draw(kind)), "image/png"))
    assert sent["scores"] == [closely(scores)]
    assert sent["predictions"] == [max(scores, key=scores.__getitem__)]


def test_the_model_is_the_committed_one(endpoint: str) -> None:
    (service,) = (service for service in SERVICES if service.name == "clothes")
    folder = PROJECT / service.model_folder
    version = model_version(read_manifest(folder))
    answer = request(endpoint)
    body = told(answer)
    assert body["model"] == {"name": "clothes", "version": version}
    assert answer.headers["x-model-version"] == version
    manifest = read_manifest(folder)
    assert body["labels"] == manifest["labels"] == list(LABELS)
    assert body["metrics"] == manifest["metrics"]


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_files_pass_the_gateway_byte_for_byte(
    endpoint: str, images: ImageServer, form: str
) -> None:
    address = {"url": f"{images.url}/pictures/dress.{form}"}
    data = encoded(draw("dress"), form.upper())
    scores = told(post(endpoint, address))
    listed = {"instances": [address, {"b64": base64.b64encode(data).decode()}]}
    body = told(post(endpoint, listed))
    assert body["scores"] == [closely(scores)] * 2
    assert told(post(endpoint, data, f"image/{form}"))["scores"] == [closely(scores)]
    assert sum(body["probabilities"][0].values()) == pytest.approx(1)


def test_however_a_picture_is_delivered(endpoint: str, images: ImageServer) -> None:
    expected = told(post(endpoint, {"url": f"{images.url}/pictures/t-shirt.png"}))
    addresses = [{"url": images.url + path} for path in GOOD]
    for start in range(0, len(addresses), 8):
        part = addresses[start : start + 8]
        body = told(post(endpoint, {"instances": part}))
        assert body["scores"] == [closely(expected)] * len(part)


def test_direct_invocation(local: LocalServices, images: ImageServer) -> None:
    variables = local.emulator.client_environment()
    client = boto3.client(
        "lambda",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )
    (name,) = (
        function["FunctionName"]
        for function in client.list_functions()["Functions"]
        if function.get("Handler") == "clothes.handler.handler"
    )

    def invoke(event: dict[str, Any]) -> Any:
        reply = client.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        assert "FunctionError" not in reply
        return json.loads(reply["Payload"].read())

    assert list(invoke({"url": f"{images.url}/pictures/hat.png"})) == list(LABELS)
    refused = invoke({"url": "https://169.254.169.254/latest/meta-data/"})
    assert refused["error"]["type"] == "/problems/refused-host"


@pytest.mark.parametrize(
    ("address", "status", "slug"),
    [
        ("http://169.254.169.254/latest/meta-data/iam/", 400, "refused-host"),
        ("https://10.0.0.1/", 400, "refused-host"),
        ("https://[fd00:ec2::254]/", 400, "refused-host"),
        ("http://2130706433/", 400, "refused-url"),
        ("file:///etc/passwd", 400, "refused-url"),
        ("HOST/redirect-to-metadata", 400, "refused-host"),
        ("HOST/redirect-to-file", 400, "refused-url"),
        ("HOST/html", 400, "unreadable-picture"),
        ("HOST/too-large-unannounced", 413, "picture-too-large"),
        ("HOST/404", 502, "picture-not-fetched"),
        ("HOST/redirect-loop", 502, "picture-not-fetched"),
        ("HOST/truncated", 502, "picture-not-fetched"),
    ],
)
def test_addresses_are_refused_as_problems(
    endpoint: str, images: ImageServer, address: str, status: int, slug: str
) -> None:
    answer = post(endpoint, {"url": address.replace("HOST", images.url)})
    problem = told(answer, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == status
    assert images.url not in answer.body.decode()


def test_a_host_that_never_ends_is_given_up_in_time(endpoint: str, images: ImageServer) -> None:
    paths = ("/hangs", "/trickles-body", "/trickles-headers", "/hangs-in-body")
    answer = post(endpoint, {"instances": [{"url": images.url + path} for path in paths]})
    problem = told(answer, 504)
    assert problem["type"] == "/problems/fetch-timeout"
    assert problem["detail"].startswith("instances[0]: ")
    # And the function is as well as before.
    assert told(post(endpoint, {"url": f"{images.url}/pictures/hat.png"}))


def test_the_page_and_the_document_are_there(endpoint: str) -> None:
    root = endpoint.removesuffix("predict")
    page = request(root)
    assert page.status == 200
    assert "img-src data: https: http:" in page.headers["content-security-policy"]
    assert "/predict" in told(request(f"{root}openapi.json"))["paths"]
