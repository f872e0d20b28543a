"""A report in a real browser: three widths, both themes, no request to anywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from model_training.reports import page
from model_training.reports.answered import Answered

CHANCE = np.random.default_rng(0)
LABELS = ("a label of many words that is long", "b", "c", "d")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Draws with Matplotlib, a second to import; every process imports this module.
    from model_training.reports import figures

    truth = CHANCE.integers(0, 4, 200)
    said = CHANCE.dirichlet(np.ones(4), 200)
    drawn = figures.of_answers(Answered(truth, said.argmax(axis=1), LABELS, said), "Of some rows.")
    drawn += figures.of_answers(Answered(said[:, 0], said[:, 1]), "Of some rows.")
    drawn += figures.of_terms([(LABELS[0], [("x" * 90, 2.0), ("<b>", 1.0)])], "term")
    rows = [("was", "now", "0.5", "word " * 60), ("was", "now", "0.5", "y" * 300)]
    parts = [
        page.heading("A title: " + "WithoutBlanks" * 9, "What matters.", "What it rests on."),
        page.pictures(drawn),
        page.table("Inputs", ("was", "is now", "moved by", "input"), rows, "A note."),
        page.facts("Made from", {"SHA-256": "0f" * 32}),
    ]
    return page.write(tmp_path_factory.mktemp("report") / "r.html", page.page("A title", parts))


def test_three_widths_and_two_themes(browser: Browser, report: Path) -> None:
    inks = []
    for width, scheme in ((390, "dark"), (768, "light"), (1280, "light")):
        opened = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        wrong: list[str] = []
        opened.on("console", lambda message, wrong=wrong: wrong.append(message.text))
        opened.on("request", lambda request, wrong=wrong: wrong.append(request.url))
        opened.goto(report.as_uri())
        assert wrong == [report.as_uri()]
        assert opened.evaluate("document.documentElement.scrollWidth") == width
        boxes = [one.bounding_box() for one in opened.locator("svg").all()]
        assert len(boxes) == 7
        assert all(box and box["x"] >= 0 and box["width"] > 250 for box in boxes)
        ink = opened.locator("svg text").first.evaluate("one => getComputedStyle(one).fill")
        inks.append(ink)
        opened.close()
    assert inks[0] != inks[1] == inks[2]
