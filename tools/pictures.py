"""`python -m tools.pictures`: the README's pictures of page and report, in light and dark.

The page asks the real handler with the trained model; the report is what training wrote.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, Page, Route, ViewportSize, expect, sync_playwright
from serving.http import static
from spam_or_ham.handler import spam_or_ham

from model_training.spam_or_ham.report import PAGE
from stacks.config.services import spam_or_ham as entry
from stacks.lambda_source import LAMBDA_SOURCE
from stacks.packaging.page import page as page_of
from tools import PROJECT, chromium
from tools.local_aws.events import rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place
from tools.reliability.models import trained

FOLDER = PROJECT / "docs" / "pictures"
_ORIGIN = "http://page.test"
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_SIZE: ViewportSize = {"width": 1080, "height": 720}
Handler = Callable[[object, object], dict[str, Any]]


def main() -> int:
    """Take the pictures; what is missing is one line and exit status 1."""
    report = PROJECT / entry.SERVICE.model_folder / PAGE
    try:
        model = trained()
        path = chromium.find()
        report.stat()
    except FileNotFoundError as missing:
        print(f"{missing.filename} is missing; run: make train", file=sys.stderr)
        return 1
    except chromium.NoChromium as missing:
        print(missing, file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, FakeS3() as s3, sync_playwright() as playwright:
        html = Path(scratch) / "page.html"
        html.write_text(page_of(entry.SERVICE, "text", LAMBDA_SOURCE), encoding="utf-8")
        service = spam_or_ham(place(s3, model.files), page=static.Page(str(html)))
        browser = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        for scheme in _SCHEMES:
            _page(browser, scheme, service.handler)
            _report(browser, scheme, report)
        browser.close()
    return 0


def _page(browser: Browser, scheme: Literal["light", "dark"], handler: Handler) -> None:
    shown = _opened(browser, scheme)
    shown.route(f"{_ORIGIN}/**", lambda route: _answer(route, handler))
    shown.goto(f"{_ORIGIN}/")
    shown.locator("button[data-text]").first.click()
    expect(shown.locator("li.card")).to_have_count(1)
    _take(shown, f"page-{scheme}")


def _report(browser: Browser, scheme: Literal["light", "dark"], report: Path) -> None:
    shown = _opened(browser, scheme)
    shown.goto(report.as_uri())
    _take(shown, f"report-{scheme}")


def _opened(browser: Browser, scheme: Literal["light", "dark"]) -> Page:
    return browser.new_page(viewport=_SIZE, color_scheme=scheme, reduced_motion="reduce")


def _take(shown: Page, name: str) -> None:
    file = FOLDER / f"{name}.png"
    shown.screenshot(path=file)
    shown.close()
    print(file.relative_to(PROJECT))


def _answer(route: Route, handler: Handler) -> None:
    """What the service answers, as a gateway hands it on."""
    request = route.request
    address = urlsplit(request.url)
    body = request.post_data_buffer
    event = rest(
        None if body is None else base64.b64encode(body).decode(),
        isBase64Encoded=body is not None,
        resource=address.path,
        path=address.path,
        httpMethod=request.method,
        headers=request.headers,
        multiValueHeaders={name: [value] for name, value in request.headers.items()},
        queryStringParameters=dict(parse_qsl(address.query)) or None,
    )
    with redirect_stdout(StringIO()):  # its log
        answer = handler(event, None)
    content = answer["body"]
    route.fulfill(
        status=answer["statusCode"],
        headers=answer["headers"],
        body=base64.b64decode(content) if answer.get("isBase64Encoded") else content,
    )


if __name__ == "__main__":
    sys.exit(main())
