"""The picture page: what it asks, and what it shows of an answer, in a real browser."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
from typing import Any

import pytest
from clothes import formats
from clothes.predictor import load_network
from clothes.scores import likeliest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.harness import assembled_page
from tests.harness.judged import sampled
from tests.harness.loopback_gateway import Gateway
from tests.harness.picture_server import PICTURE, ImageServer
from tests.harness.small_clothes_model import LABELS
from tests.integration.page.conftest import Open
from tests.integration.page.pictures import (
    RED,
    choose,
    gateway,
    images,
    look,
    running,
    visit,
)
from tools import PROJECT

__all__ = ["gateway", "images", "running", "visit"]  # fixtures

DROP = """([data, type, name]) => {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, {type}));
    for (const kind of ["dragover", "drop"])
        document.querySelector("h1").dispatchEvent(
            new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""
PASTE = """([data, type, name]) => {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, {type}));
    document.body.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true}));
}"""


def rows(page: Page) -> list[list[str]]:
    """The table's rows as text: kind, probability and score."""
    cells = "all => all.map(r => [...r.querySelectorAll('th, td.n')].map(c => c.textContent))"
    cells_ = page.locator("tbody tr").evaluate_all(cells)
    assert isinstance(cells_, list)
    return cells_


def answered(page: Page, label: str) -> None:
    expect(page.locator("h3.verdict b")).to_have_text(label)


def loaded(page: Page) -> None:
    """Wait until the picture is to be seen."""
    expect(page.locator(".seen img")).to_be_visible()
    shown = "document.querySelector('.seen img')?.naturalWidth > 0"
    page.wait_for_function(shown)


def test_an_address_is_asked_about_and_its_picture_shown(
    visit: Open, gateway: Gateway, images: ImageServer
) -> None:
    page = visit()
    address = f"{images.url}/pictures/dress.png"
    look(page, address)
    expect(page.locator("tbody tr")).to_have_count(10)
    (request,) = gateway.posts
    assert json.loads(request.body) == {"instances": [{"url": address}]}
    loaded(page)
    assert page.locator(".seen img").get_attribute("src") == address
    expect(page.locator(".seen figcaption")).to_have_text(address)


def test_the_browser_tells_the_other_host_nothing(visit: Open, images: ImageServer) -> None:
    images.asked.clear()
    page = visit()
    look(page, f"{images.url}/pictures/hat.png")
    loaded(page)
    service, browser = images.asked
    assert service.headers["user-agent"].startswith("clothes/")
    assert browser.headers["user-agent"].startswith("Mozilla/")
    assert not browser.headers.keys() & {"referer", "cookie", "authorization"}


def test_ten_scores_as_numbers_and_as_bars(visit: Open) -> None:
    page = visit()
    choose(page, RED)
    answered(page, "Dress")
    shown = rows(page)
    assert sorted(kind for kind, _, _ in shown) == sorted(LABELS)
    scores = [float(score.replace("−", "-")) for _, _, score in shown]
    assert scores == sorted(scores, reverse=True)
    assert shown[0][0] == "dress"
    assert shown[0][2] == "+1.50"
    percents = [float(re.sub("[<> %]", "", percent)) for _, percent, _ in shown]
    assert sum(percents) == pytest.approx(100, abs=1)
    widths = page.locator("tbody .bar i").evaluate_all(
        "all => all.map(i => parseFloat(i.style.width))"
    )
    assert widths == pytest.approx(percents, abs=0.06)
    expect(page.locator(".verdict span")).to_have_text(f"{shown[0][1]} sure")
    expect(page.locator("#status")).to_contain_text("Dress, ")
    facts = page.locator(".facts").inner_text()
    assert re.search(r"model clothes [0-9a-f]{12}", facts)
    assert re.search(r"answered in \d+ ms", facts)


@pytest.mark.parametrize("way", sampled(["chosen", "dropped", "pasted"], ["dropped"]))
def test_a_file_is_sent_as_it_is(visit: Open, gateway: Gateway, way: str) -> None:
    page = visit()
    if way == "chosen":
        choose(page, RED)
    else:
        file = [base64.b64encode(RED).decode(), "image/png", "coat.png"]
        page.evaluate(DROP if way == "dropped" else PASTE, file)
    answered(page, "Dress")
    (request,) = gateway.posts
    assert request.body == RED
    assert request.headers["Content-Type"] == "image/png"
    loaded(page)
    assert str(page.locator(".seen img").get_attribute("src")).startswith("data:image/png;")
    expect(page.locator(".seen figcaption")).to_have_text("coat.png")


def test_a_file_that_is_too_large_is_made_smaller(visit: Open, gateway: Gateway) -> None:
    noise = Image.effect_noise((2_400, 1_800), 200).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "PNG")
    assert len(file.getvalue()) > 4 * 1024 * 1024
    page = visit()
    choose(page, file.getvalue(), "photo.png")
    expect(page.locator("tbody tr")).to_have_count(10)
    (request,) = gateway.posts
    assert request.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(request.body)).size == (1_600, 1_200)
    expect(page.locator(".seen figcaption")).to_contain_text("made smaller before it was sent")


def test_every_drawing_is_made_sent_and_answered(visit: Open, gateway: Gateway) -> None:
    page = visit()
    names = page.locator("#examples button").all_inner_texts()
    assert names == ["T-shirt", "Long sleeves", "Trousers", "Dress", "Skirt", "Hat"]
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".seen figcaption")).to_have_text(f"{name}, a drawing")
    assert {request.headers["Content-Type"] for request in gateway.posts} == {"image/png"}
    drawings = [Image.open(io.BytesIO(request.body)) for request in gateway.posts]
    assert {drawing.size for drawing in drawings} == {(320, 320)}
    assert len({request.body for request in gateway.posts}) == len(names)
    # Each is a garment on paper: much of both.
    for drawing in drawings:
        paper = sum(n for n, colour in drawing.convert("RGB").getcolors(10**6) or []
                    if colour == (0xF4, 0xF1, 0xEA))  # fmt: skip
        assert 0.3 < paper / 320**2 < 0.85


def test_the_trained_network_names_most_drawings(visit: Open, gateway: Gateway) -> None:
    """Drawings are nothing it was trained on; that none of them is named would be a fault."""
    page = visit()
    labels = {"T-shirt": "t-shirt", "Long sleeves": "longsleeve", "Trousers": "pants",
              "Dress": "dress", "Skirt": "skirt", "Hat": "hat"}  # fmt: skip
    for name in labels:
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".seen figcaption")).to_have_text(f"{name}, a drawing")
    folder = PROJECT / "model_training" / "clothes" / "trained"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    files = {name: (folder / name).read_bytes() for name in manifest["artifacts"]}
    network = load_network(files, manifest)
    sent = [formats.read(request.body) for request in gateway.posts]
    named = [likeliest(network.scores(network.pixels(file))) for file in sent]
    assert sum(map(str.__eq__, named, labels.values())) >= 4, named


def test_an_address_without_a_scheme_gets_https(visit: Open, gateway: Gateway) -> None:
    page = visit()
    look(page, "  127.0.0.1:1/coat.jpg ")
    expect(page.get_by_role("alert")).to_contain_text("could not be fetched")
    assert json.loads(gateway.posts[0].body)["instances"] == [
        {"url": "https://127.0.0.1:1/coat.jpg"}
    ]


def test_a_picture_the_browser_cannot_show_is_said(visit: Open, images: ImageServer) -> None:
    page = visit()
    page.route(f"{images.url}/**", lambda route: route.abort())
    look(page, f"{images.url}/chunked")
    expect(page.locator(".seen")).to_contain_text("cannot show the picture from its address")
    expect(page.locator("tbody tr")).to_have_count(10)


def curl(page: Page) -> list[str]:
    """The words of the command, as a shell reads them."""
    script = "curl() { printf '%s\\0' \"$@\"; }; " + page.locator("#curl").inner_text()
    ran = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    return ran.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize(
    "address", ["https://a.example/x.jpg", "https://a.example/it's$(id)`x`\"\\"]
)
def test_the_command_for_an_address_survives_the_shell(
    visit: Open, gateway: Gateway, address: str
) -> None:
    page = visit()
    page.get_by_label("Address of a picture").fill(address)
    where, flag, kind, raw, body = curl(page)
    assert (where, flag, kind) == (
        f"{gateway.url}predict", "-H", "Content-Type: application/json",
    )  # fmt: skip
    assert raw == "--data-raw"
    assert json.loads(body) == {"url": address}


def test_the_command_for_a_file(visit: Open) -> None:
    page = visit()
    choose(page, RED, "it's a coat.png")
    answered(page, "Dress")
    assert curl(page)[1:] == ["-H", "Content-Type: image/png", "--data-binary", "@it's a coat.png"]


def test_one_small_file_that_names_no_other_place() -> None:
    html = assembled_page.html("clothes", "picture")
    assert len(html.encode()) < 36_000
    assert set(re.findall(r"https?://[^'\"\s<`]+", html)) == {
        "http://www.w3.org/2000/svg",
        "https://…",
    }
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", html)
    assert not re.search(r"\son[a-z]+=|\sstyle=", html), "the policy would block it"


@pytest.mark.parametrize("ending", sampled(["", "/", "?from=mail#top"], ["?from=mail#top"]))
def test_finds_the_api_from_wherever_it_is_served(
    visit: Open, gateway: Gateway, ending: str
) -> None:
    page = visit(gateway.url.rstrip("/") + ending)
    choose(page, PICTURE)
    expect(page.locator("tbody tr")).to_have_count(10)
    links: Any = page.locator("footer a").evaluate_all("all => all.map(a => a.href)")
    assert links == [f"{gateway.url}predict", f"{gateway.url}openapi.json"]
