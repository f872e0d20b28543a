"""What the page shows of an answer: the real handler's, in a real browser."""

from __future__ import annotations

import json
import re
from threading import Event

from playwright.sync_api import Page, expect

from tests.harness.loopback_gateway import Answer, Asked, Gateway
from tests.integration.page.conftest import Open
from tools.reliability.models import Generation

SPAM = "URGENT! Claim your cash prize now, call 0909 879 0123"


def ask(page: Page, text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_role("button", name="Check").click()


def number(shown: str) -> float:
    return float(shown.replace("\u2212", "-"))


def test_label_probability_version_and_time(
    visit: Open, gateway: Gateway, model: Generation
) -> None:
    page = visit()
    ask(page, SPAM)
    expect(page.get_by_role("heading", name="Spam", exact=False).last).to_contain_text("Spam")
    probability = model.predict(SPAM)[1][1]
    shown = f"{100 * probability:.1f} %" if probability <= 0.9995 else "> 99.9 %"
    table = page.get_by_role("table", name="All labels, the likeliest first")
    expect(table.get_by_role("row").nth(1)).to_have_text(f"spam{shown}")
    expect(page.locator(".verdict span")).to_have_text(f"{shown} sure")
    width = table.locator(".bar i").first.evaluate("i => parseFloat(i.style.width)")
    assert abs(width - 100 * probability) < 0.01
    facts = page.locator(".facts").inner_text()
    assert model.version in facts
    assert re.search(r"answered in \d+ ms", facts)
    assert json.loads(gateway.posts[0].body) == [SPAM]
    assert gateway.posts[0].query == {"explain": "true"}


def test_status_is_announced_and_focus_stays(visit: Open) -> None:
    page = visit()
    ask(page, SPAM)
    expect(page.locator("#status")).to_contain_text("Spam,")
    expect(page.get_by_role("button", name="Check")).to_be_focused()


def test_words_are_marked_by_side_and_weight(visit: Open) -> None:
    page = visit()
    ask(page, "Sorry, running late. " + SPAM)
    claim = page.locator("mark", has_text=re.compile("^Claim$"))
    expect(claim).to_have_class("toward")
    late = page.locator("mark", has_text=re.compile("^late$"))
    expect(late).to_have_class("against")
    styles = [
        mark.evaluate("m => getComputedStyle(m).textDecorationStyle") for mark in (claim, late)
    ]
    assert styles == ["solid", "dotted"], "the sides must differ without colour"
    assert (
        number(claim.get_attribute("title") or "") > 0 > number(late.get_attribute("title") or "")
    )


def test_table_adds_up_to_the_log_odds(visit: Open, model: Generation) -> None:
    page = visit()
    ask(page, SPAM)
    page.get_by_role("button", name=re.compile("Show .* more")).click()
    cells = page.locator(".decided tbody td.n").all_inner_texts()
    explanation = model.explain(SPAM)
    assert len(cells) == len(explanation.tokens) + 1
    shown = sum(number(cell) for cell in cells)
    total = number(page.locator(".decided tfoot td.n").inner_text())
    assert abs(total - explanation.log_odds) <= 0.005
    assert abs(shown - total) <= 0.005 * (len(cells) + 1)
    expect(page.locator(".decided summary")).to_be_focused()


def test_n_grams_and_disguised_letters_are_found_in_the_text(visit: Open, gateway: Gateway) -> None:
    tokens = [
        {"token": "free prize", "contribution": 2.0, "count": 1},
        {"token": "win cash", "contribution": 1.0, "count": 1},
        {"token": "not there", "contribution": -1.0, "count": 1},
    ]
    explanation = {"label": "spam", "against": "ham", "log_odds": 1, "prior": -1, "tokens": tokens}
    body = {
        "predictions": ["spam"],
        "probabilities": [{"ham": 0.3, "spam": 0.7}],
        "model": {"name": "m", "version": "v"},
        "explanations": [explanation],
    }
    content = {"Content-Type": "application/json"}
    gateway.instead = lambda _: Answer(200, json.dumps(body).encode(), content)
    page = visit()
    text = "A \uff26RE\u200bE \u2013 prize\U0001f389: win\na cash. There"
    ask(page, text)
    expect(page.locator("mark")).to_have_text(["\uff26RE\u200bE", "prize", "win", "cash"])
    assert page.locator(".text").evaluate("p => p.textContent") == text


def test_one_message_per_line(visit: Open, gateway: Gateway) -> None:
    page = visit()
    page.get_by_label("One message per line").check()
    ask(page, f"see you at six\n\n  {SPAM}  \nok")
    expect(page.locator("li.card h3 b")).to_have_text(["Ham", "Spam", "Ham"])
    assert json.loads(gateway.posts[0].body) == ["see you at six", SPAM, "ok"]
    expect(page.locator("#status")).to_contain_text("3 messages: 2 ham, 1 spam")


def test_every_example_is_answered(visit: Open, gateway: Gateway) -> None:
    page = visit()
    buttons = page.locator("#examples button")
    for index in range(buttons.count()):
        buttons.nth(index).click()
        expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
        texts = json.loads(gateway.posts[index].body)
        expect(page.locator("li.card .text")).to_have_text(
            [re.compile(re.escape(t)) for t in texts]
        )
    assert index >= 5


def test_the_latest_question_wins(visit: Open, gateway: Gateway) -> None:
    second_answered = Event()

    def slow_first(asked: Asked) -> Answer:
        if b"first" in asked.body:
            second_answered.wait(10)
        return gateway.service(asked)

    gateway.instead = slow_first
    page = visit()
    ask(page, "the first question")
    ask(page, "the second question")
    expect(page.locator(".text")).to_have_text("the second question")
    second_answered.set()
    ask(page, "the third question")
    expect(page.locator(".text")).to_have_text("the third question")
    expect(page.locator("#trouble")).to_be_empty()


def test_nothing_of_the_text_stays_in_the_browser(visit: Open, gateway: Gateway) -> None:
    page = visit()
    ask(page, SPAM)
    expect(page.locator("mark").first).to_be_visible()
    kept = "JSON.stringify([localStorage, sessionStorage, document.cookie, history.length])"
    assert json.loads(page.evaluate(kept))[:3] == [{}, {}, ""]
    assert page.url == gateway.url
