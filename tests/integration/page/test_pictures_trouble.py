"""The picture page where something goes wrong: said in sentences, and the page goes on."""

from __future__ import annotations

import json
from threading import Event

import pytest
from playwright.sync_api import expect

from tests.harness.judged import sampled
from tests.harness.loopback_gateway import Answer, Asked, Gateway, problem
from tests.harness.picture_server import PICTURE, ImageServer
from tests.integration.page.conftest import Open
from tests.integration.page.pictures import RED, choose, gateway, images, look, running, visit

__all__ = ["gateway", "images", "running", "visit"]  # fixtures

MARKUP = "<img src=x onerror=document.title='run'><script>document.title='run'</script>&amp;"
TROUBLE = {
    "too many requests": (
        problem(429, "Too many requests", "The rate is used up.", Retry_After="2"),
        ["Too many requests", "The rate is used up. Try again in 2 seconds.", "Status 429"],
    ),
    "a bare message": (
        Answer(403, b'{"message":"Forbidden"}'),
        ["The endpoint refused the request", "Forbidden", "Status 403"],
    ),
    "a proxy's page": (Answer(502, b"<html>"), ["gave no reason", "Status 502"]),
    "no answer in it": (Answer(200, b"<p>hello"), ["The answer is not what was expected"]),
    "bare scores": (Answer(200, b'{"hat": 1}'), ["The answer is not what was expected"]),
    "odd types": (
        Answer(200, b'{"predictions":["hat"],"probabilities":[7],"scores":[null]}'),
        ["The answer cannot be shown"],
    ),
    "null": (Answer(200, b"null"), ["The answer is not what was expected"]),
    "hung up": (Answer(0), ["The endpoint cannot be reached"]),
    "markup": (problem(400, MARKUP, MARKUP), [MARKUP]),
}


@pytest.mark.parametrize("case", sampled(TROUBLE, ["bare scores", "hung up"]))
def test_trouble_is_said_and_the_page_goes_on(case: str, visit: Open, gateway: Gateway) -> None:
    answer, expected = TROUBLE[case]
    gateway.instead = lambda _: answer
    page = visit()
    choose(page, RED)
    alert = page.get_by_role("alert")
    for words in expected:
        expect(alert).to_contain_text(words)
    assert alert.locator("img, script").count() == 0
    expect(page.locator("#results")).to_be_empty()
    gateway.instead = None
    page.get_by_role("button", name="Hat", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(alert).to_be_empty()


@pytest.mark.parametrize(
    ("address", "title", "words"),
    sampled(
        [
            (
                "https://169.254.169.254/latest",
                "The host has no address",
                "not on the public internet",
            ),
            (
                "file:///etc/passwd",
                "not of a form that is fetched",
                "Send the address of a picture",
            ),
            ("ftp://a.example/x", "not of a form that is fetched", "Send the address of a picture"),
            ("HOST/404", "could not be fetched", "answered with status 404"),
            ("HOST/html", "no picture that can be read", "expected JPEG, PNG or WebP"),
            ("HOST/too-large-announced", "too large", "more than 5,000,000 bytes"),
            ("HOST/redirect-loop", "could not be fetched", "redirects more than 3 times"),
        ],
        always=[("HOST/404", "could not be fetched", "answered with status 404")],
    ),
)
def test_what_the_service_refuses_is_said_in_its_words(
    visit: Open, images: ImageServer, address: str, title: str, words: str
) -> None:
    page = visit()
    look(page, address.replace("HOST", images.url))
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("heading")).to_contain_text(title)
    expect(alert).to_contain_text(words)
    expect(alert).not_to_contain_text("instances[0]")


@pytest.mark.parametrize("value", sampled(["", "   "], ["   "]))
def test_no_picture(visit: Open, gateway: Gateway, value: str) -> None:
    page = visit()
    look(page, value)
    expect(page.get_by_role("alert")).to_contain_text("There is no picture yet")
    box = page.get_by_label("Address of a picture")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    assert gateway.posts == []


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    sampled(
        [
            (b"GIF89a", "image/gif", "no picture that can be read"),
            (b"<svg/>", "image/svg+xml", "no picture that can be read"),
            (b"text", "text/plain", "no picture that can be read"),
            (b"", "image/png", "The file is empty"),
            (b"x" * 4_194_305, "image/png", "cannot make it smaller"),
        ],
        always=[(b"", "image/png", "The file is empty")],
    ),
)
def test_files_that_are_not_sent(
    visit: Open, gateway: Gateway, data: bytes, kind: str, words: str
) -> None:
    page = visit()
    choose(page, data, "x", kind)
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert gateway.posts == []


def test_a_file_that_only_says_it_is_a_picture(visit: Open) -> None:
    page = visit()
    choose(page, b"<html>", "x.png")
    expect(page.get_by_role("alert")).to_contain_text("expected JPEG, PNG or WebP")


def test_offline(visit: Open) -> None:
    page = visit()
    page.context.set_offline(True)
    choose(page, RED)
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    page.context.set_offline(False)
    page.get_by_role("button", name="Hat", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(10)


def test_a_newer_question_takes_over(visit: Open, gateway: Gateway) -> None:
    asked, go_on = Event(), Event()

    def slow(first: Asked) -> Answer:
        if first.headers["Content-Type"] == "application/json":
            asked.set()
            go_on.wait(10)
        return gateway.service(first)

    gateway.instead = slow
    page = visit()
    look(page, "https://a.example/x.png")
    assert asked.wait(10)
    choose(page, RED)
    expect(page.locator("h3.verdict b")).to_have_text("Dress")
    go_on.set()
    expect(page.locator("h3.verdict b")).to_have_text("Dress")
    expect(page.get_by_role("alert")).to_be_empty()


def test_hostile_words_are_text(visit: Open, gateway: Gateway) -> None:
    body = {
        "predictions": [MARKUP], "probabilities": [{MARKUP: 1.0, "__proto__": 0.0}],
        "scores": [{MARKUP: 1.0, "__proto__": 0.0}], "model": {"name": MARKUP, "version": MARKUP},
    }  # fmt: skip
    gateway.instead = lambda _: Answer(200, json.dumps(body).encode())
    page = visit(viewport={"width": 360, "height": 800})
    choose(page, PICTURE, MARKUP.replace("/", "") + ".png")
    expect(page.locator("h3.verdict b")).to_contain_text("<img")
    assert page.locator("main script, main img:not(.seen img)").count() == 0
    assert page.title() == "Which clothes?"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
