"""Explanations of boosters, against XGBoost's own attribution along the path (approx_contribs)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.model import load
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from tests.unit.portable.category_frames import coloured
from tests.unit.portable.explained import assert_explained
from tests.unit.portable.parity import dumped
from tests.unit.portable.xgboost.test_boosters import FORMATS, asked_of, rows, target_for, trained

xgb = pytest.importorskip("xgboost")

ROUNDING = 1e-5
"""XGBoost adds up in single precision what is added up here in double precision."""


def assert_explained_alike(booster: Any, file: bytes, asked: Any, data: Any, unit: str) -> None:
    """Parts and base are XGBoost's, and add up to its margin."""
    contributions = booster.predict(data, pred_contribs=True, approx_contribs=True)
    margins = booster.predict(data, output_margin=True)
    assert_explained(file, asked, unit, contributions, margins, rounding=ROUNDING)


@pytest.mark.parametrize(
    ("objective", "unit"),
    [
        ("binary:logistic", "log-odds"),
        ("binary:hinge", "decision"),
        ("multi:softprob", "log-odds"),
        ("reg:squarederror", "value"),
        ("reg:absoluteerror", "value"),
    ],
)
def test_parts_are_those_of_xgboost(objective: str, unit: str) -> None:
    booster = trained(objective)
    asked = asked_of(booster)[::5]
    file = FORMATS["ubj"](booster)
    assert_explained_alike(booster, file, asked.tolist(), xgb.DMatrix(asked), unit)


def test_dropped_trees_and_other_files() -> None:
    booster = trained("binary:logistic", booster="dart", rate_drop=0.5, seed=1)
    drops = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["weight_drop"]
    assert len(set(drops)) > 1
    asked = asked_of(booster)[::9]
    file = FORMATS["json"](booster)
    assert_explained_alike(booster, file, asked.tolist(), xgb.DMatrix(asked), "log-odds")


def test_only_the_rounds_that_answer_are_explained() -> None:
    fitted = xgb.XGBRegressor(n_estimators=60, early_stopping_rounds=4, n_jobs=1)
    noise = np.random.default_rng(1).normal(size=200)
    fitted.fit(rows(), noise, eval_set=[(rows(), noise[::-1])], verbose=False)
    booster = fitted.get_booster()[: fitted.best_iteration + 1]
    asked = rows()[:20]
    file = dumped(fitted)
    assert_explained_alike(booster, file, asked.tolist(), xgb.DMatrix(asked), "value")


@pytest.mark.parametrize("one_hot", [2, 100])
def test_categories(one_hot: int) -> None:
    frame, labels = coloured(grades=[f"g{at}" for at in range(30)])
    fitted = xgb.XGBClassifier(
        n_estimators=6, max_depth=3, n_jobs=1, enable_categorical=True, max_cat_to_onehot=one_hot
    ).fit(frame, labels.astype(int))
    data = xgb.DMatrix(frame[:60], enable_categorical=True)
    asked = frame[:60].astype(object).where(frame[:60].notna(), None).to_numpy().tolist()
    assert_explained_alike(fitted.get_booster(), dumped(fitted), asked, data, "log-odds")


@pytest.mark.parametrize("objective", ["reg:logistic", "count:poisson"])
def test_margins_that_are_no_values_are_not_explained(objective: str) -> None:
    assert load(FORMATS["ubj"](trained(objective, 2))).explain([0.5] * 4) is None
    amounts = target_for("")
    fitted = xgb.XGBRegressor(n_estimators=2, n_jobs=1)
    fitted.fit(rows(), np.stack([amounts, -amounts], axis=1))
    assert load(dumped(fitted)).explain([0.5] * 4) is None


def test_trees_without_hessians_are_not_explained() -> None:
    document = json.loads(trained("binary:logistic").save_raw("json"))
    model = document["learner"]["gradient_booster"]["model"]
    model["trees"][3]["sum_hessian"].pop()
    changed = load(json.dumps(document).encode())
    assert changed.predict([0.5] * 4)[1] is not None
    assert changed.explain([0.5] * 4) is None


def test_one_hot_columns_are_explained_as_the_fields_they_were() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "plan": rng.choice(["basic", "plus", "max"], 200),
            "spent": rng.normal(size=200),
            "months": rng.integers(1, 40, 200),
        }
    )
    labels = (frame["plan"] == "max") ^ (frame["spent"] > 0.3) ^ (frame["months"] > 20)
    columns = ColumnTransformer(
        [("plan", OneHotEncoder(sparse_output=False), ["plan"])], remainder="passthrough"
    )
    fitted = make_pipeline(columns, xgb.XGBClassifier(n_estimators=5, n_jobs=1))
    fitted.fit(frame, labels.astype(int))
    data = xgb.DMatrix(fitted[:-1].transform(frame[:40]))
    booster = fitted[-1].get_booster()
    one_hot = booster.predict(data, pred_contribs=True, approx_contribs=True)
    contributions = np.column_stack([one_hot[:, :3].sum(axis=1), one_hot[:, 3:]])
    margins = booster.predict(data, output_margin=True)
    asked = frame[:40].to_numpy().tolist()
    assert_explained(dumped(fitted), asked, "log-odds", contributions, margins, rounding=ROUNDING)
