"""Estimators of several outputs, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.datasets import make_regression
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multioutput import (
    ClassifierChain,
    MultiOutputClassifier,
    MultiOutputRegressor,
    RegressorChain,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests.unit.portable.parity import assert_predicts_alike

ROWS, VALUES = make_regression(80, 4, n_targets=3, random_state=2)
LABELS = (VALUES > 0).astype(int)


@pytest.mark.parametrize(
    "estimator",
    [Ridge(), DecisionTreeRegressor(max_depth=3), GradientBoostingRegressor(n_estimators=3)],
)
def test_regressors(estimator: Any) -> None:
    assert_predicts_alike(MultiOutputRegressor(estimator).fit(ROWS, VALUES), ROWS)
    for order in (None, [2, 0, 1], "random"):
        chain = RegressorChain(estimator, order=order, cv=3, random_state=4)
        assert_predicts_alike(chain.fit(ROWS, VALUES), ROWS)


@pytest.mark.parametrize("estimator", [LogisticRegression(), GaussianNB()])
def test_classifiers(estimator: Any) -> None:
    assert_predicts_alike(MultiOutputClassifier(estimator).fit(ROWS, LABELS), ROWS)
    names = np.array(["low", "high"])[LABELS]
    assert_predicts_alike(MultiOutputClassifier(estimator).fit(ROWS, names), ROWS)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
@pytest.mark.parametrize("order", [None, [1, 2, 0]])
def test_chains_of_classifiers(method: str, order: Any) -> None:
    chain = ClassifierChain(LogisticRegression(), order=order, chain_method=method, cv=3)
    assert_predicts_alike(chain.fit(ROWS, LABELS), ROWS)


def test_chains_of_other_estimators() -> None:
    tree = make_pipeline(StandardScaler(), DecisionTreeClassifier(max_depth=3))
    assert_predicts_alike(ClassifierChain(tree).fit(ROWS, LABELS), ROWS)
    chain = ClassifierChain(LogisticRegression(), chain_method="predict_proba")
    sparse = csr_matrix(np.where(np.abs(ROWS) > 0.7, ROWS, 0))
    assert_predicts_alike(chain.fit(sparse, LABELS), sparse.toarray())


def test_texts() -> None:
    texts = ["free money now", "hello my friend", "win money", "lunch, my friend, today?"] * 5
    labels = np.array([[1, 0], [0, 1], [1, 1], [0, 0]] * 5)
    asked = [*texts[:4], "", "unseen"]
    for kind in (MultiOutputClassifier, ClassifierChain):
        model = make_pipeline(TfidfVectorizer(), kind(LogisticRegression()))
        assert_predicts_alike(model.fit(texts, labels), asked)
