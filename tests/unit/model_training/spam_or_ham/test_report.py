"""The report page asks the network for nothing and survives what messages hold."""

import re
import xml.etree.ElementTree as ET

import pytest

from model_training.spam_or_ham import charts, report
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.evaluation import evaluate_recipe
from model_training.spam_or_ham.metrics import Bin, Confusion
from model_training.spam_or_ham.recipes import RECIPES


def pictures(page: str) -> list[ET.Element]:
    # Our own page, not anyone else's XML.
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]  # noqa: S314


@pytest.mark.parametrize("name", ["default", "article"])
def test_the_page_holds_five_pictures_and_every_figure(name: str, corpus: Corpus) -> None:
    recipe = RECIPES[name]
    evaluation = evaluate_recipe(recipe, corpus, repeats=1)
    pair = recipe.fit(corpus.texts, corpus.labels)
    page = report.page(name, "0123456789ab", corpus, evaluation, pair)
    drawn = pictures(page)
    assert len(drawn) == 5
    assert all(picture.get("role") == "img" and picture.get("aria-label") for picture in drawn)
    accuracy = evaluation.cross_validation.figures["accuracy"]
    assert f"{100 * accuracy.mean:.2f} % ± {100 * accuracy.sd:.2f} %" in page
    assert ("the article's" in page.replace("&#x27;", "'")) == (name == "default")
    assert "prefers-color-scheme: dark" in page
    # The second line of defence is the page's own policy.
    assert "default-src 'none'" in page
    assert not re.search(r"\b(src|href|srcset)\s*=|url\(|@import|<script|<link", page)
    assert page == report.page(name, "0123456789ab", corpus, evaluation, pair)


def test_terms_are_text_never_markup() -> None:
    (picture,) = pictures(charts.tokens([("<script>&", 2.0), ("a\x00\u202eb" * 9, 1.0)], "spam"))
    texts = [text.text or "" for text in picture.iter("text")]
    assert texts[0] == "<script>&"
    assert len(texts[1]) == 18
    assert texts[1].startswith("a··b")


def test_the_confusion_matrix_says_its_numbers() -> None:
    (picture,) = pictures(charts.confusion(Confusion(caught=8, missed=2, blocked=1, passed=1999)))
    texts = [text.text for text in picture.iter("text")]
    assert texts[:8:2] == ["1,999", "1", "2", "8"]
    assert texts[1:8:2] == ["99.95% of ham", "0.05% of ham", "20.00% of spam", "80.00% of spam"]
    assert picture.get("aria-label", "").endswith("8 spam caught, 2 spam missed")


def test_points_are_where_the_axes_say() -> None:
    (picture,) = pictures(charts.reliability([Bin(10, 0.0, 0.0), Bin(40, 1.0, 1.0)]))
    low, high = picture.iter("circle")
    diagonal = next(iter(picture.iter("polyline"))).get("points", "").split()
    assert diagonal == [f"{dot.get('cx')},{dot.get('cy')}" for dot in (low, high)]
    assert float(high.get("cx", 0)) > float(low.get("cx", 0))
    assert float(high.get("cy", 0)) < float(low.get("cy", 0))
    assert float(high.get("r", 0)) > float(low.get("r", 0))
