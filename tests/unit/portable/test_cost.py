"""Cost grows linearly with a text, whatever the analyzer."""

from itertools import product
from time import thread_time
from typing import Any

import pytest
from portable.model import Model, load
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

from tests.harness.judged import sampled
from tests.unit.portable.small_models import TEXTS, dumps, fit

# What is timed here runs without the tracer of coverage, which would be timed too.
pytestmark = pytest.mark.no_cover
SHORT, LONG = 16 * 1024, 64 * 1024
# Marks in another order than Unicode's: to decompose a letter is to sort those that stand on it.
MARKS = "\u0301\u0323\u0e48"


def cost(model: Model, text: str) -> float:
    """Seconds of CPU, the best of five."""
    best = float("inf")
    for _ in range(5):
        start = thread_time()
        model.predict(text)
        best = min(best, thread_time() - start)
    return best


OPTIONS = (
    {"ngram_range": (1, 2), "sublinear_tf": True},
    {"ngram_range": (1, 10_000)},
    {"analyzer": "char", "ngram_range": (1, 3)},
    {"analyzer": "char_wb", "ngram_range": (2, 5), "strip_accents": "unicode"},
    {"ngram_range": (1, 1), "strip_accents": "ascii"},
)
UNITS = ("a", " ".join(TEXTS) + " ", "é ", MARKS, "! ")
"""What texts are made of. With every change each is tried by one analyzer, and each analyzer on
one; all by all at night."""
CASES = sampled(product(OPTIONS, UNITS), list(zip(OPTIONS, UNITS, strict=True)))


@pytest.mark.parametrize(("options", "unit"), CASES)
def test_four_times_the_text_takes_about_four_times_as_long(
    options: dict[str, Any], unit: str
) -> None:
    vectorizer, classifier = TfidfVectorizer(**options), MultinomialNB()
    if options["ngram_range"][1] > 1000:
        vectorizer.fit(TEXTS)
        vectorizer.set_params(vocabulary=["free", "call now", "the cat sat"])
    fit(vectorizer, classifier)
    model = load(dumps(vectorizer), dumps(classifier))
    text = unit * (LONG // len(unit) + 1)
    # Quadratic cost would show as 16.
    assert cost(model, text[:LONG]) < 9 * max(cost(model, text[:SHORT]), 1e-4)
