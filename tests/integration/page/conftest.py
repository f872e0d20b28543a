"""A real browser, and the real handler with the trained model behind a loopback gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from serving.http import static
from spam_or_ham.handler import spam_or_ham

from tests.harness.assembled_page import assembled
from tests.harness.loopback_gateway import Gateway, serve, through
from tests.integration.page import chromium
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place
from tools.reliability.models import Generation, trained

Open = Callable[..., Page]


# Per package: while Playwright's loop is open, no other test could run one of its own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    try:
        path = chromium.find()
    except chromium.NoChromium as error:
        pytest.fail(str(error), pytrace=False)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        yield running
        running.close()


@pytest.fixture(scope="package")
def model() -> Generation:
    try:
        return trained()
    except FileNotFoundError as error:
        pytest.fail(f"{error.filename} is missing: make train", pytrace=False)


@pytest.fixture(scope="package")
def running(model: Generation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    page = assembled("spam_or_ham", "text", tmp_path_factory.mktemp("page"))
    with FakeS3() as s3:
        service = spam_or_ham(place(s3, model.files), page=static.Page(page))
        with serve(through(service.handler)) as gateway:
            yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    """The gateway as new: nothing asked, nothing replaced."""
    running.instead = None
    running.posts.clear()
    return running


@contextmanager
def visitor(browser: Browser, gateway: Gateway, *elsewhere: str) -> Iterator[Open]:
    """Opens pages, each in a context of its own; afterwards nothing may have gone wrong in them:
    no error on the console, no exception, no request to anywhere but the gateway's stage and the
    origins `elsewhere`."""
    wrong: list[str] = []
    contexts = []
    expected = (gateway.url.rstrip("/"), "data:", *elsewhere)

    def console(message: ConsoleMessage) -> None:
        # The browser itself notes every answer that is no success; the page shows those.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def requested(request: Request) -> None:
        if not request.url.startswith(expected):
            wrong.append(f"request to {request.url}")

    def open_page(url: str | None = None, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.on("request", requested)
        page = context.new_page()
        page.on("console", console)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(url or gateway.url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def visit(browser: Browser, gateway: Gateway) -> Iterator[Open]:
    """A visitor of the spam page, who meets nobody but the gateway."""
    with visitor(browser, gateway) as open_page:
        yield open_page
