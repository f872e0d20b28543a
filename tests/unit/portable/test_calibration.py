"""CalibratedClassifierCV and IsotonicRegression, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from portable.isotonic import IsotonicRegressor
from portable.pickles.unpickler import loads
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import (
    AdaBoostClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from tests.unit.portable.parity import assert_predicts_alike, dumped

METHODS = ["sigmoid", "isotonic", "temperature"]
ESTIMATORS = [
    LogisticRegression(),
    GaussianNB(),
    make_pipeline(StandardScaler(), DecisionTreeClassifier(max_depth=3, random_state=0)),
    RandomForestClassifier(5, random_state=0),
    AdaBoostClassifier(n_estimators=5, random_state=0),
    GradientBoostingClassifier(n_estimators=3, random_state=0),
    HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=5, random_state=0),
    OneVsRestClassifier(LogisticRegression()),
]


def _data(classes: int) -> tuple[Any, Any]:
    rows, labels = make_classification(
        90, 6, n_informative=5, n_redundant=0, n_classes=classes, random_state=classes
    )
    return rows, np.array([f"class {label}" for label in labels]) if classes == 3 else labels


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: type(one).__name__)
def test_methods(method: str, classes: int, estimator: Any) -> None:
    rows, labels = _data(classes)
    model = CalibratedClassifierCV(estimator, method=method, cv=3).fit(rows, labels)
    far = np.concatenate([rows[:12], 100 * rows[:6], np.zeros((1, 6))])
    assert_predicts_alike(model, far)


@pytest.mark.parametrize("ensemble", [True, False, "auto"])
@pytest.mark.parametrize("method", METHODS)
def test_ensembles(ensemble: Any, method: str) -> None:
    rows, labels = _data(3)
    model = CalibratedClassifierCV(
        LogisticRegression(), method=method, ensemble=ensemble, cv=StratifiedKFold(4)
    )
    assert_predicts_alike(model.fit(rows, labels), rows[:40])


@pytest.mark.parametrize("method", METHODS)
def test_a_frozen_estimator(method: str) -> None:
    rows, labels = _data(2)
    frozen = FrozenEstimator(clone(ESTIMATORS[3]).fit(rows[:50], labels[:50]))
    model = CalibratedClassifierCV(frozen, method=method).fit(rows[50:], labels[50:])
    assert_predicts_alike(model, rows[:30])
    assert dumped(model).count(b"RandomForestClassifier") <= 2, "the fitted forest is there twice"


@pytest.mark.parametrize("method", METHODS)
def test_texts(method: str) -> None:
    texts = ["free money now", "hello my friend", "win money", "lunch, my friend, today?"] * 5
    labels = ["spam", "ham", "spam", "ham"] * 5
    asked = [*texts[:4], "", "unseen words"]
    for classifier in (LogisticRegression(), MultinomialNB()):
        calibrated = CalibratedClassifierCV(classifier, method=method, cv=3)
        assert_predicts_alike(
            make_pipeline(TfidfVectorizer(), calibrated).fit(texts, labels), asked
        )
        around = CalibratedClassifierCV(make_pipeline(TfidfVectorizer(), classifier), method=method)
        assert_predicts_alike(around.fit(texts, labels), asked)


@pytest.mark.parametrize("outside", ["nan", "clip"])
@pytest.mark.parametrize("increasing", [True, False, "auto"])
def test_isotonic_regression(outside: str, increasing: Any) -> None:
    random = np.random.default_rng(3)
    given = random.integers(0, 30, size=50) / 7
    model = IsotonicRegression(out_of_bounds=outside, increasing=increasing)
    model.fit(given, given * 2 + random.normal(size=50))
    at = np.concatenate([model.X_thresholds_, given, [-1.0, 9.0, 0.33], np.nextafter(given, 9)])
    ours = IsotonicRegressor(loads(dumped(model)))  # type: ignore[arg-type]
    theirs = model.predict(at)
    np.testing.assert_allclose([ours.value(one) for one in at], theirs, rtol=1e-12, atol=1e-12)
