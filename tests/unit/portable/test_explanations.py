"""Explanations add up to the decision, and speak for the right side."""

import math
from typing import Any

import pytest
from portable.model import load
from sklearn.base import clone
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import (
    CountVectorizer,
    HashingVectorizer,
    TfidfTransformer,
    TfidfVectorizer,
)
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union

from tests.unit.portable.parity import dumped
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


def test_the_terms_of_several_vectorizers_are_told_one_after_another() -> None:
    union = FeatureUnion(
        [
            ("words", TfidfVectorizer()),
            ("pairs", make_pipeline(CountVectorizer(ngram_range=(2, 2)), TfidfTransformer())),
            ("parts", TfidfVectorizer(analyzer="char", ngram_range=(3, 3))),
        ],
        transformer_weights={"pairs": 2.0},
    )
    made = make_pipeline(union, SelectKBest(k=60), LogisticRegression()).fit(TEXTS, TWO_LABELS)
    model = load(dumped(made))
    names = made[:-1].get_feature_names_out()
    assert {name.partition("__")[0] for name in names} == {"words", "pairs", "parts"}
    for text in (*TEXTS, *ODD_TEXTS[:8]):
        row = made[:-1].transform([text]).toarray()[0]
        found = model.explain(text)
        assert found.log_odds == pytest.approx(made.decision_function([text])[0], abs=1e-9)
        assert found.prior == pytest.approx(made[-1].intercept_[0], abs=1e-9)
        expected = (made[-1].coef_[0] * row)[row != 0].tolist()
        terms = [name.partition("__")[2] for name in names[row != 0].tolist()]
        telling = sorted((token, part) for token, part, _ in found.tokens if part)
        assert [token for token, _ in telling] == sorted(terms)
        assert [part for _, part in telling] == pytest.approx(
            [part for _, part in sorted(zip(terms, expected, strict=True))], abs=1e-9
        )
    counts = [count for token, _, count in model.explain("prize prize").tokens if token == "prize"]
    assert counts == [2]


def test_hashed_terms_are_not_told() -> None:
    union = make_union(CountVectorizer(), HashingVectorizer(n_features=64))
    made = make_pipeline(union, LogisticRegression()).fit(TEXTS, TWO_LABELS)
    assert load(dumped(made)).explain(TEXTS[0]) is None


def test_what_a_text_lacks_counts_where_trees_part_texts_by_it() -> None:
    boosting = GradientBoostingClassifier(n_estimators=5, random_state=0)
    made = make_pipeline(CountVectorizer(), boosting).fit(TEXTS, TWO_LABELS)
    model = load(dumped(made))
    priors = set()
    for text in (*TEXTS, *ODD_TEXTS):
        found = model.explain(text)
        assert found.log_odds == pytest.approx(made.decision_function([text])[0], abs=1e-9)
        priors.add(round(found.prior, 9))
    assert len(priors) > 1
    forest = make_pipeline(CountVectorizer(), RandomForestClassifier(3, random_state=0))
    # Its parts add up to a share, and not to log-odds.
    assert load(dumped(forest.fit(TEXTS, TWO_LABELS))).explain(TEXTS[0]) is None
