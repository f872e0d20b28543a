"""Explanations of histogram gradient boosting, from scikit-learn's own nodes and leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.model import load
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests.unit.portable.category_frames import graded
from tests.unit.portable.explained import assert_explained
from tests.unit.portable.parity import dumped
from tests.unit.portable.test_hist_gradient_boosting import (
    FEATURES,
    SMALL,
    asked_of,
    numbers,
)
from tests.unit.portable.test_hist_gradient_boosting import one_thread as one_thread


def by_paths(model: Any, asked: Any) -> Any:
    """For each row and score, what each column's splits change on the row's way to the leaves that
    scikit-learn finds, and last the baseline and the mean of each tree."""
    rows = model._preprocess_X(asked, reset=False)
    known = model._bin_mapper.make_known_categories_bitsets()
    order = list(range(model.n_features_in_))
    if model.is_categorical_ is not None:
        order.sort(key=lambda column: not model.is_categorical_[column])
    scores = len(model._predictors[0])
    found = np.zeros((len(rows), scores, len(order) + 1))
    found[:, :, -1] = model._baseline_prediction
    for stage in model._predictors:
        for score, tree in enumerate(stage):
            nodes = tree.nodes
            places = nodes.copy()
            places["value"] = np.arange(len(nodes))
            leaves = TreePredictor(
                places, tree.binned_left_cat_bitsets, tree.raw_left_cat_bitsets
            ).predict(rows, *known, 1)
            parents = {
                int(child): at
                for at in np.flatnonzero(nodes["is_leaf"] == 0).tolist()
                for child in (nodes["left"][at], nodes["right"][at])
            }
            means = np.zeros(len(nodes))
            for leaf in np.flatnonzero(nodes["is_leaf"]).tolist():
                above = leaf
                means[above] += (share := nodes["value"][leaf] * nodes["count"][leaf])
                while above in parents:
                    above = parents[above]
                    means[above] += share
            means /= nodes["count"]
            found[:, score, -1] += means[0]
            for row, leaf in zip(found, leaves.astype(int).tolist(), strict=True):
                at = leaf
                while at in parents:
                    parent = parents[at]
                    column = order[nodes["feature_idx"][parent]]
                    row[score, column] += means[at] - means[parent]
                    at = parent
    return found


@pytest.mark.parametrize("classes", [2, 3])
def test_classifiers_are_explained_along_the_path(classes: int) -> None:
    rows = numbers(missing=True)
    labels = (np.nan_to_num(rows).sum(axis=1) * 2).astype(int) % classes
    model = HistGradientBoostingClassifier(**SMALL).fit(rows, labels)
    asked = asked_of(model)[::20]
    raw = model.decision_function(asked)
    assert_explained(dumped(model), asked.tolist(), "log-odds", by_paths(model, asked), raw)


def test_regressors_are_explained_where_the_score_is_the_value() -> None:
    rows = numbers(missing=True)
    target = np.abs(np.nan_to_num(rows) @ np.arange(1, FEATURES + 1)) + 0.1
    model = HistGradientBoostingRegressor(**SMALL, loss="absolute_error").fit(rows, target)
    asked = asked_of(model)[::20]
    contributions, raw = by_paths(model, asked), model.predict(asked)
    assert_explained(dumped(model), asked.tolist(), "value", contributions, raw)
    model = HistGradientBoostingRegressor(**SMALL, loss="poisson").fit(rows, target)
    assert load(dumped(model)).explain(rows[0].tolist()) is None


def test_splits_by_category_are_explained_as_their_column() -> None:
    frame, labels = graded()
    model = HistGradientBoostingClassifier(**SMALL).fit(frame, labels)
    asked = frame.astype({"colour": object, "grade": object}).iloc[:40]
    asked.iloc[0] = [None, None, None, None]
    asked.iloc[1, 1] = "violet"
    raw = model.decision_function(asked)
    assert_explained(
        dumped(model), asked.to_numpy().tolist(), "log-odds", by_paths(model, asked), raw
    )


def test_encoded_columns_are_explained_as_the_fields_they_were() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "months": rng.integers(1, 40, 300).astype(float),
            "plan": rng.choice(["basic", "plus", "max"], 300),
            "spent": np.where(rng.random(300) < 0.2, np.nan, rng.normal(size=300)),
            "region": rng.choice(["north", "south"], 300),
        }
    )
    churned = (frame["plan"] == "max") ^ (frame["months"] > 20) ^ (frame["region"] == "north")
    columns = ColumnTransformer(
        [
            ("choices", OneHotEncoder(sparse_output=False), ["plan", "region"]),
            ("amounts", make_pipeline(SimpleImputer(), StandardScaler()), ["spent", "months"]),
        ]
    )
    model = make_pipeline(columns, HistGradientBoostingClassifier(**SMALL)).fit(frame, churned)
    asked = frame[:30]
    encoded = by_paths(model[-1], columns.transform(asked))[:, 0]
    fields = {"months": [6], "plan": [0, 1, 2], "spent": [5], "region": [3, 4], "base": [7]}
    contributions = np.stack([encoded[:, one].sum(axis=1) for one in fields.values()], axis=1)
    raw = model.decision_function(asked)
    assert_explained(dumped(model), asked.to_numpy().tolist(), "log-odds", contributions, raw)
