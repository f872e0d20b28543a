"""The report of a recipe: whole, self-contained, with the figures it was given."""

import re

import pytest

from model_training.spam_or_ham import report
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.evaluation import evaluate_recipe
from model_training.spam_or_ham.recipes import RECIPES
from tests.harness.judged import sampled
from tests.unit.model_training.reports.test_pictures import drawings


@pytest.mark.parametrize("name", sampled(["default", "article"], ["default"]))
def test_the_page_holds_its_pictures_and_every_figure(name: str, corpus: Corpus) -> None:
    recipe = RECIPES[name]
    evaluation = evaluate_recipe(recipe, corpus, repeats=1)
    pair = recipe.fit(corpus.texts, corpus.labels)
    page = report.page(name, "0123456789ab", corpus, evaluation, pair)
    drawn = drawings(page)
    assert len(drawn) == 6
    assert all(picture.get("role") == "img" and picture.get("aria-label") for picture in drawn)
    accuracy = evaluation.cross_validation.figures["accuracy"]
    assert f"{100 * accuracy.mean:.2f} % ± {100 * accuracy.sd:.2f} %" in page
    assert ("the article's" in page.replace("&#x27;", "'")) == (name == "default")
    assert "prefers-color-scheme: dark" in page
    # The second line of defence is the page's own policy.
    assert "default-src 'none'" in page
    assert not re.search(r"\b(src|srcset)\s*=|href=\"[^#]|url\([^#]|@import|<script|<link", page)
    assert page == report.page(name, "0123456789ab", corpus, evaluation, pair)
