"""The page of records: a form of the model's fields, and what is shown of an answer."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.harness.judged import sampled
from tests.harness.loopback_gateway import Answer, Asked, Gateway, problem
from tests.harness.small_tabular_model import PATIENTS
from tests.integration.page.records import predict, started, verdict, visit_of
from tests.integration.page.test_everyone import looks, picture, violations

__all__ = ["started", "visit_of"]  # fixtures

Visit = Callable[..., tuple[Page, Gateway]]


def sent(gateway: Gateway) -> dict[str, object]:
    """The one record of the last question."""
    (record,) = json.loads(gateway.posts[-1].body)["instances"]
    assert isinstance(record, dict)
    return record


def reference(gateway: Gateway, record: object) -> dict[str, object]:
    """What the service answers a client that asks about a record."""
    path = "/predict/loan-grade"
    body = json.dumps({"instances": [record]}).encode()
    asked = Asked("POST", path, {}, {"Content-Type": "application/json"}, body)
    answer = json.loads(gateway.service(asked).body)
    assert isinstance(answer, dict)
    return answer


def number(shown: str) -> float:
    return float(re.sub("[<>% ,]", "", shown).replace("−", "-"))


def test_each_field_has_a_control_of_its_type(visit_of: Visit) -> None:
    page, _ = visit_of("loans")
    amount = page.get_by_label("Loan amount")
    assert amount.get_attribute("type") == "number"
    assert amount.get_attribute("step") == "1"
    assert page.get_by_label("Annual income").get_attribute("step") == "any"
    options = page.get_by_label("Home").locator("option").all_inner_texts()
    assert options == ["MORTGAGE", "OWN", "RENT"]
    assert page.get_by_label("Purpose").locator("option").all_inner_texts()[0] == "not known"
    expect(page.get_by_text("Asked for; 1000 to 40,000 USD")).to_be_visible()
    rent, _ = visit_of("rent")
    expect(rent.get_by_role("switch", name="Balcony")).to_be_visible()
    expect(rent.get_by_text("Seen in training: 15 to 180 m²")).to_be_visible()


def test_what_is_filled_in_is_sent_and_its_answer_shown(visit_of: Visit) -> None:
    page, gateway = visit_of("loans")
    page.get_by_label("Loan amount").fill("5000")
    page.get_by_label("Annual income").fill("40000.5")
    page.get_by_label("Months since delinquency").fill("38")
    page.get_by_label("Home").select_option("RENT")
    page.get_by_label("Purpose").select_option("not known")
    predict(page)
    expect(page.locator("li.card")).to_have_count(1)
    assert sent(gateway) == {
        "loan_amount": 5000, "annual_income": 40000.5, "months_since_delinquency": 38,
        "home": "RENT", "purpose": None,
    }  # fmt: skip
    assert gateway.posts[0].query == {"explain": "true"}
    answer = reference(gateway, sent(gateway))
    predictions, shares = answer["predictions"], answer["probabilities"]
    assert isinstance(predictions, list)
    assert isinstance(shares, list)
    expect(verdict(page)).to_have_text(predictions[0])
    rows = page.locator(".bars tbody tr")
    ordered = sorted(shares[0], key=lambda label: -shares[0][label])
    expect(rows.locator("th")).to_have_text(ordered)
    shown = [number(text) for text in rows.locator("td.n").all_inner_texts()]
    assert shown == pytest.approx([100 * shares[0][label] for label in ordered], abs=0.051)
    expect(page.locator("tr.first th")).to_have_text(predictions[0])
    expect(page.locator("#status")).to_contain_text("Answered in")


def test_what_is_not_known_is_null(visit_of: Visit) -> None:
    page, gateway = visit_of("loans")
    page.get_by_label("Annual income").fill("")
    page.get_by_label("Months since delinquency").fill("")
    predict(page)
    expect(page.locator("li.card")).to_have_count(1)
    assert sent(gateway)["annual_income"] is None
    assert sent(gateway)["months_since_delinquency"] is None
    expect(page.get_by_role("alert")).to_be_empty()


def test_a_network_is_told_by_effects(visit_of: Visit) -> None:
    page, _ = visit_of("loans")
    page.get_by_label("Loan amount").fill("40000")
    predict(page)
    expect(page.locator(".decided")).to_contain_text("do not add up")
    expect(page.locator(".decided tbody th").first).to_contain_text("Loan amount 40,000")
    expect(page.locator(".decided tbody td.n").first).to_contain_text("%")
    expect(page.locator(".decided tfoot")).to_have_count(0)


@pytest.mark.parametrize(
    "case",
    sampled(["loans without typical values", "rents"], ["rents"]),
)
def test_what_cannot_be_told_is_left_out(visit_of: Visit, case: str) -> None:
    page, gateway = visit_of(case)
    page.locator("#examples button").first.click()
    expect(page.locator("li.card")).to_have_count(1)
    expect(page.locator(".decided")).to_have_count(0)
    expect(page.get_by_role("alert")).to_be_empty()
    predict(page)
    expect(page.locator("li.card")).to_have_count(1)
    explained = [asked.query.get("explain") for asked in gateway.posts]
    assert explained == ["true", None, None], "it is found out once"


def test_contributions_add_up_to_the_score(visit_of: Visit) -> None:
    page, _ = visit_of("cells")
    page.get_by_role("button", name="Malignant").click()
    expect(verdict(page)).to_have_text("Malignant")
    parts = [number(text) for text in page.locator(".decided tbody td.n").all_inner_texts()]
    assert len(parts) == 6
    total = number(page.locator(".decided tfoot td.n").inner_text())
    assert sum(parts) == pytest.approx(total, abs=0.005 * 7)
    expect(page.locator(".decided tbody th").first).to_have_text("before any field")


def test_the_root_is_the_page_to_a_browser_and_data_to_others(visit_of: Visit) -> None:
    page, gateway = visit_of("cells")
    assert page.title() == "Benign or malignant?"
    for accept, content in (("application/json", "application/json"), ("*/*", "application/json"),
                            ("text/html", "text/html; charset=utf-8")):  # fmt: skip
        asked = urllib.request.Request(gateway.url, headers={"Accept": accept})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert answer.headers["Content-Type"] == content
            assert answer.headers["Vary"] == "Accept"
    links = page.locator("footer a").evaluate_all("all => all.map(a => a.href)")
    assert links == [f"{gateway.url}openapi.json"]


def test_a_refusal_in_the_words_of_the_article(visit_of: Visit) -> None:
    page, gateway = visit_of("cells")
    page.get_by_label("Worst radius").fill("5000")
    predict(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The value of worstRadius in the record is not a number")
    expect(page.get_by_label("Worst radius")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Worst radius").fill("14")
    expect(page.get_by_label("Worst radius")).not_to_have_attribute("aria-invalid", "true")
    predict(page)
    expect(page.locator("li.card")).to_have_count(1)
    expect(page.locator(".decided")).to_have_count(1)
    assert gateway.posts[-1].query == {"explain": "true"}


def test_a_number_with_its_unit_and_what_it_is_made_of(visit_of: Visit) -> None:
    page, gateway = visit_of("rent")
    page.get_by_role("button", name="Typical values").click()
    expect(verdict(page)).to_contain_text("EUR")
    body = json.loads(gateway.posts[0].body)
    assert body == {"instances": [{"area": 62.5, "rooms": 3, "balcony": False}]}
    answer = json.loads(gateway.service(gateway.posts[0]).body)
    shown = verdict(page).inner_text()
    assert shown.endswith(" EUR")
    assert number(shown.removesuffix(" EUR")) == pytest.approx(answer["predictions"][0], rel=1e-7)
    expect(page.locator(".verdict span")).to_have_text("monthly rent")
    expect(page.locator(".bars")).to_have_count(0)
    expect(page.locator(".decided")).to_contain_text("The sum is the number that is answered.")
    total = number(page.locator(".decided tfoot td.n").inner_text())
    assert total == pytest.approx(answer["predictions"][0], abs=0.005)


def test_several_outputs_are_a_list_of_numbers(visit_of: Visit) -> None:
    page, gateway = visit_of("rents")
    page.get_by_role("button", name="Typical values").click()
    rows = page.get_by_role("table", name="All outputs").locator("tbody td.n")
    expect(rows).to_have_count(3)
    asked = gateway.posts[-1]
    answer = json.loads(gateway.service(asked).body)
    shown = [number(text) for text in rows.all_inner_texts()]
    assert shown == pytest.approx(answer["predictions"][0], rel=1e-7)
    expect(verdict(page)).to_have_text("3 numbers")


def test_a_switch_is_true_or_false(visit_of: Visit) -> None:
    page, gateway = visit_of("rent")
    switch = page.get_by_role("switch", name="Balcony")
    page.get_by_role("button", name="Typical values").click()
    expect(switch).not_to_be_checked()
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    predict(page)
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    assert sent(gateway)["balcony"] is True


def test_a_number_outside_of_what_training_has_seen_is_said(visit_of: Visit) -> None:
    page, _ = visit_of("rent")
    page.get_by_label("Area").fill("900")
    predict(page)
    expect(page.locator(".note")).to_contain_text("Area: outside of the range")
    expect(page.locator(".note")).to_contain_text("15 to 180 m²")


def test_a_level_that_training_has_not_seen_is_said(visit_of: Visit) -> None:
    page, gateway = visit_of("loans")
    # A list of choices offers only what training has seen; another client may send what it likes.
    page.get_by_label("Home").evaluate("select => select.append(new Option('YURT', 'YURT'))")
    page.get_by_label("Home").select_option("YURT")
    predict(page)
    expect(page.locator(".note")).to_contain_text("Home: training has not seen this value")
    assert sent(gateway)["home"] == "YURT"


@pytest.mark.parametrize(("value", "words"), [("", "Loan amount is not filled in"),
                                              ("e", "Loan amount is not a number")])  # fmt: skip
def test_a_field_that_is_wrong_is_named_and_has_the_focus(
    visit_of: Visit, value: str, words: str
) -> None:
    page, gateway = visit_of("loans")
    amount = page.get_by_label("Loan amount")
    amount.fill("")
    amount.press_sequentially(value)
    predict(page)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(amount).to_be_focused()
    expect(amount).to_have_attribute("aria-invalid", "true")
    assert gateway.posts == []


def test_every_example_is_answered_as_it_is_named(visit_of: Visit) -> None:
    page, gateway = visit_of("loans")
    buttons = page.locator("#examples button")
    for index, name in enumerate(buttons.all_inner_texts()):
        buttons.nth(index).click()
        expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
        if name != "Typical values":
            expect(verdict(page)).to_have_text(name)
    assert index >= 2
    assert len(gateway.posts) == index + 1


@pytest.mark.parametrize("case", ["loans", "cells"])
def test_the_command_works_as_it_stands(visit_of: Visit, case: str) -> None:
    page, gateway = visit_of(case)
    page.locator("#examples button").last.click()
    expect(page.locator("li.card")).to_have_count(1)
    script = page.locator("#curl").inner_text().replace("curl ", "curl -sS ", 1)
    ran = subprocess.run(["sh", "-c", script], capture_output=True, check=True, timeout=20)
    answer = json.loads(ran.stdout)
    label = answer.get("label") or answer["predictions"]
    assert json.loads(gateway.posts[-1].body) == sent_of(gateway.posts[0])
    expect(verdict(page)).to_have_text(re.compile(f"^{label}$", re.IGNORECASE))


def sent_of(asked: Asked) -> object:
    return json.loads(asked.body)["instances"][0]


def test_the_facts_of_the_model(visit_of: Visit) -> None:
    page, _ = visit_of("rent")
    page.get_by_text("What this model is").click()
    facts = page.locator("#model")
    for words in ("rent", "portable", "Scikit-learn", "0.98 ± 0.01", "Rows"):
        expect(facts).to_contain_text(words)


def test_without_a_description_there_is_no_form_and_a_way_on(
    visit_of: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, gateway = visit_of("loans")
    service = gateway.service

    def down(asked: Asked) -> Answer:
        if asked.path == "/":
            return service(asked)
        return problem(503, "The model is not loaded", "Wait a moment.", Retry_After="1")

    monkeypatch.setattr(gateway, "service", down)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("The model is not loaded")
    monkeypatch.setattr(gateway, "service", service)
    page.get_by_role("button", name="Ask for the fields again").click()
    expect(page.get_by_label("Loan amount")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_empty()
    predict(page)
    expect(page.locator("li.card")).to_have_count(1)


def test_offline(visit_of: Visit) -> None:
    page, _ = visit_of("loans")
    page.context.set_offline(True)
    predict(page)
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    page.context.set_offline(False)
    predict(page)
    expect(page.locator("li.card")).to_have_count(1)


def test_hostile_words_are_text(visit_of: Visit) -> None:
    markup = "<img src=x onerror=document.title='run'><script>document.title='run'</script>&amp;"
    page, gateway = visit_of("cells", viewport={"width": 360, "height": 800})
    body = {
        "predictions": [markup], "probabilities": [{markup: 1.0, "__proto__": 0.0}],
        "model": {"name": markup, "version": markup},
        "outside_training_range": [{"record": 0, "field": markup}],
        "explanations": [{"label": markup, "against": markup, "unit": "log-odds", "base": 0,
                          "score": 1, "fields": [{"field": markup, "contribution": 1}]}],
    }  # fmt: skip
    gateway.instead = lambda _: Answer(200, json.dumps(body).encode())
    predict(page)
    expect(verdict(page)).to_contain_text("<img")
    assert page.locator("main script, main img").count() == 0
    assert page.title() == "Benign or malignant?"
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize(("width", "scheme"), looks(360, 768, 1280, always=(1280, "light")))
@pytest.mark.parametrize("case", sampled(["loans", "rent"], ["loans"]))
def test_accessible_without_overflow(visit_of: Visit, case: str, width: int, scheme: str) -> None:
    size = {"width": width, "height": 900}
    # The policy is lifted for the checker alone, which brings a style of its own.
    page, gateway = visit_of(
        case, viewport=size, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )

    def check(state: str) -> None:
        picture(page, f"{case}-{state}-{width}-{scheme}")
        assert violations(page) == [], state
        assert page.evaluate("document.documentElement.scrollWidth") == width, state

    check("start")
    page.get_by_label("Area" if case == "rent" else "Loan amount").fill("1234")
    predict(page)
    expect(page.locator("li.card")).to_have_count(1)
    expect(page.locator("h3.verdict")).to_be_in_viewport()
    page.get_by_text("What this model is").click()
    check("answer")
    gateway.instead = lambda _: problem(429, "Too many requests", "Wait.", Retry_After="1")
    predict(page)
    expect(page.get_by_role("alert")).to_contain_text("Too many requests")
    check("trouble")


def test_keyboard_alone(visit_of: Visit) -> None:
    page, _ = visit_of("rent")
    focused = "[document.activeElement.id || document.activeElement.textContent.trim(),"
    focused += " getComputedStyle(document.activeElement).outlineStyle]"
    order: list[str] = []
    while (order or [""])[-1] != "OpenAPI description" and len(order) < 30:
        page.keyboard.press("Tab")
        name, outline = page.evaluate(focused)
        assert outline != "none", f"the focus on {name} is not to be seen"
        order.append(name)
    fields = order.index("field-0")
    assert order[0] == "Typical values"
    assert order[fields:] == [
        "field-0", "field-1", "field-2", "go", "curl", "copy",
        "What this model is", "About the model", "OpenAPI description",
    ]  # fmt: skip
    page.get_by_label("Area").focus()
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("EUR")


def test_reads_without_scripts(browser: Browser, started: Callable[[str], Gateway]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(started("loans").url)
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_text("'PAGE/predict/loan-grade'")).to_be_visible()
    for button in page.get_by_role("button").all():
        expect(button).to_be_disabled()
    context.close()


def test_patients_of_the_documents_are_answered(visit_of: Visit) -> None:
    page, _ = visit_of("cells")
    for patient, label in zip(PATIENTS, ("Benign", "Malignant"), strict=True):
        for name, value in patient.items():
            words = re.sub("([A-Z])", r" \1", name).capitalize()
            page.get_by_label(words, exact=True).fill(str(value))
        predict(page)
        expect(verdict(page)).to_have_text(label)
