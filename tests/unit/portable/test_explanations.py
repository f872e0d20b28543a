"""Explanations add up to the decision, and speak for the right side."""

import math
from typing import Any

import pytest
from portable.model import load
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from tests.unit.portable.small_models import (
    CLASSIFIERS,
    LABELS,
    ODD_TEXTS,
    TEXTS,
    TWO_LABELS,
    dumps,
    fit,
    fitted_pair,
)


@pytest.mark.parametrize("kind", CLASSIFIERS)
@pytest.mark.parametrize("labels", [TWO_LABELS, LABELS], ids=["two", "three"])
@pytest.mark.parametrize("vectorizer", [TfidfVectorizer(), CountVectorizer(binary=True)], ids=repr)
def test_parts_add_up(kind: str, labels: list[str], vectorizer: Any) -> None:
    vectorizer, classifier = clone(vectorizer), clone(CLASSIFIERS[kind])
    fit(vectorizer, classifier, labels)
    model = load(dumps(vectorizer), dumps(classifier))
    for text in (*TEXTS, *ODD_TEXTS):
        found = model.explain(text)
        label, probabilities, _ = model.predict(text)
        of = dict(zip(model.classes_, probabilities, strict=True))
        parts = [contribution for _, contribution, _ in found.tokens]
        assert math.fsum([found.prior, *parts]) == pytest.approx(
            found.log_odds, rel=1e-12, abs=1e-9
        )
        if min(of.values()) > 1e-300:
            odds = math.log(of[found.label]) - math.log(of[found.against])
            assert odds == pytest.approx(found.log_odds, rel=1e-6, abs=1e-9)
        if len(of) == 2:
            assert (found.label, found.against) == (model.classes_[1], model.classes_[0])
        else:
            assert found.label == label
            assert of[found.against] == sorted(probabilities)[-2]


def test_tokens_are_terms_with_their_occurrences_most_telling_first() -> None:
    vectorizer, classifier = fitted_pair()
    model = load(dumps(vectorizer), dumps(classifier))
    found = model.explain("Free free CALL home zzz")
    assert {token: count for token, _, count in found.tokens} == {"free": 2, "call": 1, "home": 1}
    sizes = [abs(contribution) for _, contribution, _ in found.tokens]
    assert sizes == sorted(sizes, reverse=True)
    assert {token: part for token, part, _ in found.tokens}["free"] > 0


def test_an_empty_text_is_its_prior() -> None:
    vectorizer, classifier = fitted_pair()
    found = load(dumps(vectorizer), dumps(classifier)).explain("")
    assert found.tokens == []
    assert found.log_odds == found.prior == pytest.approx(math.log(4 / 8))


def test_one_class_has_nothing_to_explain() -> None:
    vectorizer, classifier = TfidfVectorizer(), clone(CLASSIFIERS["multinomial"])
    fit(vectorizer, classifier, ["only"] * len(TEXTS))
    found = load(dumps(vectorizer), dumps(classifier)).explain("free call")
    assert (found.label, found.against, found.log_odds) == ("only", "only", 0.0)
