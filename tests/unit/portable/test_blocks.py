"""Many inputs at once are answered as one by one, to the last bit, in their order."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from portable.feature_extraction import text, text_block
from portable.model import load
from serving.http.problems import Problem
from serving.runtimes.portable import PortableModel
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import ElasticNet, LogisticRegression, Ridge
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.unit.portable.parity import dumped

TEXTS = [
    "Win a PRIZE now!  win\u00a0win",
    "",
    "   \n",
    "are you there? yes, there you are",
    "unknownword \u00e9t\u00e9 42000 it's it's a a a",
    "Win " * 300,
    "no\u2003space here\x1cor there \u0130stanbul \u03a3\u03a3",
] * 3
LABELS = [0, 1, 2, 1, 0, 2, 1] * 3
OWN = r"(?u)(?<!\d)\d\d(?=\d{3})|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]"


@pytest.mark.parametrize(
    "vectorizer",
    [
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=OWN),
        TfidfVectorizer(norm="l1", use_idf=False, ngram_range=(2, 3)),
        TfidfVectorizer(dtype=np.float32, stop_words="english", strip_accents="unicode"),
        TfidfVectorizer(token_pattern=r"\w+ ?\w", ngram_range=(1, 3)),
        CountVectorizer(binary=True, lowercase=False),
        CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)),
        CountVectorizer(analyzer="char", ngram_range=(1, 2)),
    ],
    ids=lambda one: re.sub(r"\s+", " ", repr(one)),
)
def test_texts(vectorizer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Coefficients that are in single precision as well are not served.
    others = [] if vectorizer.dtype == np.float32 else [LogisticRegression()]
    for classifier in (MultinomialNB(), ComplementNB(), *others):
        fitted = make_pipeline(vectorizer, classifier).fit(TEXTS, LABELS)
        model = load(dumped(fitted))
        one_by_one = [model.predict(one) for one in TEXTS]
        monkeypatch.setattr(text, "MANY_CHARACTERS", 0)
        # Twice: the second time most words have come before.
        assert model.predict_many(TEXTS) == one_by_one
        assert model.predict_many(TEXTS[::-1]) == one_by_one[::-1]
        assert [model.predict(one) for one in TEXTS] == one_by_one
        expected = fitted.predict_proba(TEXTS)
        assert [numbers for _, numbers, _ in one_by_one] == pytest.approx(expected, abs=1e-6)
        monkeypatch.undo()


def test_only_words_of_the_vocabulary_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MANY_CHARACTERS", 0)
    fitted = make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(["win now", "see you"], [0, 1])
    model: Any = load(dumped(fitted))
    model.predict_many(["win a secret7 now", "secret7!"])
    assert set(model._predictor.steps[0]._block._chunks) == {"win", "now", "a"}


@pytest.mark.parametrize(
    ("pattern", "is_local"),
    [
        (r"(?u)\b\w\w+\b", True),
        (OWN, True),
        (r"[a-z0-9_-]+@\w+\.com", True),
        (r"\S+", True),
        (r".+", False),
        (r"\w+ \w+", False),
        (r"\w+\s?", False),
        (r"[^a-z]+", False),
        (r"[ -~]+", False),
        (r"\W+", False),
        (r"\w*", False),
        (r"^\w+", False),
        (r"(?i)\w+", False),
        (r"\w+(?=\s)", False),
    ],
)
def test_a_pattern_that_may_reach_over_white_space_is_not_cut_at_it(
    pattern: str, is_local: bool
) -> None:
    assert text_block._is_local(pattern) is is_local
    if is_local:
        for one in TEXTS:
            whole = re.findall(pattern, one)
            assert [word for part in one.split() for word in re.findall(pattern, part)] == whole


def test_a_vocabulary_of_far_more_parts_than_terms_is_asked_by_its_terms() -> None:
    assert text_block._parts({"a b": 0, "b": 1}) is not None
    assert text_block._parts({" ".join(map(str, range(40))): 0}) is None


def _rows(columns: int) -> Any:
    return np.random.default_rng(3).normal(size=(70, columns))


@pytest.mark.parametrize("columns", [3, 300])
@pytest.mark.parametrize(
    "estimator",
    [LogisticRegression(), Ridge(), ElasticNet(alpha=0.01)],
    ids=lambda one: type(one).__name__,
)
def test_linear_models(estimator: Any, columns: int) -> None:
    rows = _rows(columns)
    labels = (rows[:, 0] > 0) + (rows[:, 1] > 0)
    model = load(dumped(make_pipeline(StandardScaler(), estimator).fit(rows, labels)))
    asked: list[Any] = [*rows.tolist(), [1] * columns, [True] * columns]
    assert model.predict_many(asked) == [model.predict(row) for row in asked]


@pytest.mark.parametrize("size", [40, 400])
def test_forests_of_small_and_of_large_trees(size: int) -> None:
    rows = np.random.default_rng(3).normal(size=(size, 6))
    labels = (rows.sum(axis=1) + rows[:, 0] * rows[:, 1] * 3).round()
    for estimator in (RandomForestClassifier(5), RandomForestRegressor(5)):
        model = load(dumped(estimator.fit(rows, labels)))
        asked = [*rows.tolist(), *np.round(rows, 1).tolist()]
        assert model.predict_many(asked) == [model.predict(row) for row in asked]


@pytest.mark.parametrize("wrong", [[0.5] * 2, [0.5, "x", 0.5], [0.5, 1e400, 0.5], [0.5, None, 0.5]])
def test_the_row_that_cannot_be_answered_is_named(wrong: list[Any]) -> None:
    rows = _rows(3)
    fitted = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, rows[:, 0] > 0)
    fields = [{"name": f"f{at}", "type": "number"} for at in range(3)]
    served = PortableModel(load(dumped(fitted)), {"fields": fields})
    # A record of two values is one that the columns do not fit.
    served._row = list
    asked = rows[:40].tolist()
    assert [one.predicted for one in served.predict(asked)] == fitted.predict(rows[:40]).tolist()
    asked[17] = wrong
    with pytest.raises(Problem) as refusal:
        served.predict(asked)
    assert "Input 17, counted from 0, cannot be answered" in str(refusal.value.detail)
