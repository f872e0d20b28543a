"""Perceptrons of several layers and the Bernoulli machine, against scikit-learn."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from portable.model import load
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import BernoulliRBM, MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from tests.unit.portable.parity import assert_predicts_alike, dumped

ROWS, KINDS = load_iris(return_X_y=True)
ASKED = np.vstack([ROWS[::7], ROWS[::7] + 0.5, np.zeros(4), -ROWS[:2], np.full(4, 50.0)])
TEXTS = ["free money now", "hello my friend", "win money money", "lunch, my friend, today?"] * 6
TOPICS = ["spam", "ham", "spam", "lunch"] * 6
TEXTS_ASKED = [*TEXTS[:4], "", "unknown", "money", "money friend free lunch now now"]
SOLVERS = ("adam", "sgd", "lbfgs")


def fit(estimator: Any, *data: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return estimator.fit(*data)


@pytest.mark.parametrize("activation", ["identity", "logistic", "relu", "tanh"])
def test_classifiers(activation: str) -> None:
    options: dict[str, Any] = {"activation": activation, "max_iter": 8, "random_state": 0}
    several = np.c_[KINDS == 1, KINDS == 2, ROWS[:, 0] > 5]
    for labels in (KINDS == 1, np.array(["a", "b", "c"])[KINDS], KINDS.astype(float), several):
        for layers, solver in zip([(6,), (5, 4), ()], SOLVERS, strict=True):
            model = MLPClassifier(layers, solver=solver, **options)
            assert_predicts_alike(fit(model, ROWS, labels), ASKED)
    frame = pd.DataFrame(ROWS, columns=list("abcd"))
    assert_predicts_alike(fit(MLPClassifier((6,), **options), frame, KINDS), frame[::9])
    single = fit(MLPClassifier((6,), early_stopping=True, **options), np.float32(ROWS), KINDS)
    assert_predicts_alike(single, ASKED)
    text = make_pipeline(TfidfVectorizer(), MLPClassifier((6,), **options))
    assert_predicts_alike(fit(text, TEXTS, TOPICS), TEXTS_ASKED)


@pytest.mark.parametrize("activation", ["identity", "logistic", "relu", "tanh"])
def test_regressors(activation: str) -> None:
    options: dict[str, Any] = {"activation": activation, "max_iter": 8, "random_state": 0}
    for values in (ROWS[:, 3], ROWS[:, 3:], ROWS[:, 2:]):
        for layers, solver in zip([(6,), (5, 4), ()], SOLVERS, strict=True):
            model = MLPRegressor(hidden_layer_sizes=layers, solver=solver, **options)
            assert_predicts_alike(fit(model, ROWS[:, :3], values), ASKED[:, :3])
    poisson = MLPRegressor(hidden_layer_sizes=(6,), loss="poisson", **options)
    assert_predicts_alike(fit(poisson, ROWS[:, :3], ROWS[:, 3]), ASKED[:, :3])
    text = make_pipeline(TfidfVectorizer(), MLPRegressor(hidden_layer_sizes=(6,), **options))
    assert_predicts_alike(fit(text, TEXTS, np.linspace(0.0, 1.0, len(TEXTS))), TEXTS_ASKED)


def test_a_bernoulli_machine_before_a_classifier() -> None:
    rbm = BernoulliRBM(5, n_iter=2, random_state=0)
    model = make_pipeline(MinMaxScaler(clip=True), rbm, LogisticRegression()).fit(ROWS, KINDS)
    assert_predicts_alike(model, ASKED)
    text = make_pipeline(TfidfVectorizer(), rbm, LogisticRegression()).fit(TEXTS, TOPICS)
    assert_predicts_alike(text, TEXTS_ASKED)


def broken(**attributes: Any) -> Any:
    model = fit(MLPClassifier((3,), max_iter=2), ROWS, KINDS)
    vars(model).update(attributes)
    return model


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (broken(coefs_=[np.ones((4, 3))]), "an intercept for each"),
        (broken(coefs_=[np.ones((4, 3)), np.ones((4, 3))]), "3 rows"),
        (broken(coefs_=[np.ones((4, 3)), np.ones((3, 2))]), "intercepts_"),
        (broken(coefs_=[np.ones((4, 3)), np.full((3, 3), np.nan)]), "NaN"),
        (broken(classes_=np.array([1, 2])), "3 outputs for 2"),
        (broken(activation="softplus"), "activation"),
        (broken(out_activation_="relu"), "out_activation_"),
    ],
)
def test_a_state_that_does_not_add_up_is_refused(model: Any, reason: str) -> None:
    with pytest.raises(UnsupportedModel, match=reason):
        load(dumped(model))


def test_rows_that_are_refused() -> None:
    model = load(dumped(broken()))
    for row in ([float("nan"), 1.0, 1.0, 1.0], [1.0] * 3, [None] * 4):
        with pytest.raises(UnusableRow):
            model.predict(row)
    single = make_pipeline(TfidfVectorizer(dtype=np.float32), MLPClassifier((3,), max_iter=2))
    with pytest.raises(UnsupportedModel, match="single precision"):
        load(dumped(fit(single, TEXTS, TOPICS)))
