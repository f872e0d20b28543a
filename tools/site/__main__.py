"""Looks at every page of build/site in Chromium, at three widths and in both schemes.

What is wrong is a line each: a page wider than its window, a picture that is not there, a request
to another host.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tools import PROJECT, chromium

SITE = PROJECT / "build" / "site"
VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (390, "dark"),
    (768, "light"),
    (1280, "dark"),
    (1280, "light"),
)


def main() -> int:
    """Look at all pages; exit status 1 where anything is wrong."""
    pages = sorted(SITE.rglob("*.html"))
    if not pages:
        print(f"There is no site in {SITE}; run: make site", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
        wrong = [line for page in pages for line in looked_at(browser, page)]
        browser.close()
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(pages)} pages looked at in {len(VIEWS)} ways: {len(wrong)} things wrong")
    return 1 if wrong else 0


def looked_at(browser: Browser, page: Path) -> list[str]:
    """What is wrong with a page, as lines."""
    name = page.relative_to(SITE) if page.is_relative_to(SITE) else page.name
    asked: list[str] = []
    shown = browser.new_page()
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(page.as_uri())
    wrong = []
    for width, scheme in VIEWS:
        shown.emulate_media(color_scheme=scheme)
        shown.set_viewport_size({"width": width, "height": 900})
        inner: int = shown.evaluate("document.documentElement.scrollWidth")
        if inner > width:
            wrong.append(f"{name}: {inner} pixels wide in a window of {width}, {scheme}")
    broken: list[str] = shown.evaluate(
        "[...document.images].filter(one => !one.naturalWidth).map(one => one.src)"
    )
    shown.close()
    wrong += [f"{name}: shows no picture at {url}" for url in broken]
    outside = {url for url in asked if not url.startswith(("file:", "data:", "blob:"))}
    return [*wrong, *(f"{name}: asks {url}" for url in sorted(outside))]


if __name__ == "__main__":
    sys.exit(main())
