"""The page as it is delivered: policy, addresses, the command for a shell, the browser itself."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.harness import assembled_page
from tests.harness.judged import sampled
from tests.harness.loopback_gateway import Gateway
from tests.integration.page.conftest import Open
from tests.integration.page.test_answers import ask
from tools import chromium


def test_one_small_file_that_names_no_other_place() -> None:
    html = assembled_page.html("spam_or_ham", "text")
    assert len(html.encode()) < 36_000
    assert re.findall(r"https?://[^'\"\s]+", html) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", html)
    assert not re.search(r"\son[a-z]+=|\sstyle=", html), "the policy would block it"


def test_policy_admits_the_page_and_nothing_else(browser: Browser, gateway: Gateway) -> None:
    page = browser.new_page()
    response = page.goto(gateway.url)
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    added = """() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'run'";
        const blocked = new Promise(done => addEventListener("securitypolicyviolation",
            event => done(event.effectiveDirective), {once: true}));
        document.body.append(script);
        return blocked;
    }"""
    assert page.evaluate(added) == "script-src-elem"
    assert page.title() == "Spam or ham?"
    page.close()


@pytest.mark.parametrize("ending", sampled(["", "/", "?from=mail#top", "/?a=b/c"], ["/?a=b/c"]))
def test_finds_the_api_from_wherever_it_is_served(
    ending: str, visit: Open, gateway: Gateway
) -> None:
    page = visit(gateway.url.rstrip("/") + ending)
    ask(page, "claim your prize now")
    expect(page.locator("li.card")).to_have_count(1)
    links = page.locator("footer a").evaluate_all("all => all.map(a => a.href)")
    assert links == [f"{gateway.url}spamorham", f"{gateway.url}openapi.json"]


@pytest.mark.parametrize(
    "text",
    sampled(
        ['it\'s "$HOME" `id` $(id) !! \\n', "@/etc/passwd", "-d x\n--next\n'quoted'", "grüße 🎉"],
        ["grüße 🎉"],
    ),
)
def test_command_survives_the_shell(text: str, visit: Open, gateway: Gateway) -> None:
    page = visit()
    page.get_by_label("Message", exact=True).fill(text)
    command = page.locator("#curl").inner_text()
    script = "curl() { printf '%s\\0' \"$@\"; }; " + command
    ran = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    words = ran.stdout.decode().split("\0")[:-1]
    assert words == [f"{gateway.url}spamorham", "--data-raw", text]


def test_command_for_several_messages_is_copied(visit: Open, gateway: Gateway) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("One message per line").check()
    page.get_by_label("Message", exact=True).fill('it\'s one\nand "two"')
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    command = page.evaluate("navigator.clipboard.readText()")
    script = "curl() { printf '%s\\0' \"$@\"; }; " + command
    ran = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    words = ran.stdout.decode().split("\0")[:-1]
    assert words[:3] == [f"{gateway.url}spamorham", "-H", "Content-Type: application/json"]
    assert json.loads(words[4]) == ["it's one", 'and "two"']


def test_without_the_clipboard_the_command_is_selected(visit: Open) -> None:
    page = visit()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_contain_text("The command is selected")
    selected = page.evaluate("getSelection().toString()")
    assert selected.startswith("curl 'http://127.0.0.1")


def test_missing_chromium_names_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(chromium.NoChromium, match="apt-get install chromium"):
        chromium.find()
