"""What is wrong with a page of the documentation site is noticed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tools.site.__main__ import VIEWS, looked_at

GOOD = "<!doctype html><title>x</title><p>Words, and words, and words.</p>"


def test_a_page_that_is_too_wide_lacks_a_picture_or_asks_elsewhere(
    browser: Browser, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(GOOD)
    assert looked_at(browser, page) == []
    page.write_text(
        f'{GOOD}<p style="width: 800px">Wide</p><img src="missing.png">'
        '<script src="http://127.0.0.1:9/script.js"></script>'
    )
    wrong = looked_at(browser, page)
    narrow = [width for width, _ in VIEWS if width < 800]
    assert sum("pixels wide in a window of" in line for line in wrong) == len(narrow) == 2
    assert f"page.html: shows no picture at {(tmp_path / 'missing.png').as_uri()}" in wrong
    assert "page.html: asks http://127.0.0.1:9/script.js" in wrong
