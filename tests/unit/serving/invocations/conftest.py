"""Services of the three input kinds with small models, their door open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from clothes.handler import Clothes
from spam_or_ham.handler import spam_or_ham

from tests.harness.small_clothes_model import small_clothes_model
from tests.harness.small_records_model import small_records_model, small_service
from tools.local_aws.events import rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place, small_model

Ask = Callable[..., dict[str, Any]]
OPEN = {"SERVICE_INVOCATIONS": "yes"}


@pytest.fixture(scope="session")
def placed() -> Iterator[dict[str, dict[str, str]]]:
    """Of each service, the variables of a function whose model lies on a fake S3."""
    files = {
        "loan_grade": small_records_model(),
        "spam_or_ham": small_model(),
        "clothes": small_clothes_model(),
    }
    with ExitStack() as stack:
        yield {
            name: place(stack.enter_context(FakeS3()), model, name) for name, model in files.items()
        }


def ask_of(handler: Callable[[object, object], dict[str, Any]], default: str) -> Ask:
    """What sends a body to a path and gives the whole answer."""

    def ask(body: str | None, content_type: str | None = None, **changes: Any) -> dict[str, Any]:
        path = changes.pop("path", default)
        event = rest(body, content_type or "application/json", **changes)
        return handler({**event, "resource": path, "path": path}, None)

    return ask


@pytest.fixture(scope="session")
def records(placed: dict[str, dict[str, str]]) -> Ask:
    return ask_of(small_service({**placed["loan_grade"], **OPEN}).handler, "/invocations")


@pytest.fixture(scope="session")
def texts(placed: dict[str, dict[str, str]]) -> Ask:
    return ask_of(spam_or_ham({**placed["spam_or_ham"], **OPEN}).handler, "/invocations")


@pytest.fixture(scope="session")
def pictures(placed: dict[str, dict[str, str]]) -> Ask:
    return ask_of(Clothes({**placed["clothes"], **OPEN}).handler, "/invocations")
