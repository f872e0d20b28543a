"""Searches and thresholds, as they are published, against scikit-learn."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from portable.base import UnusableRow
from portable.model import load
from scipy.stats import loguniform, randint
from sklearn.compose import (
    TransformedTargetRegressor,
    make_column_selector,
    make_column_transformer,
)
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor, VotingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - makes them importable
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, f1_score, make_scorer
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
    StratifiedKFold,
    TunedThresholdClassifierCV,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.semi_supervised import LabelPropagation, LabelSpreading, SelfTrainingClassifier

from model_training.publishing import pickling
from model_training.publishing.manifests import ArtifactError
from tests.unit.portable.parity import assert_predicts_alike, dumped

ROWS, LABELS = make_classification(60, 5, random_state=1)
NAMED = np.array(["no", "yes"])[LABELS]
VALUES = make_regression(40, 4, noise=2, random_state=1)
PIPELINE = make_pipeline(StandardScaler(), LogisticRegression())
PENALTY = "logisticregression__C"


def _own_score(estimator: Any, rows: Any, labels: Any) -> float:
    return accuracy_score(labels, estimator.predict(rows))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "search",
    [
        GridSearchCV(PIPELINE, {PENALTY: [0.1, 1.0]}, scoring=_own_score, cv=StratifiedKFold(3)),
        GridSearchCV(
            PIPELINE,
            {PENALTY: [0.1, 1.0], "standardscaler": [MinMaxScaler(), "passthrough"]},
            scoring={"f1": make_scorer(f1_score), "accuracy": "accuracy"},
            refit="f1",
            cv=3,
        ),
        RandomizedSearchCV(PIPELINE, {PENALTY: loguniform(0.1, 9)}, n_iter=3, random_state=0),
        HalvingGridSearchCV(PIPELINE, {PENALTY: [0.1, 1.0, 3.0]}, cv=3, random_state=0),
        HalvingRandomSearchCV(
            RandomForestClassifier(4, random_state=0), {"max_depth": randint(2, 5)}, random_state=0
        ),
    ],
)
def test_searches(search: Any) -> None:
    model = search.fit(ROWS, LABELS)
    assert_predicts_alike(model, ROWS)
    again = pickle.loads(dumped(model))
    assert type(again) is type(model.best_estimator_)
    assert np.array_equal(again.predict_proba(ROWS), model.predict_proba(ROWS))


def test_a_search_among_other_estimators() -> None:
    search = GridSearchCV(GaussianNB(), {"var_smoothing": [1e-9, 1e-3]}, scoring=_own_score)
    members = [("found", search), ("linear", PIPELINE)]
    assert_predicts_alike(VotingClassifier(members, voting="soft").fit(ROWS, NAMED), ROWS)
    assert_predicts_alike(make_pipeline(StandardScaler(), search).fit(ROWS, NAMED), ROWS)


def test_a_search_over_columns_chosen_by_functions() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(ROWS, columns=list("abcde"))
    columns = make_column_transformer(
        (StandardScaler(), make_column_selector(dtype_include=float)),
        (MinMaxScaler(), lambda given: given.columns[:2]),
    )
    search = GridSearchCV(make_pipeline(columns, LogisticRegression()), {PENALTY: [0.1, 1.0]})
    voting = VotingClassifier([("one", search), ("two", GaussianNB())], voting="soft")
    for model in (search, voting):
        assert_predicts_alike(model.fit(frame, NAMED), frame)


def test_texts() -> None:
    texts = ["free money now", "hello my friend", "win money", "lunch, my friend, today?"] * 5
    model = GridSearchCV(make_pipeline(TfidfVectorizer(), LogisticRegression()), {PENALTY: [1, 9]})
    assert_predicts_alike(model.fit(texts, ["spam", "ham"] * 10), [*texts[:4], "", "unseen"])
    fixed = FixedThresholdClassifier(model.best_estimator_, threshold=0.7, pos_label="spam")
    assert_predicts_alike(fixed.fit(texts, ["spam", "ham"] * 10), [*texts[:4], "", "unseen"])


def test_a_search_without_an_estimator_is_refused() -> None:
    search = GridSearchCV(PIPELINE, {PENALTY: [0.1, 1.0]}, refit=False).fit(ROWS, LABELS)
    with pytest.raises(ArtifactError, match="refit=False"):
        pickling.serialised(search)


@pytest.mark.parametrize("positive", [None, "yes", "no"])
@pytest.mark.parametrize("method", ["auto", "predict_proba", "decision_function"])
@pytest.mark.parametrize("threshold", ["auto", 0.3, -0.4])
def test_fixed_thresholds(positive: Any, method: Any, threshold: Any) -> None:
    # Without a label of its own the positive one has to be 1.
    labels = LABELS if positive is None else NAMED
    model = FixedThresholdClassifier(
        PIPELINE, threshold=threshold, pos_label=positive, response_method=method
    )
    assert_predicts_alike(model.fit(ROWS, labels), ROWS)


def test_a_threshold_on_the_score_of_a_row() -> None:
    forest = RandomForestClassifier(4, random_state=0).fit(ROWS, NAMED)
    for threshold in sorted(set(forest.predict_proba(ROWS)[:, 1].tolist())):
        for positive in ("yes", "no"):
            model = FixedThresholdClassifier(
                FrozenEstimator(forest), threshold=threshold, pos_label=positive
            )
            assert_predicts_alike(model.fit(ROWS, NAMED), ROWS[:20])


@pytest.mark.parametrize(
    ("scoring", "labels"),
    [
        ("balanced_accuracy", NAMED),
        ("f1", LABELS),
        (make_scorer(f1_score, pos_label="no"), NAMED),
        (make_scorer(f1_score, pos_label="yes"), NAMED),
    ],
)
@pytest.mark.parametrize("method", ["auto", "decision_function"])
def test_tuned_thresholds(scoring: Any, labels: Any, method: str) -> None:
    model = TunedThresholdClassifierCV(
        PIPELINE, scoring=scoring, response_method=method, cv=3, thresholds=9, store_cv_results=True
    ).fit(ROWS, labels)
    assert_predicts_alike(model, ROWS)
    again = pickle.loads(dumped(model))
    assert np.array_equal(again.predict(ROWS), model.predict(ROWS))
    frozen = TunedThresholdClassifierCV(
        FrozenEstimator(model.estimator_), scoring=scoring, cv="prefit", refit=False, thresholds=9
    )
    assert_predicts_alike(frozen.fit(ROWS, labels), ROWS)


def test_some_labels_only() -> None:
    partly = np.where(np.arange(60) % 3 == 0, LABELS, -1)
    model = SelfTrainingClassifier(PIPELINE).fit(ROWS, partly)
    assert_predicts_alike(model, ROWS)
    assert_predicts_alike(FrozenEstimator(model), ROWS)
    scaled = FrozenEstimator(StandardScaler().fit(ROWS))
    assert_predicts_alike(make_pipeline(scaled, GaussianNB()).fit(ROWS, LABELS), ROWS)


@pytest.mark.parametrize(
    "transformer",
    [
        StandardScaler(),
        StandardScaler(with_mean=False),
        MinMaxScaler((1, 3)),
        MaxAbsScaler(),
        RobustScaler(with_scaling=False),
        make_pipeline(StandardScaler(), MinMaxScaler()),
    ],
)
def test_values_on_another_scale(transformer: Any) -> None:
    for regressor in (LinearRegression(), RandomForestRegressor(3, random_state=0)):
        model = TransformedTargetRegressor(regressor, transformer=transformer)
        assert_predicts_alike(model.fit(*VALUES), VALUES[0])
    column = VALUES[1].reshape(-1, 1)
    model = TransformedTargetRegressor(RandomForestRegressor(3, random_state=0))
    assert_predicts_alike(
        model.set_params(transformer=transformer).fit(VALUES[0], VALUES[1]), VALUES[0]
    )
    search = GridSearchCV(model, {"regressor__max_depth": [2, 3]})
    assert_predicts_alike(search.fit(VALUES[0], column.ravel()), VALUES[0])
    inside = make_pipeline(
        StandardScaler(), TransformedTargetRegressor(Ridge(), transformer=transformer)
    )
    assert_predicts_alike(inside.fit(*VALUES), VALUES[0])


@pytest.mark.parametrize(
    ("function", "inverse"),
    [(np.log1p, np.expm1), (np.sqrt, np.square), (np.log, np.exp), (None, None)],
)
def test_values_by_functions_of_numpy(function: Any, inverse: Any) -> None:
    values = np.abs(VALUES[1]) + 0.1
    for regressor in (LinearRegression(), RandomForestRegressor(3, random_state=0)):
        model = TransformedTargetRegressor(regressor, func=function, inverse_func=inverse)
        assert_predicts_alike(model.fit(VALUES[0], values), VALUES[0])
    chain = make_pipeline(FunctionTransformer(function, inverse), StandardScaler())
    model = TransformedTargetRegressor(Ridge(), transformer=chain)
    assert_predicts_alike(model.fit(VALUES[0], values), VALUES[0])


@pytest.mark.parametrize(
    "transformer",
    [
        PowerTransformer(),
        PowerTransformer("box-cox"),
        PowerTransformer(standardize=False),
        QuantileTransformer(n_quantiles=30),
        QuantileTransformer(n_quantiles=30, output_distribution="normal"),
    ],
)
def test_values_by_powers_and_quantiles(transformer: Any) -> None:
    values = np.exp(VALUES[1] / 50)
    far = np.concatenate([VALUES[0], 9 * VALUES[0]])
    for regressor in (LinearRegression(), RandomForestRegressor(3, random_state=0)):
        model = TransformedTargetRegressor(regressor, transformer=transformer)
        assert_predicts_alike(model.fit(VALUES[0], values), far)


@pytest.mark.parametrize("kind", [LabelPropagation, LabelSpreading])
def test_labels_that_spread(kind: Any) -> None:
    partly = np.where(np.arange(120) % 3 == 0, LABELS, -1)
    model = kind(gamma=0.5, max_iter=2000).fit(ROWS, partly)
    assert_predicts_alike(model, np.concatenate([ROWS, 1.1 * ROWS[:20]]))
    with pytest.raises(UnusableRow, match="no label"):
        load(dumped(model)).predict([1e6] * 5)
