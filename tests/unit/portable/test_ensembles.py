"""Ensembles of other estimators than trees alone, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.errors import UnsupportedModel
from portable.model import load
from sklearn.compose import make_column_transformer
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    BaggingRegressor,
    GradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.multiclass import OneVsOneClassifier
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests.unit.portable.parity import assert_predicts_alike, dumped

CLASSIFIERS = [
    ("forest", RandomForestClassifier(5, random_state=0)),
    ("linear", make_pipeline(StandardScaler(), LogisticRegression())),
    ("bayes", GaussianNB()),
    ("tree", DecisionTreeClassifier(max_depth=2)),
]
REGRESSORS = [
    ("forest", RandomForestRegressor(5, random_state=0)),
    ("linear", make_pipeline(StandardScaler(), Ridge())),
    ("tree", DecisionTreeRegressor(max_depth=3)),
]
TEXTS = ["free money now", "hello my friend", "win money", "lunch, my friend, today?"] * 6
SPAM = ["spam", "ham", "spam", "ham"] * 6
ASKED = [*TEXTS[:4], "", "unseen"]


def _data(classes: int) -> tuple[Any, Any]:
    rows, labels = make_classification(
        60, 5, n_informative=5, n_redundant=0, n_classes=classes, random_state=classes
    )
    return rows, np.array([f"class {label}" for label in labels])


VALUES = make_regression(50, 5, noise=3, random_state=1)


@pytest.mark.parametrize("voting", ["hard", "soft"])
@pytest.mark.parametrize("weights", [None, [1, 2, 5, 1], [0.3, 0.3, 0.2, 0.2]])
@pytest.mark.parametrize("classes", [2, 3])
def test_voting(voting: str, weights: Any, classes: int) -> None:
    rows, labels = _data(classes)
    model = VotingClassifier(CLASSIFIERS, voting=voting, weights=weights).fit(rows, labels)
    assert_predicts_alike(model, rows)
    dropped = model.set_params(bayes="drop").fit(rows, labels)
    assert_predicts_alike(dropped, rows)
    assert_predicts_alike(
        make_pipeline(model, LogisticRegression()).fit(rows, labels == "class 0"), rows
    )


def test_voting_of_values() -> None:
    for weights in (None, [1, 2, 0.5]):
        model = VotingRegressor(REGRESSORS, weights=weights).fit(*VALUES)
        assert_predicts_alike(model, VALUES[0])
    assert_predicts_alike(make_pipeline(model, LinearRegression()).fit(*VALUES), VALUES[0])


@pytest.mark.parametrize("method", ["auto", "predict", "predict_proba"])
@pytest.mark.parametrize("passthrough", [False, True])
@pytest.mark.parametrize("classes", [2, 3])
def test_stacking(method: str, passthrough: bool, classes: int) -> None:
    rows, labels = _data(classes)
    model = StackingClassifier(CLASSIFIERS, stack_method=method, passthrough=passthrough, cv=3).fit(
        rows, labels
    )
    assert_predicts_alike(model, rows)


@pytest.mark.parametrize("classes", [2, 3])
def test_stacking_of_scores(classes: int) -> None:
    rows, labels = _data(classes)
    scored = [("linear", LogisticRegression()), ("pairs", OneVsOneClassifier(GaussianNB()))]
    final = GradientBoostingClassifier(n_estimators=3)
    model = StackingClassifier(scored, final, stack_method="decision_function", cv=3)
    assert_predicts_alike(model.fit(rows, labels), rows)
    assert_predicts_alike(make_pipeline(model, LogisticRegression()).fit(rows, labels), rows)


def test_stacking_of_fitted_estimators() -> None:
    rows, labels = _data(3)
    fitted = [(name, one.fit(rows, labels)) for name, one in CLASSIFIERS]
    model = StackingClassifier(fitted, cv="prefit").fit(rows, labels)
    assert_predicts_alike(model, rows)
    assert len(dumped(model)) < 1.2 * sum(len(dumped(one)) for _, one in fitted)


@pytest.mark.parametrize("passthrough", [False, True])
def test_stacking_of_values(passthrough: bool) -> None:
    for final in (None, RandomForestRegressor(3, random_state=0)):
        if final is None:
            final = LinearRegression()
        model = StackingRegressor(REGRESSORS, final, passthrough=passthrough, cv=3)
        assert_predicts_alike(model.fit(*VALUES), VALUES[0])


def test_stacking_of_frames() -> None:
    rows, labels = _data(2)
    frame = pd.DataFrame(rows, columns=list("abcde"))
    first = make_column_transformer((StandardScaler(), ["a", "c"]), remainder="drop")
    second = make_column_transformer(("passthrough", ["b", "e"]))
    members = [
        ("first", make_pipeline(first, LogisticRegression())),
        ("second", make_pipeline(second, GaussianNB())),
    ]
    for model in (StackingClassifier(members, cv=3), VotingClassifier(members, voting="soft")):
        assert assert_predicts_alike(model.fit(frame, labels), frame).feature_names == tuple(
            "abcde"
        )


def test_texts() -> None:
    members = [
        ("words", make_pipeline(TfidfVectorizer(), LogisticRegression())),
        ("characters", make_pipeline(CountVectorizer(analyzer="char"), MultinomialNB())),
    ]
    for model in (
        VotingClassifier(members),
        VotingClassifier(members, voting="soft", weights=[2, 1]),
        StackingClassifier(members, cv=3),
    ):
        assert_predicts_alike(model.fit(TEXTS, SPAM), ASKED)
    inside = [("a", LogisticRegression()), ("b", MultinomialNB())]
    for model in (
        VotingClassifier(inside, voting="soft"),
        StackingClassifier(inside, passthrough=True, cv=3),
        BaggingClassifier(MultinomialNB(), 4, max_features=0.7, random_state=0),
        AdaBoostClassifier(MultinomialNB(), n_estimators=3, random_state=0),
    ):
        assert_predicts_alike(make_pipeline(TfidfVectorizer(), model).fit(TEXTS, SPAM), ASKED)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("features", [1.0, 0.6])
@pytest.mark.parametrize(
    "estimator", [None, LogisticRegression(), OneVsOneClassifier(GaussianNB())]
)
def test_bagging(classes: int, features: float, estimator: Any) -> None:
    rows, labels = _data(classes)
    model = BaggingClassifier(
        estimator, 6, max_features=features, bootstrap_features=features < 1, random_state=0
    )
    assert_predicts_alike(model.fit(rows, labels), rows)


def test_bagging_that_missed_a_class() -> None:
    rows, labels = _data(3)
    labels[:] = "class 0"
    labels[:3] = "class 1"
    labels[3:6] = "class 2"
    # A pipeline takes no weights, so that it never sees the rows that are not drawn.
    chain = make_pipeline(StandardScaler(), GaussianNB())
    model = BaggingClassifier(chain, 8, max_samples=30, random_state=2).fit(rows, labels)
    assert len({len(one.classes_) for one in model.estimators_}) > 1
    assert_predicts_alike(model, rows)


def test_bagging_of_values() -> None:
    for estimator in (None, Ridge()):
        model = BaggingRegressor(estimator, 5, max_features=3, oob_score=True, random_state=0)
        with pytest.warns(UserWarning, match="out-of-bag|do not have OOB"):
            model.fit(*VALUES)
        assert_predicts_alike(model, VALUES[0])


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_boosting(classes: int) -> None:
    rows, labels = _data(classes)
    for estimator in (None, DecisionTreeClassifier(max_depth=3), LogisticRegression()):
        model = AdaBoostClassifier(estimator, n_estimators=9, random_state=0).fit(rows, labels)
        assert_predicts_alike(model, np.concatenate([rows, 30 * rows[:9], np.zeros((1, 5))]))


@pytest.mark.parametrize("loss", ["linear", "square", "exponential"])
def test_boosting_of_values(loss: Any) -> None:
    for estimator in (None, LinearRegression()):
        model = AdaBoostRegressor(estimator, n_estimators=9, loss=loss, random_state=0)
        assert_predicts_alike(model.fit(*VALUES), VALUES[0])


def test_boosting_that_ends_early() -> None:
    rows, labels = _data(2)
    model = AdaBoostClassifier(DecisionTreeClassifier(), n_estimators=9).fit(rows, labels)
    assert len(model.estimators_) == 1
    assert_predicts_alike(model, rows)


def test_rows_of_probabilities_per_estimator_are_refused() -> None:
    rows, labels = _data(2)
    model = VotingClassifier(CLASSIFIERS, voting="soft", flatten_transform=False)
    chain = make_pipeline(model.fit(rows, labels), LogisticRegression())
    chain.steps[-1] = ("last", LogisticRegression().fit(rows, labels))
    with pytest.raises(UnsupportedModel, match="flatten_transform"):
        load(dumped(chain))
