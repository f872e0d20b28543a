"""Boosters in LightGBM's own files and in pickles, against LightGBM."""

from __future__ import annotations

import pickle
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable import quick_scorer
from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from portable.model import load
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.unit.portable.category_frames import coloured
from tests.unit.portable.parity import assert_near, assert_predicts_alike, dumped
from tests.unit.portable.tree_rows import around

lgb = pytest.importorskip("lightgbm")

FEATURES = 4
QUIET = {"num_threads": 1, "verbose": -1}
SMALL = {"n_estimators": 8, "num_leaves": 7, "min_child_samples": 5, "n_jobs": 1, "verbose": -1}
REGRESSIONS = (
    "regression", "regression_l1", "huber", "fair", "poisson", "quantile", "mape", "gamma",
    "tweedie", "cross_entropy", "cross_entropy_lambda", "lambdarank", "rank_xendcg",
)  # fmt: skip
MISSING = {
    "none": {"use_missing": False},
    "not a number": {},
    "zero": {"zero_as_missing": True},
}
FORMATS = {
    "text": lambda booster: booster.model_to_string().encode(),
    "pickle": lambda booster: pickle.dumps(booster, protocol=4),
}


@pytest.fixture(params=["quick scorer", "walker"])
def algorithm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small trees are scored all at once, large ones walked."""
    if request.param == "walker":
        monkeypatch.setattr(quick_scorer, "MAX_LEAVES", 0)


def rows(*, missing: bool = True) -> Any:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(200, FEATURES)).round(1)
    if missing:
        table[rng.random(table.shape) < 0.15] = np.nan
    table[rng.random(table.shape) < 0.15] = 0.0
    return table


def amounts() -> Any:
    return np.abs(np.nan_to_num(rows()) @ np.arange(1, FEATURES + 1)) + 0.1


def trained(objective: str, rounds: int = 8, *, missing: bool = True, **parameters: Any) -> Any:
    target = amounts()
    if objective in ("lambdarank", "rank_xendcg", "binary"):
        target = (target > 3).astype(int)
    elif objective.startswith("multi"):
        target = target.astype(int) % 3
        parameters["num_class"] = 3
    elif objective.startswith("cross"):
        target = target / target.max()
    group = [100, 100] if objective in ("lambdarank", "rank_xendcg") else None
    settings = {"objective": objective, "num_leaves": 9, "min_data_in_leaf": 3, **QUIET}
    # What counts as missing is a parameter of the data too.
    data = lgb.Dataset(rows(missing=missing), target, group=group, params=parameters)
    return lgb.train({**settings, **parameters}, data, rounds)


def asked_of(booster: Any) -> Any:
    lines = re.findall(r"^threshold=(.*)$", booster.model_to_string(), re.M)
    asked = around([float(one) for line in lines for one in line.split()], FEATURES, missing=True)
    asked[1:3] = [[np.inf] * FEATURES, [-np.inf] * FEATURES]
    asked[3:30, 2] = [0.0, -0.0, 1e-36] * 9
    return asked


def assert_answers_alike(booster: Any, file: str = "text") -> None:
    asked = asked_of(booster)
    model = load(FORMATS[file](booster))
    expected = booster.predict(asked, num_threads=1)
    for place, row in enumerate(asked.tolist()):
        answer, shares, _ = model.predict(row)
        if not model.classes_:
            assert_near(answer, expected[place].tolist(), place)
        elif expected.ndim == 1:
            assert_near(shares[1], expected[place].item(), place)
            assert answer == int(expected[place] > 0.5)
        else:
            assert_near(shares, expected[place].tolist(), place)
            assert answer == expected[place].argmax()


@pytest.mark.usefixtures("algorithm")
@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize("objective", REGRESSIONS)
def test_numbers(objective: str, file: str) -> None:
    assert_answers_alike(trained(objective), file)


@pytest.mark.usefixtures("algorithm")
@pytest.mark.parametrize("kind", MISSING)
@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("objective", ["binary", "multiclass", "multiclassova"])
def test_classes(objective: str, missing: bool, kind: str) -> None:
    assert_answers_alike(trained(objective, missing=missing, **MISSING[kind]))


def test_square_roots_and_averages() -> None:
    assert_answers_alike(trained("regression", reg_sqrt=True))
    bagging = {"bagging_freq": 1, "bagging_fraction": 0.5}
    assert_answers_alike(trained("binary", boosting="rf", **bagging))
    assert_answers_alike(trained("regression", boosting="dart", drop_rate=0.5))


@pytest.mark.parametrize("classes", [2, 3])
def test_classifiers(classes: int) -> None:
    labels = np.array(["no", "yes", "perhaps"])[amounts().astype(int) % classes]
    fitted = lgb.LGBMClassifier(**SMALL).fit(rows(), labels, sample_weight=amounts())
    assert_predicts_alike(fitted, asked_of(fitted.booster_))


def test_regressors_and_rankers() -> None:
    fitted = lgb.LGBMRegressor(**SMALL).fit(rows(), amounts())
    assert_predicts_alike(fitted, asked_of(fitted.booster_))
    fitted = lgb.LGBMRanker(**SMALL).fit(
        rows(), amounts().astype(int) % 4, group=[100, 100], eval_at=[1, 2]
    )
    assert_predicts_alike(fitted, asked_of(fitted.booster_))


def test_early_stopping_answers_by_the_best_iteration() -> None:
    noise = np.random.default_rng(1).normal(size=200)
    fitted = lgb.LGBMRegressor(n_estimators=60, n_jobs=1, verbose=-1).fit(
        rows(), noise, eval_set=[(rows(), noise[::-1])], callbacks=[lgb.early_stopping(3, False)]
    )
    assert fitted.best_iteration_ < 60
    assert_predicts_alike(fitted, asked_of(fitted.booster_))


@pytest.mark.usefixtures("algorithm")
@pytest.mark.parametrize("one_hot", [1, 100])
def test_categories_of_a_frame(one_hot: int) -> None:
    frame, labels = coloured(400, green="grün", grades=range(60))
    fitted = lgb.LGBMClassifier(
        **SMALL, max_cat_to_onehot=one_hot, min_data_per_group=1, cat_smooth=1
    ).fit(frame, labels)
    asked = frame.iloc[:150].copy()
    asked["colour"] = asked["colour"].cat.add_categories(["violet"])
    asked.iloc[0, 1], asked.iloc[1, 0], asked.iloc[2, 2] = np.nan, None, None
    asked.iloc[3, 0] = "violet"
    assert_predicts_alike(fitted, asked)


def test_a_booster_stopped_early_in_a_pickle_answers_by_the_best_iteration() -> None:
    booster = trained("regression", 12)
    booster.best_iteration = 5
    assert_answers_alike(booster, "pickle")


def test_categories_that_are_numbers() -> None:
    table = np.random.default_rng(4).integers(0, 70, (300, FEATURES)).astype(float)
    fitted = lgb.LGBMRegressor(**SMALL, min_data_per_group=1, cat_smooth=1).fit(
        table, table[:, 0] % 3 + table[:, 1], categorical_feature=[0]
    )
    asked = table[:60]
    asked[:9, 0] = [np.nan, 69, 70, 100, 40000, 2.0**33, -1, -0.5, 3.7]
    assert_predicts_alike(fitted, asked)


def test_behind_other_steps() -> None:
    fitted = make_pipeline(StandardScaler(), lgb.LGBMClassifier(**SMALL))
    assert_predicts_alike(fitted.fit(rows(missing=False), amounts() > 3), rows(missing=False))
    texts = ["free money now", "hello my friend", "win money", "lunch my friend"] * 20
    model = make_pipeline(TfidfVectorizer(), lgb.LGBMClassifier(**SMALL))
    model.fit(texts, [1, 0, 1, 0] * 20)
    assert_predicts_alike(model, [*texts[:4], "", "unknown money", "my my my lunch"])


def test_columns_are_named_as_the_frame_was() -> None:
    frame = pd.DataFrame(rows(), columns=["a", "b", "c", "d"])
    model = load(dumped(lgb.LGBMRegressor(**SMALL).fit(frame, amounts())))
    assert list(model.feature_names) == ["a", "b", "c", "d"]


def test_linear_leaves_are_refused() -> None:
    with pytest.raises(UnsupportedModel, match="linear_tree"):
        load(FORMATS["text"](trained("regression", 1, missing=False, linear_tree=True)))


def test_a_changed_file_is_answered_or_refused() -> None:
    data = FORMATS["text"](trained("binary", 2))
    rng = np.random.default_rng(0)
    for place in rng.integers(0, len(data), 300).tolist():
        changed = data[:place] + bytes([int(rng.integers(256))]) + data[place + 1 :]
        for mutant in (changed, data[:place]):
            try:
                model = load(mutant)
            except UnsupportedModel:
                continue
            try:
                model.predict([0.5] * model.n_features)
            except UnusableRow:
                continue
