"""Hypothesis searches for a text, a corpus or options where scikit-learn answers otherwise."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from portable.model import Model, load
from serving.runtimes import TOLERANCE
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import GaussianNB

from tests.unit.portable.small_models import CLASSIFIERS, LABELS, TEXTS, dumps, fit, prove_small

quick = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
WORDS = st.sampled_from(sorted({word for text in TEXTS for word in text.split()}))
# All of Unicode, lone surrogates too.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
SOME_TEXT = st.one_of(ANY_TEXT, st.lists(st.one_of(WORDS, ANY_TEXT), max_size=20).map(" ".join))


@pytest.fixture(scope="module", params=["word", "char", "char_wb"])
def pair(request: pytest.FixtureRequest) -> tuple[Any, Any, Model]:
    vectorizer = TfidfVectorizer(
        analyzer=request.param, ngram_range=(1, 3), strip_accents="unicode", sublinear_tf=True
    )
    classifier = clone(CLASSIFIERS["multinomial"])
    fit(vectorizer, classifier, LABELS)
    return vectorizer, classifier, load(dumps(vectorizer), dumps(classifier))


@quick
@given(text=SOME_TEXT)
def test_any_text(pair: tuple[Any, Any, Model], text: str) -> None:
    vectorizer, classifier, model = pair
    rows = vectorizer.transform([text])
    label, probabilities, _ = model.predict(text)
    assert label == classifier.predict(rows)[0]
    np.testing.assert_allclose(
        probabilities, classifier.predict_proba(rows)[0], rtol=0, atol=TOLERANCE
    )


OPTIONS = st.fixed_dictionaries(
    {
        "lowercase": st.booleans(),
        "strip_accents": st.sampled_from([None, "ascii", "unicode"]),
        "analyzer": st.sampled_from(["word", "char", "char_wb"]),
        "ngram_range": st.sampled_from([(1, 1), (1, 2), (2, 3), (1, 5), (3, 3)]),
        "token_pattern": st.sampled_from([r"(?u)\b\w\w+\b", r"\w", r"[^\W_]+|[^\w\s]", r"\S+"]),
        "stop_words": st.sampled_from([None, "english", ["free", "the"]]),
        "binary": st.booleans(),
        "max_features": st.sampled_from([None, 5]),
    }
)
WEIGHTS = st.fixed_dictionaries(
    {
        "norm": st.sampled_from(["l1", "l2", None]),
        "use_idf": st.booleans(),
        "smooth_idf": st.booleans(),
        "sublinear_tf": st.booleans(),
        "dtype": st.sampled_from([np.float32, np.float64]),
    }
)


@quick
@given(
    options=OPTIONS,
    weights=st.one_of(st.none(), WEIGHTS),
    kind=st.sampled_from(sorted(CLASSIFIERS)),
    corpus=st.lists(SOME_TEXT, min_size=4, max_size=8),
    texts=st.lists(SOME_TEXT, min_size=1, max_size=5),
)
def test_any_model(
    options: dict[str, Any],
    weights: dict[str, Any] | None,
    kind: str,
    corpus: list[str],
    texts: list[str],
) -> None:
    if weights is not None and kind == "gaussian":
        weights = {**weights, "dtype": np.float64}
    vectorizer = (
        CountVectorizer(**options) if weights is None else TfidfVectorizer(**options, **weights)
    )
    classifier = clone(CLASSIFIERS[kind])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            rows = vectorizer.fit_transform(corpus)
        except ValueError:  # an empty vocabulary
            assume(False)
        labels = [at % 3 for at in range(len(corpus))]
        classifier.fit(rows.toarray() if isinstance(classifier, GaussianNB) else rows, labels)
        finite = np.isfinite(getattr(classifier, "feature_log_prob_", classifier.classes_)).all()
        assume(finite and (getattr(classifier, "var_", np.ones(1)) > 0).all())
    prove_small(vectorizer, classifier, [*corpus, *texts])
