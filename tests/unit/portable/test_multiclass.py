"""One versus rest, one versus one and output codes, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from tests.unit.portable.parity import assert_predicts_alike

ESTIMATORS = [
    LogisticRegression(),
    GaussianNB(),
    DecisionTreeClassifier(max_depth=2, random_state=0),
    RandomForestClassifier(4, random_state=0),
    make_pipeline(StandardScaler(), LogisticRegression()),
]
KINDS = [
    OneVsRestClassifier,
    OneVsOneClassifier,
    lambda one: OutputCodeClassifier(one, code_size=2, random_state=3),
]


def _data(classes: int) -> tuple[Any, Any]:
    return make_classification(  # type: ignore[no-any-return]
        120, 5, n_informative=5, n_redundant=0, n_classes=classes, random_state=classes
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: type(one).__name__)
def test_classes(kind: Any, classes: int, estimator: Any) -> None:
    rows, labels = _data(classes)
    model = kind(estimator).fit(rows, labels)
    # Beside the rows there are ties: the shallow trees say the same of many classes.
    assert_predicts_alike(model, np.concatenate([rows, np.zeros((1, 5)), 50 * rows[:5]]))


@pytest.mark.parametrize("labels", ["strings", "floats", "booleans"])
def test_labels(labels: str) -> None:
    rows, places = _data(2 if labels == "booleans" else 3)
    names = {
        "strings": np.array(["x", "y", "z"]),
        "floats": np.array([0.0, 1.0, 7.0]),
        "booleans": np.array([False, True]),
    }[labels]
    for kind in KINDS[:2]:
        assert_predicts_alike(kind(LogisticRegression()).fit(rows, names[places]), rows[:30])


def test_regressors_score_classes() -> None:
    rows, labels = _data(3)
    assert_predicts_alike(OneVsRestClassifier(LinearRegression()).fit(rows, labels), rows)


@pytest.mark.parametrize(
    "estimator", [LogisticRegression(), GaussianNB(), DecisionTreeClassifier(max_depth=2)]
)
def test_several_labels_each(estimator: Any) -> None:
    rows, _ = _data(2)
    labels = np.stack([rows[:, 0] > 0, rows[:, 1] > 0.2, np.ones(120)], axis=1).astype(int)
    with pytest.warns(UserWarning, match="Label 2 is present in all"):
        model = OneVsRestClassifier(estimator).fit(rows, labels)
    assert_predicts_alike(model, rows)


def test_texts() -> None:
    texts = ["free money now", "hello my friend", "win money", "lunch, my friend, today?"] * 5
    labels = ["spam", "ham", "spam", "meal"] * 5
    asked = [*texts[:4], "", "unseen"]
    inside = make_pipeline(TfidfVectorizer(), OneVsRestClassifier(MultinomialNB()))
    assert_predicts_alike(inside.fit(texts, labels), asked)
    around = OneVsRestClassifier(make_pipeline(TfidfVectorizer(), LogisticRegression()))
    assert_predicts_alike(around.fit(texts, labels), asked)
    pairs = make_pipeline(TfidfVectorizer(), OneVsOneClassifier(LogisticRegression()))
    assert_predicts_alike(pairs.fit(texts, labels), asked)
