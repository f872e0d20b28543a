"""A loaded service, in this process and in one of AWS's runtime client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving.service import ModelService
from spam_or_ham.handler import spam_or_ham

from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.runtime_api import LambdaProcess
from tools.local_aws.small_model import Files, place, small_model

LAMBDA_SRC = Path(__file__).parents[2] / "lambda_src"


@pytest.fixture(scope="session")
def files() -> Files:
    return small_model()


@pytest.fixture(scope="session")
def served(files: Files) -> Iterator[dict[str, str]]:
    """The variables of a function whose model lies on a fake S3 that works."""
    with FakeS3() as s3:
        yield place(s3, files)


@pytest.fixture(scope="session")
def service(served: dict[str, str]) -> ModelService:
    return spam_or_ham(served)


@pytest.fixture(scope="session")
def process(served: dict[str, str]) -> Iterator[LambdaProcess]:
    code = LAMBDA_SRC
    with LambdaProcess(code, "spam_or_ham.handler.handler", environ=served) as running:
        yield running
