"""Histogram gradient boosting, against scikit-learn: losses, missing values and categories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from portable import nodes, quick_scorer
from portable.model import load
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from model_training.publishing import pickling
from tests.unit.portable.category_frames import graded
from tests.unit.portable.parity import assert_predicts_alike
from tests.unit.portable.tree_rows import around

FEATURES = 5
SMALL = {"max_iter": 12, "min_samples_leaf": 5, "random_state": 0}


@pytest.fixture(params=["quick scorer", "walker"], autouse=True)
def algorithm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small trees are scored all at once, large ones walked."""
    if request.param == "walker":
        monkeypatch.setattr(quick_scorer, "MAX_LEAVES", 0)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other take longer than these small fits."""
    with threadpool_limits(1):
        yield


def numbers(seed: int = 0, *, missing: bool = False) -> Any:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(300, FEATURES)).round(2)
    if missing:
        rows[rng.random(rows.shape) < 0.2] = np.nan
    return rows


def thresholds(estimator: Any) -> Any:
    return np.concatenate(
        [tree.nodes["num_threshold"] for stage in estimator._predictors for tree in stage]
    )


def asked_of(estimator: Any) -> Any:
    rows = around(thresholds(estimator), FEATURES, missing=True)
    rows[1:3] = [[np.inf] * FEATURES, [-np.inf] * FEATURES]
    return rows


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("leaves", [None, 4, 31])
def test_classifiers(classes: int, missing: bool, leaves: int | None) -> None:
    rows = numbers(missing=missing)
    labels = (np.nan_to_num(rows).sum(axis=1) * 2).astype(int) % classes
    model = HistGradientBoostingClassifier(**SMALL, max_leaf_nodes=leaves)
    model.fit(rows, np.array(["no", "yes", "perhaps"])[labels])
    assert_predicts_alike(model, asked_of(model))


@pytest.mark.parametrize(
    "loss", ["squared_error", "absolute_error", "gamma", "poisson", "quantile"]
)
def test_regressors(loss: str) -> None:
    rows = numbers(missing=True)
    target = np.abs(np.nan_to_num(rows) @ np.arange(1, FEATURES + 1)) + 0.1
    model = HistGradientBoostingRegressor(
        **SMALL, loss=loss, quantile=0.3 if loss == "quantile" else None
    )
    assert_predicts_alike(model.fit(rows, target), asked_of(model))


def test_more_leaves_than_an_integer_has_bits() -> None:
    rows = numbers()
    model = HistGradientBoostingRegressor(max_iter=3, min_samples_leaf=1, max_leaf_nodes=None)
    assert_predicts_alike(model.fit(rows, rows[:, 0] ** 2), asked_of(model))


@pytest.mark.parametrize("classes", [2, 4])
def test_categories_of_a_frame(classes: int) -> None:
    frame, labels = graded()
    labels += (frame["weight"] > 0.5) * (classes - 2)
    model = HistGradientBoostingClassifier(**SMALL).fit(frame, labels)
    asked = frame.astype({"colour": object, "grade": object}).iloc[:120]
    asked.iloc[0] = [None, None, None, None]
    asked.iloc[1:6, 1] = ["violet", "", "Red", None, "red"]
    asked.iloc[3:9, 3] = [31, -1, 2, None, 29, 1000]
    assert_predicts_alike(model, asked)


def test_categories_of_an_array() -> None:
    rng = np.random.default_rng(2)
    rows = numbers(missing=True)
    rows[:, 1] = rng.integers(0, 200, 300)
    rows[:, 3] = rng.choice([0.0, 2.0, 5.0, np.nan], 300)
    model = HistGradientBoostingRegressor(**SMALL, categorical_features=[1, 3])
    model.fit(rows, rows[:, 1] % 7 + np.nan_to_num(rows[:, 3]))
    asked = rows[:100]
    asked[:8, 1] = [np.nan, -1, 0.5, 254, 255, 256, 1e9, -0.0]
    asked[:8, 3] = [np.nan, 1, 2, 5, 6, -2, 0, 1e300]
    assert_predicts_alike(model, asked)


def test_many_trees_are_scored_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_scorer, "MAX_MASKS_BYTES", 200_000)
    rows = numbers(missing=True)
    model = HistGradientBoostingRegressor(max_iter=150, min_samples_leaf=5, max_leaf_nodes=9)
    model.fit(rows, np.nan_to_num(rows).sum(axis=1))
    assert_predicts_alike(model, asked_of(model))


def test_a_walk_and_the_quick_scorer_agree_on_trees_of_one_leaf() -> None:
    leaf = nodes.Nodes([0], [0.0], [nodes.LEAF], [nodes.LEAF], [0], [2.5], 1)
    assert quick_scorer.scorer([leaf, leaf]).values([1.0]) == [2.5, 2.5]


@pytest.mark.parametrize("scoring", [None, "r2"])
def test_what_scored_it_while_it_was_fitted_is_no_part_of_it(scoring: Any) -> None:
    """The scorer holds the estimator itself, or functions."""
    options = {"early_stopping": True, "scoring": scoring, **SMALL}
    estimator = HistGradientBoostingRegressor(**options).fit(numbers(), numbers()[:, 0])
    assert estimator._scorer is not None
    model = load(pickling.dumps(estimator))
    asked = numbers(1)[:20]
    assert [model.predict(row)[0] for row in asked.tolist()] == estimator.predict(asked).tolist()
