"""XGBoost's estimators, alone and as steps, against XGBoost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from portable.base import UnusableRow
from portable.model import load
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.unit.portable.category_frames import coloured
from tests.unit.portable.parity import assert_predicts_alike, dumped
from tests.unit.portable.xgboost.test_boosters import FEATURES, asked_of, rows, target_for

xgb = pytest.importorskip("xgboost")

SMALL = {"n_estimators": 6, "max_depth": 3, "n_jobs": 1}


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("estimator", ["XGBClassifier", "XGBRFClassifier"])
def test_classifiers(estimator: str, classes: int) -> None:
    labels = target_for("multi") % classes
    fitted = getattr(xgb, estimator)(**SMALL).fit(rows(), labels, sample_weight=1.0 + labels)
    assert_predicts_alike(fitted, asked_of(fitted.get_booster()))


@pytest.mark.parametrize("estimator", ["XGBRegressor", "XGBRFRegressor"])
def test_regressors(estimator: str) -> None:
    fitted = getattr(xgb, estimator)(**SMALL).fit(rows(), target_for(""))
    assert_predicts_alike(fitted, asked_of(fitted.get_booster()))


def test_several_outputs() -> None:
    amounts = target_for("")
    fitted = xgb.XGBRegressor(**SMALL).fit(rows(), np.stack([amounts, -amounts], axis=1))
    assert_predicts_alike(fitted, asked_of(fitted.get_booster()))


def test_rankers_answer_scores() -> None:
    fitted = xgb.XGBRanker(**SMALL).fit(rows(), target_for("rank"), group=[100, 100])
    assert_predicts_alike(fitted, asked_of(fitted.get_booster()))


def test_early_stopping_answers_by_the_best_iteration() -> None:
    fitted = xgb.XGBRegressor(n_estimators=60, early_stopping_rounds=4, n_jobs=1)
    noise = np.random.default_rng(1).normal(size=200)
    fitted.fit(rows(), noise, eval_set=[(rows(), noise[::-1])], verbose=False)
    assert fitted.best_iteration + 1 < len(fitted.get_booster().get_dump())
    assert_predicts_alike(fitted, asked_of(fitted.get_booster()))


def test_a_number_that_stands_for_missing() -> None:
    table = np.nan_to_num(rows(), nan=-999.25)
    fitted = xgb.XGBRegressor(**SMALL, missing=-999.25).fit(table, target_for(""))
    asked = asked_of(fitted.get_booster())
    asked[:40, 1] = -999.25
    assert_predicts_alike(fitted, asked)


def test_behind_other_steps() -> None:
    fitted = make_pipeline(StandardScaler(), xgb.XGBClassifier(**SMALL))
    fitted.fit(np.nan_to_num(rows()), target_for("multi"))
    assert_predicts_alike(fitted, np.nan_to_num(rows()))


def test_what_a_text_lacks_is_missing() -> None:
    texts = ["free money now", "hello my friend", "win money", "lunch my friend"] * 9
    model = make_pipeline(TfidfVectorizer(), xgb.XGBClassifier(**SMALL, min_child_weight=0))
    model.fit(texts, [1, 0, 1, 0] * 9)
    assert_predicts_alike(model, [*texts[:4], "", "unknown money", "my my my lunch"])


@pytest.mark.parametrize("one_hot", [2, 100])
def test_categories_of_a_frame(one_hot: int) -> None:
    frame, labels = coloured()
    fitted = xgb.XGBClassifier(
        n_estimators=9, n_jobs=1, enable_categorical=True, max_cat_to_onehot=one_hot
    ).fit(frame, labels.astype(int))
    asked = frame.iloc[:120].copy()
    asked.iloc[0, 1], asked.iloc[1, 0], asked.iloc[2, 2] = np.nan, None, None
    model = assert_predicts_alike(fitted, asked)
    with pytest.raises(UnusableRow, match="none of the categories"):
        model.predict(["violet", 0.5, 1])


def test_categories_that_are_numbers() -> None:
    table = np.random.default_rng(4).integers(0, 12, (300, FEATURES)).astype(float)
    fitted = xgb.XGBRegressor(
        **SMALL, enable_categorical=True, feature_types=["c", "q", "c", "q"], max_cat_to_onehot=1
    ).fit(table, table[:, 0] % 3 + table[:, 1])
    asked = table[:60]
    asked[:6, 0] = [np.nan, 11, 12, 100, 40000, 2**24]
    assert_predicts_alike(fitted, asked)


def test_a_classifier_that_was_not_fitted_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no booster"):
        load(dumped(xgb.XGBClassifier()))


def test_category_names_that_xgboost_cuts_at_the_wrong_places_are_refused() -> None:
    frame = pd.DataFrame({"colour": pd.Categorical(["grün", "rot", "blau"] * 20)})
    fitted = xgb.XGBClassifier(**SMALL, enable_categorical=True).fit(frame, [0, 1, 1] * 20)
    with pytest.raises(ValueError, match="beyond ASCII"):
        load(dumped(fitted))
