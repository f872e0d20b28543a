"""Gradient boosting, against scikit-learn: what it starts from, its losses, its thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from portable import quick_scorer
from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from portable.model import load
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeRegressor

from tests.unit.portable.parity import assert_predicts_alike, dumped
from tests.unit.portable.tree_rows import around

FEATURES = 5


@pytest.fixture(params=["quick scorer", "walker"])
def algorithm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small trees are scored all at once, large ones walked."""
    if request.param == "walker":
        monkeypatch.setattr(quick_scorer, "MAX_LEAVES", 0)


def rows_and_sums() -> tuple[Any, Any]:
    rows = np.random.default_rng(0).normal(size=(200, FEATURES)).round(1)
    return rows, (rows.sum(axis=1) * 2).astype(int)


def thresholds(estimator: Any) -> Any:
    return np.concatenate([one.tree_.threshold for one in estimator.estimators_.ravel()])


@pytest.mark.usefixtures("algorithm")
@pytest.mark.parametrize("init", [None, "zero", RandomForestClassifier(3, random_state=0)], ids=str)
@pytest.mark.parametrize(
    ("loss", "classes"), [("log_loss", 2), ("log_loss", 3), ("exponential", 2)]
)
@pytest.mark.parametrize("depth", [1, 3, 6])
def test_classifiers(loss: str, classes: int, depth: int, init: Any) -> None:
    rows, sums = rows_and_sums()
    model = GradientBoostingClassifier(
        loss=loss, init=init, n_estimators=9, max_depth=depth, random_state=0
    ).fit(rows, sums % classes)
    assert_predicts_alike(model, around(thresholds(model), FEATURES))


@pytest.mark.usefixtures("algorithm")
@pytest.mark.parametrize("init", [None, "zero", DecisionTreeRegressor(max_depth=2)], ids=str)
@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber", "quantile"])
def test_regressors(loss: str, init: Any) -> None:
    rows, sums = rows_and_sums()
    model = GradientBoostingRegressor(loss=loss, init=init, n_estimators=9, random_state=0)
    assert_predicts_alike(model.fit(rows, sums), around(thresholds(model), FEATURES))


def test_the_scores_are_the_same_to_the_last_bit() -> None:
    rows, sums = rows_and_sums()
    model = GradientBoostingRegressor(n_estimators=60, random_state=0).fit(rows, sums)
    asked = around(thresholds(model), FEATURES)
    ours = load(dumped(model))
    assert [ours.predict(row)[0] for row in asked.tolist()] == model.predict(asked).tolist()


def test_text_before_a_boosting() -> None:
    texts = ["free money now", "hello my friend", "win money", "lunch my friend"] * 5
    model = make_pipeline(CountVectorizer(), GradientBoostingClassifier(n_estimators=5))
    assert_predicts_alike(model.fit(texts, [1, 0, 1, 0] * 5), [*texts[:4], "", "unknown money"])


def test_missing_values_are_refused_as_scikit_learn_does() -> None:
    rows, sums = rows_and_sums()
    model = load(dumped(GradientBoostingRegressor(n_estimators=2).fit(rows, sums)))
    with pytest.raises(UnusableRow, match="missing value"):
        model.predict([None] * FEATURES)


def test_an_init_that_computes_in_single_precision_is_refused() -> None:
    rows, sums = rows_and_sums()
    model = GradientBoostingClassifier(n_estimators=2, init=LogisticRegression())
    with pytest.raises(UnsupportedModel, match=r"estimator of its own \(init\)"):
        load(dumped(model.fit(rows, sums % 2)))
