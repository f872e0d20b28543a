"""The page of the clothes service, with a small network behind it: fixtures of its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clothes.handler import Clothes
from playwright.sync_api import Page, expect

from tests.harness.assembled_page import assembled
from tests.harness.loopback_gateway import Gateway, serve, through
from tests.harness.picture_server import ImageServer, image_server
from tests.harness.small_clothes_model import small_clothes_model
from tests.integration.page.conftest import Open, Windows, visitor
from tools.bench.drawings import draw, encoded
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place

RED = encoded(draw("dress", ink="#ff0000", paper="#ff0000"))
"""What the small network takes for a dress."""
# Chromium encodes a canvas when it is idle, which a busy machine seldom is.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def images() -> Iterator[ImageServer]:
    with image_server() as server:
        yield server


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    page = assembled("clothes", "picture", tmp_path_factory.mktemp("page"))
    with FakeS3() as s3:
        environ = {**place(s3, small_clothes_model(), "clothes"), "FETCH_ALLOW": "loopback"}
        with serve(through(Clothes(environ, page=page).handler)) as gateway:
            yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    """The gateway as new: nothing asked, nothing replaced."""
    running.instead = None
    running.posts.clear()
    return running


@pytest.fixture
def visit(windows: Windows, gateway: Gateway, images: ImageServer) -> Iterator[Open]:
    """A visitor who may see pictures of the one picture server."""
    with visitor(windows, gateway, images.url) as open_page:
        yield open_page


def look(page: Page, address: str) -> None:
    """Ask about the picture at an address."""
    page.get_by_label("Address of a picture").fill(address)
    page.get_by_role("button", name="Look").click()


def choose(page: Page, data: bytes, name: str = "coat.png", kind: str = "image/png") -> None:
    """Choose a file, as a person does in the browser's dialogue."""
    page.get_by_label("Or a file from here").set_input_files(
        {"name": name, "mimeType": kind, "buffer": data}
    )
