"""Pipelines and models in several files, against scikit-learn."""

from __future__ import annotations

import numpy as np
from portable.model import load
from sklearn.datasets import load_iris
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from tests.unit.portable.parity import assert_predicts_alike, dumped

TEXTS = ["free money now", "hello my friend", "win money", "lunch, my friend, today?"] * 5
LABELS = ["spam", "ham", "spam", "ham"] * 5
ASKED = [*TEXTS[:4], "", "money friend unknown", "FREE free frée"]


def test_scalers_in_a_row_before_a_classifier() -> None:
    rows, labels = load_iris(return_X_y=True)
    model = make_pipeline(StandardScaler(), "passthrough", MinMaxScaler(), LogisticRegression())
    assert_predicts_alike(model.fit(rows, labels), rows)


def test_a_pipeline_within_a_pipeline() -> None:
    counts = make_pipeline(CountVectorizer(), TfidfTransformer())
    assert_predicts_alike(make_pipeline(counts, MultinomialNB()).fit(TEXTS, LABELS), ASKED)


def test_two_files_answer_as_one_pipeline() -> None:
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(TEXTS, LABELS)
    whole, apart = load(dumped(model)), load(*(dumped(step) for _, step in model.steps))
    for text in ASKED:
        assert whole.predict(text) == apart.predict(text)
    assert np.array_equal(apart.classes_, model.classes_)
