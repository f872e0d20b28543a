"""The service with a small model of its own, by either runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from breast_cancer.article import format_answer, format_problem
from serving.service import ModelService, model_service

from tests.harness.small_tabular_model import small_tabular_model
from tools.local_aws.events import url
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import Files, place

Ask = Callable[..., dict[str, Any]]


def breast_cancer(environ: dict[str, str], **options: Any) -> ModelService:
    """The service as its handler declares it, for these variables."""
    return model_service(
        environ, format_answer=format_answer, format_problem=format_problem, **options
    )


def ask_of(service: ModelService) -> Ask:
    """What posts a body to the service's Function URL and gives the whole answer."""

    def ask(body: Any, **changes: Any) -> dict[str, Any]:
        return service.handler(url(body, "/", **changes), None)

    return ask


@pytest.fixture(scope="session")
def files() -> Files:
    return small_tabular_model()


@pytest.fixture(scope="session")
def served(files: Files) -> Iterator[dict[str, str]]:
    with FakeS3() as s3:
        yield place(s3, files, "breast_cancer")


@pytest.fixture(scope="session", params=["portable", "scikit_learn"])
def ask(request: pytest.FixtureRequest, served: dict[str, str]) -> Ask:
    return ask_of(breast_cancer({**served, "MODEL_READER": request.param}))


@pytest.fixture(scope="session")
def ask_both(served: dict[str, str]) -> tuple[Ask, Ask]:
    """The same service by the portable runtime and by scikit-learn."""
    return ask_of(breast_cancer(served)), ask_of(
        breast_cancer({**served, "MODEL_READER": "scikit_learn"})
    )
