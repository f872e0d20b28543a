"""The page for everyone: widths, colour schemes, keyboard, screen readers, scripts blocked.

With SCREENSHOTS=FOLDER in the environment, every state that is checked is also left as a picture.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness.judged import sampled
from tests.harness.loopback_gateway import Gateway, problem
from tests.integration.page.conftest import Open
from tools import PROJECT

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = os.environ.get("SCREENSHOTS")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """rules => axe.run(document, {runOnly: rules}).then(found => found.violations.map(
    v => v.id + ": " + v.nodes.map(n => n.html + " " + n.failureSummary).join(" | ")))"""


def picture(page: Page, name: str) -> None:
    """For eyes, not for the test: a browser that cannot take it has failed at nothing."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def looks(*widths: int, always: tuple[int, str]) -> list[Any]:
    """Each width in each scheme: pages share their styles, so that with every change one of them
    is looked at in one way, and the next in another."""
    return sampled(product(widths, ("light", "dark")), [always])


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    outcome = page.evaluate(RUN_AXE, RULES)
    assert isinstance(outcome, list)
    return outcome


@pytest.mark.parametrize(("width", "scheme"), looks(360, 768, 1280, always=(360, "light")))
def test_accessible_without_overflow(
    width: int, scheme: str, visit: Open, gateway: Gateway
) -> None:
    size = {"width": width, "height": 900}
    # The policy is lifted for the checker alone, which brings a style of its own.
    page = visit(viewport=size, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")

    def look(state: str) -> None:
        picture(page, f"{state}-{width}-{scheme}")
        assert violations(page) == [], state
        assert page.evaluate("document.documentElement.scrollWidth") == width, state

    look("start")
    page.get_by_role("button", name="A prize").click()
    expect(page.locator("li.card")).to_have_count(1)
    look("answer")
    page.get_by_role("button", name="Several at once").click()
    expect(page.locator("li.card")).to_have_count(4)
    look("several")
    gateway.instead = lambda _: problem(429, "Too many requests", "Wait.", Retry_After="1")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("Too many requests")
    look("trouble")


def test_dark_is_dark(visit: Open) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    page = visit()
    page.emulate_media(color_scheme="light")
    assert page.evaluate(background) == "rgb(250, 248, 244)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == "rgb(23, 22, 20)"


def test_keyboard_alone(visit: Open) -> None:
    page = visit()
    focused = "[document.activeElement.id || document.activeElement.textContent.trim(),"
    focused += " getComputedStyle(document.activeElement).outlineStyle]"
    expect(page.get_by_text("What this model is")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("claim your prize now")
    page.keyboard.press("Control+Enter")
    expect(page.locator("li.card h3 b")).to_have_text("Spam")
    order = ["text"]
    while order[-1] != "OpenAPI description" and len(order) < 30:
        page.keyboard.press("Tab")
        name, outline = page.evaluate(focused)
        assert outline != "none", f"the focus on {name} is not to be seen"
        order.append(name)
    examples = ["A prize", "A friend", "A tricky friend", "A parcel", "A disguise"]
    assert order[1:9] == ["one", "go", *examples, "Several at once"]
    assert order[-5:] == [
        "curl", "copy", "What this model is", "About the model", "OpenAPI description",
    ]  # fmt: skip
    assert "Words that decided" in order


def test_radio_by_arrow_and_button_by_enter(visit: Open) -> None:
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    page.keyboard.type("claim your prize now")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("li.card h3 b")).to_have_text(["Ham", "Spam"])


def test_on_a_phone_the_answer_comes_into_view(visit: Open) -> None:
    page = visit()
    page.set_viewport_size({"width": 360, "height": 640})
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="A friend", exact=True).click()
    expect(page.locator("li.card h3")).to_be_in_viewport()


def test_reads_without_scripts(visit: Open) -> None:
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 900})
    picture(page, "no-scripts-360-light")
    # Text selectors leave noscript out.
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("noscript p")).to_contain_text("Scripts are off in this browser")
    expect(page.get_by_text("curl --data-raw 'Your message' 'PAGE/spamorham'")).to_be_visible()
    expect(page.get_by_text("sent only to this endpoint, and is never logged")).to_be_visible()
    for button in page.get_by_role("button").all():
        expect(button).to_be_disabled()
