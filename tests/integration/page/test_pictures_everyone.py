"""The picture page for everyone: widths, colour schemes, keyboard, screen readers, no scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.harness.loopback_gateway import Gateway, problem
from tests.harness.picture_server import ImageServer
from tests.integration.page.conftest import Open
from tests.integration.page.pictures import RED, choose, gateway, images, look, running, visit
from tests.integration.page.test_everyone import looks, picture, violations

__all__ = ["gateway", "images", "running", "visit"]  # fixtures


@pytest.mark.parametrize(("width", "scheme"), looks(320, 768, 1280, always=(768, "dark")))
def test_accessible_without_overflow(
    width: int, scheme: str, visit: Open, gateway: Gateway, images: ImageServer
) -> None:
    size = {"width": width, "height": 900}
    # The policy is lifted for the checker alone, which brings a style of its own.
    page = visit(viewport=size, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")

    def check(state: str) -> None:
        picture(page, f"pictures-{state}-{width}-{scheme}")
        assert violations(page) == [], state
        assert page.evaluate("document.documentElement.scrollWidth") == width, state

    check("start")
    page.get_by_role("button", name="T-shirt", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(10)
    check("drawing")
    look(page, f"{images.url}/pictures/dress.png?{'x' * 300}")
    expect(page.locator(".seen figcaption")).to_contain_text("dress.png")
    check("address")
    gateway.instead = lambda _: problem(429, "Too many requests", "Wait.", Retry_After="1")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("alert")).to_contain_text("Too many requests")
    check("trouble")


def test_keyboard_alone(visit: Open, images: ImageServer) -> None:
    page = visit()
    focused = "[document.activeElement.id || document.activeElement.textContent.trim(),"
    focused += " getComputedStyle(document.activeElement).outlineStyle]"
    expect(page.get_by_text("What this model is")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type(f"{images.url}/pictures/hat.png")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(10)
    order = ["address"]
    while order[-1] != "OpenAPI description" and len(order) < 30:
        page.keyboard.press("Tab")
        name, outline = page.evaluate(focused)
        assert outline != "none", f"the focus on {name} is not to be seen"
        order.append(name)
    drawings = ["T-shirt", "Long sleeves", "Trousers", "Dress", "Skirt", "Hat"]
    assert order[1:] == [
        "go", "file", *drawings, "curl", "copy",
        "What this model is", "About the model", "OpenAPI description",
    ]  # fmt: skip


def test_an_answer_reads_as_a_table(visit: Open) -> None:
    page = visit()
    choose(page, RED)
    table = page.get_by_role("table", name="All kinds, the likeliest first")
    expect(table.get_by_role("row")).to_have_count(11)
    heads = table.get_by_role("columnheader").all_inner_texts()
    assert heads == ["Kind", "Probability", "Score"]
    expect(table.get_by_role("rowheader").first).to_have_text("dress")
    expect(page.get_by_role("img", name="The picture that was looked at")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("Answered in")


def test_on_a_phone_the_answer_comes_into_view(visit: Open) -> None:
    page = visit()
    page.set_viewport_size({"width": 360, "height": 640})
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Hat", exact=True).click()
    expect(page.locator("h3.verdict")).to_be_in_viewport()


def colours(page: Page) -> str:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert isinstance(colour, str)
    return colour


def test_dark_is_dark(visit: Open) -> None:
    page = visit()
    page.emulate_media(color_scheme="light")
    assert colours(page) == "rgb(250, 248, 244)"
    page.emulate_media(color_scheme="dark")
    assert colours(page) == "rgb(23, 22, 20)"


def test_reads_without_scripts(visit: Open) -> None:
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 900})
    picture(page, "pictures-no-scripts-360-light")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_text("'PAGE/predict'")).to_be_visible()
    for button in page.get_by_role("button").all():
        expect(button).to_be_disabled()
