"""The service with a small network of its own, and a web server whose pictures it may fetch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from clothes.fetch.fetcher import Fetcher, Limits
from clothes.handler import Clothes

from tests.harness.picture_server import ImageServer, image_server
from tests.harness.small_clothes_model import small_clothes_model
from tools.local_aws.events import binary, rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, place

Answer = dict[str, Any]
Ask = Callable[..., Answer]
QUICK = Limits(seconds=0.25)
"""Of fetching, where a server never ends."""


@pytest.fixture(scope="session")
def files() -> Files:
    return small_clothes_model()


@pytest.fixture(scope="session")
def served(files: Files) -> Iterator[dict[str, str]]:
    with FakeS3() as s3:
        yield place(s3, files, "clothes")


@pytest.fixture(scope="session")
def images() -> Iterator[ImageServer]:
    with image_server() as server:
        yield server


@pytest.fixture(scope="session")
def service(served: dict[str, str]) -> Clothes:
    """Of a stage that lets callers name loopback addresses."""
    return Clothes({**served, "FETCH_ALLOW": "loopback"})


@pytest.fixture(scope="session")
def impatient(served: dict[str, str]) -> Clothes:
    """The same, giving up soon."""
    return Clothes(served, fetcher=Fetcher(loopback=True, limits=QUICK))


def at_predict(event: Answer) -> Answer:
    """The event as one for this service's path."""
    return {**event, "resource": "/predict", "path": "/predict"}


def post(service: Clothes, body: Any, content_type: str | None = "application/json") -> Answer:
    """The answer to a body: bytes as a gateway sends them, text as it is, the rest as JSON."""
    if isinstance(body, bytes):
        event = binary(body, content_type)
    else:
        event = rest(body if isinstance(body, str) else json.dumps(body), content_type)
    return service.handler(at_predict(event), None)


def told(answer: Answer, status: int = 200) -> Any:
    """The JSON of an answer with this status."""
    assert answer["statusCode"] == status, answer
    assert answer["body"].isascii()
    return json.loads(answer["body"])


def refused(answer: Answer, status: int, slug: str) -> str:
    """The detail of a refusal that is as every problem is."""
    body = told(answer, status)
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert body["type"] == f"/problems/{slug}", body
    assert body["status"] == status
    assert isinstance(body["detail"], str)
    return body["detail"]
