"""Explanations of boosters, from the trees that LightGBM dumps and the leaves that it reaches."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from portable.model import load

from tests.unit.portable.category_frames import coloured
from tests.unit.portable.explained import assert_explained
from tests.unit.portable.lightgbm.test_boosters import (
    FORMATS,
    MISSING,
    SMALL,
    asked_of,
    rows,
    trained,
)
from tests.unit.portable.parity import dumped

lgb = pytest.importorskip("lightgbm")


def expectation(node: Any) -> float:
    """The mean of the leaves below a node over the training rows."""

    def leaves(node: Any) -> list[tuple[float, int]]:
        if "leaf_value" in node:
            return [(node["leaf_value"], node.get("leaf_count", 1))]
        return [*leaves(node["left_child"]), *leaves(node["right_child"])]

    values, counts = zip(*leaves(node), strict=True)
    return float(np.average(values, weights=counts))


def steps(node: Any, leaf: int) -> list[tuple[int, float]] | None:
    """On the way from a node to a leaf, the feature of each split and what it changes."""
    if "leaf_value" in node:
        return [] if node.get("leaf_index", 0) == leaf else None
    for child in (node["left_child"], node["right_child"]):
        if (below := steps(child, leaf)) is not None:
            change = expectation(child) - expectation(node)
            return [(node["split_feature"], change), *below]
    return None


def by_paths(booster: Any, asked: Any, groups: int) -> Any:
    """For each row and score, what each feature adds, and last the mean of the trees."""
    trees = [one["tree_structure"] for one in booster.dump_model()["tree_info"]]
    found = np.zeros((len(asked), groups, booster.num_feature() + 1))
    leaves = booster.predict(asked, pred_leaf=True, num_threads=1).astype(int)
    for row, reached in zip(found, leaves, strict=True):
        for at, (tree, leaf) in enumerate(zip(trees, reached.tolist(), strict=True)):
            for feature, change in steps(tree, leaf) or []:
                row[at % groups, feature] += change
            row[at % groups, -1] += expectation(tree)
    return found


def assert_explained_alike(
    booster: Any, file: bytes, asked: Any, unit: str, *, given: Any = None, factor: float = 1.0
) -> None:
    """Parts and base are the trees', and add up to LightGBM's raw score, all times `factor`;
    `given` are the rows of the model in `file`, where those of the booster are others."""
    raw = booster.predict(asked, raw_score=True, num_threads=1).reshape(len(asked), -1)
    contributions = by_paths(booster, asked, raw.shape[1])
    rows = asked.tolist() if given is None else given
    assert_explained(file, rows, unit, factor * contributions, factor * raw)


@pytest.mark.parametrize(
    ("objective", "unit"),
    [
        ("binary", "log-odds"),
        ("multiclass", "log-odds"),
        ("multiclassova", "decision"),
        ("regression", "value"),
        ("quantile", "value"),
    ],
)
def test_parts_are_those_of_the_trees(objective: str, unit: str) -> None:
    booster = trained(objective)
    assert_explained_alike(booster, FORMATS["text"](booster), asked_of(booster)[::7], unit)


@pytest.mark.parametrize("kind", MISSING)
def test_missing_values_and_slopes(kind: str) -> None:
    booster = trained("binary", sigmoid=2.5, **MISSING[kind])
    asked = asked_of(booster)[::9]
    assert_explained_alike(booster, FORMATS["pickle"](booster), asked, "log-odds", factor=2.5)


def test_averages_and_dropped_trees() -> None:
    booster = trained("binary", boosting="rf", bagging_freq=1, bagging_fraction=0.5)
    # Raw scores are sums, and the sigmoid is of their mean.
    averaged = {"factor": 1 / booster.num_trees()}
    asked = asked_of(booster)[::9]
    assert_explained_alike(booster, FORMATS["text"](booster), asked, "log-odds", **averaged)
    booster = trained("regression", boosting="dart", drop_rate=0.5)
    assert_explained_alike(booster, FORMATS["text"](booster), asked_of(booster)[::9], "value")


def test_stumps_get_the_exact_shapley_values_that_lightgbm_has() -> None:
    booster = trained("binary", num_leaves=2)
    asked = asked_of(booster)[::7]
    contributions = booster.predict(asked, pred_contrib=True)
    raw = booster.predict(asked, raw_score=True)
    file = FORMATS["text"](booster)
    assert_explained(file, asked.tolist(), "log-odds", contributions, raw)


@pytest.mark.parametrize("one_hot", [1, 100])
def test_categories(one_hot: int) -> None:
    frame, labels = coloured()
    fitted = lgb.LGBMClassifier(
        **SMALL, max_cat_to_onehot=one_hot, min_data_per_group=1, cat_smooth=1
    ).fit(frame, labels)
    given = frame[:50].astype(object).where(frame[:50].notna(), None).to_numpy().tolist()
    codes = frame[:50].assign(
        **{
            name: frame[:50][name].cat.codes.where(frame[:50][name].notna(), np.nan)
            for name in ("colour", "grade")
        }
    )
    file = dumped(fitted)
    # What takes codes in the place of categories is asked about an array.
    fitted.booster_.pandas_categorical = None
    asked = codes.to_numpy(float)
    assert_explained_alike(fitted.booster_, file, asked, "log-odds", given=given)


def test_scores_that_are_no_values_are_not_explained() -> None:
    for booster in (trained("poisson"), trained("regression", reg_sqrt=True)):
        assert load(FORMATS["text"](booster)).explain([0.5] * 4) is None


def test_trees_without_counts_are_not_explained() -> None:
    text = re.sub(r"\nleaf_count=.*", "", trained("binary").model_to_string(), count=1)
    model = load(text.encode())
    assert model.predict([0.5] * 4)[1] is not None
    assert model.explain([0.5] * 4) is None


def test_only_the_rounds_that_answer_are_explained() -> None:
    fitted = lgb.LGBMRegressor(n_estimators=60, n_jobs=1, verbose=-1)
    noise = np.random.default_rng(1).normal(size=200)
    fitted.fit(
        rows(), noise, eval_set=[(rows(), noise[::-1])], callbacks=[lgb.early_stopping(3, False)]
    )
    assert fitted.best_iteration_ < 60
    booster = lgb.Booster(model_str=fitted.booster_.model_to_string())
    assert booster.num_trees() == fitted.best_iteration_
    assert_explained_alike(booster, dumped(fitted), rows()[:20], "value")
