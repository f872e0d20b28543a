"""A real browser, and the real handler with the trained model behind a loopback gateway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)
from serving.http import static
from spam_or_ham.handler import spam_or_ham

from tests.harness.assembled_page import assembled
from tests.harness.loopback_gateway import Gateway, serve, through
from tools import chromium
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place
from tools.reliability.models import Generation, trained

Open = Callable[..., Page]
SIZE = ViewportSize(width=1280, height=720)
"""Playwright's own, of a page that was asked for without one."""


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


class Windows:
    """Pages for one test after the other: to start one takes longer than most tests do.

    Each has a context of its own with the options it was asked for, and is handed out again as
    new: blank, of its size and colours, without cookies, storage, permissions, routes, and online.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: defaultdict[str, list[Page]] = defaultdict(list)

    def take(self, options: dict[str, Any]) -> Page:
        """A blank page that nobody else has."""
        free = self._free[_key(options)]
        return free.pop() if free else self._browser.new_context(**options).new_page()

    def give_back(self, page: Page, options: dict[str, Any]) -> None:
        """Make a page as new for who takes it next."""
        context = page.context
        if page.is_closed() or len(context.pages) != 1:
            context.close()
            return
        context.set_offline(False)
        page.unroute_all()
        page.goto("about:blank")
        page.emulate_media(
            color_scheme=options.get("color_scheme", "null"),
            reduced_motion=options.get("reduced_motion", "null"),
        )
        page.set_viewport_size(options.get("viewport", SIZE))
        context.clear_cookies()
        context.clear_permissions()
        session = context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
        session.send("Network.clearBrowserCache")
        session.detach()
        self._free[_key(options)].append(page)


def _key(options: dict[str, Any]) -> str:
    return repr(sorted(options.items()))


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@contextmanager
def visitor(windows: Windows, gateway: Gateway, *elsewhere: str) -> Iterator[Open]:
    """Opens pages, each in a context of its own; afterwards nothing may have gone wrong in them:
    no error on the console, no exception, no request to anywhere but the gateway's stage and the
    origins `elsewhere`."""
    wrong: list[str] = []
    opened: list[tuple[Page, dict[str, Any]]] = []
    expected = (gateway.url.rstrip("/"), "data:", *elsewhere)

    def console(message: ConsoleMessage) -> None:
        # The browser itself notes every answer that is no success; the page shows those.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def failed(error: Error) -> None:
        wrong.append(str(error))

    def requested(request: Request) -> None:
        if not request.url.startswith(expected):
            wrong.append(f"request to {request.url}")

    def open_page(url: str | None = None, **options: Any) -> Page:
        page = windows.take(options)
        opened.append((page, options))
        page.context.set_default_timeout(10_000)
        page.context.on("request", requested)
        page.on("console", console)
        page.on("pageerror", failed)
        page.goto(url or gateway.url)
        return page

    yield open_page
    for page, options in opened:
        page.context.remove_listener("request", requested)
        page.remove_listener("console", console)
        page.remove_listener("pageerror", failed)
        windows.give_back(page, options)
    assert wrong == []


@pytest.fixture
def visit(windows: Windows, gateway: Gateway) -> Iterator[Open]:
    """A visitor of the spam page, who meets nobody but the gateway."""
    with visitor(windows, gateway) as open_page:
        yield open_page
