"""The service with a small model of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.harness.small_records_model import small_records_model, small_service
from tools.local_aws.events import rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, place

PATH = "/predict/loan-grade"

Ask = Callable[..., dict[str, Any]]


def ask_of(environ: dict[str, str], **options: Any) -> Ask:
    """What posts a body to the service and gives the whole answer."""
    service = small_service(environ, **options)

    def ask(body: Any, **changes: Any) -> dict[str, Any]:
        return service.handler(rest(body, resource=PATH, path=PATH, **changes), None)

    return ask


@pytest.fixture(scope="session")
def files() -> Files:
    return small_records_model()


@pytest.fixture(scope="session")
def served(files: Files) -> Iterator[dict[str, str]]:
    with FakeS3() as s3:
        yield place(s3, files, "loan_grade")


@pytest.fixture(scope="session")
def ask(served: dict[str, str]) -> Ask:
    return ask_of(served)
