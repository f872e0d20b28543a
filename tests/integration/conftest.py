"""The services, deployed once for the whole session to a local AWS by the real CDK CLI."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools import PROJECT
from tools.local_aws.emulator import free_port
from tools.local_aws.session import LocalServices, local_services

CONTEXT = {"batch:spam_or_ham": "yes"}
"""One service has batch, too: whoever deploys to this local AWS again says so again."""


@pytest.fixture(scope="session")
def local() -> Iterator[LocalServices]:
    """The running services of the `local` stage."""
    with local_services(
        port=free_port(),
        logs=PROJECT / "build" / "logs" / "test",
        context=CONTEXT,
    ) as services:
        yield services


@pytest.fixture(scope="session")
def spam_url(local: LocalServices) -> str:
    """URL of `/spamorham`."""
    return local.endpoints["spam_or_ham"]
