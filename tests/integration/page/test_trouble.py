"""What the page says when there is no answer, and what hostile text cannot do to it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.harness.judged import sampled
from tests.harness.loopback_gateway import Answer, Gateway, problem
from tests.integration.page.conftest import Open
from tests.integration.page.test_answers import ask

MARKUP = "<img src=x onerror=document.title='run'><script>document.title='run'</script>&amp;"

TROUBLE = {
    "too many requests": (
        problem(429, "Too many requests", "The rate is used up.", Retry_After="2"),
        ["Too many requests", "The rate is used up. Try again in 2 seconds.", "Status 429"],
    ),
    "no model": (
        problem(503, "The model is not loaded", "Wait a moment.", Retry_After="1"),
        ["The model is not loaded", "Wait a moment. Try again in 1 second.", "Status 503"],
    ),
    "retry date": (
        problem(503, "Down", "Later.", Retry_After="Fri, 31 Dec 1999 23:59:59 GMT"),
        ["Down", "Later.", "Status 503"],
    ),
    "gateway's own words": (
        Answer(403, b'{"message":"Forbidden"}', {"Content-Type": "application/json"}),
        ["The endpoint refused the request", "Forbidden", "Status 403"],
    ),
    "a proxy's page": (
        Answer(502, b"<html><h1>Bad Gateway</h1>", {"Content-Type": "text/html"}),
        ["The endpoint refused the request", "gave no reason", "Status 502"],
    ),
    "problem of odd types": (
        Answer(400, b'{"title":7,"detail":[],"instance":{}}'),
        ["The endpoint refused the request", "gave no reason", "Status 400"],
    ),
    "success without an answer": (
        Answer(200, b"<p>hello"),
        ["The answer is not what was expected"],
    ),
    "too few predictions": (
        Answer(200, b'{"predictions":[]}'),
        ["The answer is not what was expected"],
    ),
    "answer of odd types": (
        Answer(200, b'{"predictions":["spam"],"probabilities":7}'),
        ["The answer cannot be shown"],
    ),
    "null": (Answer(200, b"null"), ["The answer is not what was expected"]),
    "hung up": (Answer(0), ["The endpoint cannot be reached"]),
    "markup in a problem": (problem(400, MARKUP, MARKUP), [MARKUP]),
}


@pytest.mark.parametrize(
    "case",
    sampled(
        TROUBLE,
        ["too many requests", "a proxy's page", "answer of odd types", "markup in a problem"],
    ),
)
def test_trouble_is_said_and_the_page_goes_on(case: str, visit: Open, gateway: Gateway) -> None:
    answer, expected = TROUBLE[case]
    gateway.instead = lambda _: answer
    page = visit()
    ask(page, "a message")
    alert = page.get_by_role("alert")
    for words in expected:
        expect(alert).to_contain_text(words)
    assert alert.locator("img, script").count() == 0
    expect(page.locator("#results")).to_be_empty()
    gateway.instead = None
    page.get_by_role("button", name="Check").click()
    expect(page.locator("li.card")).to_have_count(1)
    expect(alert).to_be_empty()


def test_too_long_a_text_is_refused_by_the_service_and_said(visit: Open) -> None:
    page = visit()
    ask(page, "word " * 14_000)
    expect(page.get_by_role("alert")).to_contain_text("The body is too large")
    expect(page.get_by_role("alert")).to_contain_text("65536 bytes")


def test_offline(visit: Open) -> None:
    page = visit()
    page.context.set_offline(True)
    ask(page, "a message")
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    page.context.set_offline(False)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("li.card")).to_have_count(1)


@pytest.mark.parametrize("text", sampled(["", " \n\t "], [" \n\t "]))
def test_no_message(text: str, visit: Open, gateway: Gateway) -> None:
    page = visit()
    ask(page, text)
    expect(page.get_by_role("alert")).to_contain_text("There is no message yet")
    box = page.get_by_label("Message", exact=True)
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    assert gateway.posts == []


HOSTILE = {
    "markup": MARKUP,
    "half a surrogate pair": "win \ud83d now",
    "right to left": "\u202efree prize\u202c \u0634\u0643\u0631\u0627",
    "combining storm": "z" + "\u0301" * 500,
    "one long word": "a" * 20_000,
    "names of the object prototype": "constructor __proto__ toString",
    "many words": "free prize now " * 3_000,
}


@pytest.mark.parametrize(
    "case", sampled(HOSTILE, ["markup", "half a surrogate pair", "one long word"])
)
def test_hostile_text_is_text(case: str, visit: Open) -> None:
    page = visit(viewport={"width": 360, "height": 800})
    # A page can be given a lone surrogate by its own scripts only; the protocol refuses it.
    page.evaluate("json => { text.value = JSON.parse(json); }", json.dumps(HOSTILE[case]))
    page.get_by_role("button", name="Check").click()
    shown = page.locator("li.card .text")
    expect(shown).to_have_count(1)
    written = HOSTILE[case].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert shown.evaluate("p => p.textContent") == written
    assert page.locator("main img, main script").count() == 0
    assert page.title() == "Spam or ham?"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
