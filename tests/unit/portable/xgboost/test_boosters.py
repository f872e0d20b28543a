"""Boosters in XGBoost's own files and in pickles, against XGBoost, to the last bit."""

from __future__ import annotations

import json
import pickle
from typing import Any

import numpy as np
import pytest
from portable import quick_scorer
from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from portable.model import load

from tests.unit.portable.tree_rows import around

xgb = pytest.importorskip("xgboost")

FEATURES = 4
IDENTITY = (
    "reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror",
    "binary:logitraw", "rank:ndcg", "rank:pairwise", "rank:map",
)  # fmt: skip
TRANSFORMED = ("reg:logistic", "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox")
FORMATS = {
    "json": lambda booster: bytes(booster.save_raw("json")),
    "ubj": lambda booster: bytes(booster.save_raw("ubj")),
    "pickle": lambda booster: pickle.dumps(booster, protocol=4),
}


@pytest.fixture(params=["quick scorer", "walker"])
def algorithm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small trees are scored all at once, large ones walked."""
    if request.param == "walker":
        monkeypatch.setattr(quick_scorer, "MAX_LEAVES", 0)


def rows() -> Any:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(200, FEATURES)).round(1)
    table[rng.random(table.shape) < 0.1] = np.nan
    return table


def target_for(objective: str) -> Any:
    amounts = np.abs(np.nan_to_num(rows()) @ np.arange(1, FEATURES + 1)) + 0.1
    if objective.startswith("multi"):
        return amounts.astype(int) % 3
    if objective.startswith(("binary", "rank", "reg:logistic")):
        return (amounts > 3).astype(int)
    return amounts


def trained(objective: str, rounds: int = 8, **parameters: Any) -> Any:
    data = xgb.DMatrix(rows(), target_for(objective))
    if objective.startswith("rank"):
        data.set_group([100, 100])
    if objective.startswith("multi"):
        parameters["num_class"] = 3
    return xgb.train(
        {"objective": objective, "max_depth": 4, "nthread": 1, **parameters}, data, rounds
    )


def asked_of(booster: Any) -> Any:
    ensemble = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]
    trees = ensemble.get("gbtree", ensemble)["model"]["trees"]
    return around(
        np.concatenate([tree["split_conditions"] for tree in trees]), FEATURES, missing=True
    )


@pytest.mark.usefixtures("algorithm")
@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize("objective", [*IDENTITY, *TRANSFORMED])
def test_numbers(objective: str, file: str) -> None:
    booster = trained(objective)
    asked = asked_of(booster)
    model = load(FORMATS[file](booster))
    ours = [model.predict(row)[0] for row in asked.tolist()]
    assert ours == booster.predict(xgb.DMatrix(asked)).tolist()


@pytest.mark.usefixtures("algorithm")
@pytest.mark.parametrize("objective", ["binary:logistic", "binary:hinge"])
def test_two_classes(objective: str) -> None:
    booster = trained(objective)
    asked = asked_of(booster)
    model = load(FORMATS["ubj"](booster))
    answers = [model.predict(row) for row in asked.tolist()]
    expected = booster.predict(xgb.DMatrix(asked))
    assert [shares[1] for _, shares, _ in answers] == expected.tolist()
    assert [label for label, _, _ in answers] == (expected > 0.5).astype(int).tolist()


@pytest.mark.usefixtures("algorithm")
@pytest.mark.parametrize("booster", ["gbtree", "dart"])
def test_three_classes(booster: str) -> None:
    options = {"rate_drop": 0.4} if booster == "dart" else {}
    fitted = trained("multi:softprob", booster=booster, num_parallel_tree=2, **options)
    asked = asked_of(fitted)
    model = load(FORMATS["json"](fitted))
    answers = [model.predict(row) for row in asked.tolist()]
    expected = fitted.predict(xgb.DMatrix(asked))
    assert [shares for _, shares, _ in answers] == expected.tolist()
    assert [label for label, _, _ in answers] == expected.argmax(axis=1).tolist()


def test_dropped_trees_have_weights() -> None:
    booster = trained("reg:squarederror", 20, booster="dart", rate_drop=0.4)
    asked = asked_of(booster)
    model = load(FORMATS["ubj"](booster))
    ours = [model.predict(row)[0] for row in asked.tolist()]
    assert ours == booster.predict(xgb.DMatrix(asked)).tolist()


def test_several_quantiles_are_a_list() -> None:
    booster = trained("reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9])
    asked = asked_of(booster)
    model = load(FORMATS["json"](booster))
    ours = [model.predict(row)[0] for row in asked.tolist()]
    assert ours == booster.predict(xgb.DMatrix(asked)).tolist()


def test_columns_are_named_as_the_frame_was() -> None:
    data = xgb.DMatrix(rows(), target_for(""), feature_names=["a", "b", "c", "d"])
    model = load(FORMATS["json"](xgb.train({"nthread": 1}, data, 2)))
    assert list(model.feature_names) == ["a", "b", "c", "d"]
    assert model.n_features == FEATURES


def test_infinite_values_are_refused_as_xgboost_does() -> None:
    model = load(FORMATS["json"](trained("reg:squarederror")))
    for value in (float("inf"), 1e39):
        with pytest.raises(UnusableRow):
            model.predict([value, 0.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"booster": "gblinear"}, "gblinear"),
        ({"multi_strategy": "multi_output_tree"}, "one_output_per_tree"),
    ],
)
def test_what_is_no_sum_of_trees_is_refused(parameters: Any, sentence: str) -> None:
    amounts = target_for("")
    target = np.stack([amounts, -amounts], axis=1) if "multi_strategy" in parameters else amounts
    booster = xgb.train({"nthread": 1, **parameters}, xgb.DMatrix(rows(), target), 2)
    with pytest.raises(UnsupportedModel, match=sentence):
        load(FORMATS["json"](booster))


@pytest.mark.parametrize("file", ["json", "ubj"])
def test_a_changed_file_is_answered_or_refused(file: str) -> None:
    data = FORMATS[file](trained("binary:logistic", 2))
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
