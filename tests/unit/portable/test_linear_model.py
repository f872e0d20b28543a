"""Linear classifiers, regressors and outlier detectors, against scikit-learn."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.attribution import DECISION, LOG_ODDS, VALUE
from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from portable.model import load
from sklearn import linear_model
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import (
    ElasticNet,
    GammaRegressor,
    Lasso,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    MultiTaskElasticNet,
    MultiTaskElasticNetCV,
    MultiTaskLasso,
    MultiTaskLassoCV,
    PoissonRegressor,
    RANSACRegressor,
    Ridge,
    RidgeClassifier,
    RidgeClassifierCV,
    SGDClassifier,
    SGDOneClassSVM,
    SGDRegressor,
    TweedieRegressor,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC, LinearSVR

from tests.unit.portable.parity import assert_predicts_alike, dumped

ROWS, KINDS = (part[::3] for part in load_iris(return_X_y=True))
WEIGHTS = np.linspace(0.1, 2.0, len(ROWS))
TEXTS = ["free money now", "hello my friend", "win money", "lunch, my friend, today?"] * 5
TOPICS = ["spam", "ham", "spam", "lunch"] * 5
ASKED = np.vstack(
    [ROWS[::4], np.zeros(4), -ROWS[:3], [[1e-300, 1e8, -1e8, 5.0], [0.0, 0.0, 0.0, 7e3]]]
)
TEXTS_ASKED = [*TEXTS[:4], "", "unknown", "money", "money friend free lunch now now"]


def fit(estimator: Any, *data: Any, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", FutureWarning)
        return estimator.fit(*data, **options)


CLASSIFIERS = [
    LogisticRegression(max_iter=30),
    LogisticRegression(fit_intercept=False),
    LogisticRegressionCV(Cs=2, cv=2, max_iter=9, use_legacy_attributes=False, l1_ratios=(0.0,)),
    *(
        SGDClassifier(loss=loss, random_state=0, max_iter=20)
        for loss in ("hinge", "log_loss", "modified_huber")
    ),
    linear_model.Perceptron(random_state=0),
    linear_model.PassiveAggressiveClassifier(random_state=0),
    RidgeClassifier(),
    RidgeClassifierCV(alphas=(0.1, 1.0)),
    LinearSVC(),
    LinearSVC(multi_class="crammer_singer"),
]
# Other ways to the same attributes.
LOSSES = [
    "squared_hinge", "perceptron", "squared_error", "huber", "epsilon_insensitive",
    "squared_epsilon_insensitive",
]  # fmt: skip
FITTED_OTHERWISE = [
    *(LogisticRegression(solver=solver, max_iter=30) for solver in ("newton-cg", "saga")),
    *(LogisticRegression(solver=solver, max_iter=30) for solver in ("newton-cholesky", "sag")),
    LogisticRegressionCV(
        Cs=2, cv=2, l1_ratios=(0.1, 0.5), solver="saga", max_iter=9, use_legacy_attributes=True
    ),
    *(SGDClassifier(loss=loss, random_state=0, max_iter=20) for loss in LOSSES),
    SGDClassifier(
        average=True,
        early_stopping=True,
        validation_fraction=0.4,
        random_state=1,
        penalty="elasticnet",
    ),
    RidgeClassifier(fit_intercept=False, solver="lsqr"),
    LinearSVC(fit_intercept=False, loss="hinge"),
]


@pytest.mark.judge
@pytest.mark.parametrize("classifier", FITTED_OTHERWISE, ids=str)
def test_classifiers_fitted_otherwise(classifier: Any) -> None:
    test_classifiers(classifier)


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=str)
def test_classifiers(classifier: Any) -> None:
    for labels in (KINDS == 1, np.array(["a", "b", "c"])[KINDS], KINDS.astype(float)):
        assert_predicts_alike(fit(clone(classifier), ROWS, labels), ASKED)
    frame = pd.DataFrame(ROWS, columns=list("abcd"))
    assert_predicts_alike(
        fit(clone(classifier), frame, KINDS, sample_weight=WEIGHTS), frame[::9]
    ) if ("sample_weight" in classifier.fit.__code__.co_varnames) else None
    single = fit(clone(classifier), ROWS.astype(np.float32), KINDS)
    assert_predicts_alike(single, ASKED)
    if hasattr(single, "sparsify"):
        assert_predicts_alike(single.sparsify(), ASKED)
    for topics in (TOPICS, np.array(TOPICS) == "spam"):
        text = fit(make_pipeline(TfidfVectorizer(), clone(classifier)), TEXTS, topics)
        assert_predicts_alike(text, TEXTS_ASKED)


def test_liblinear_has_two_classes() -> None:
    for options in ({}, {"l1_ratio": 1.0}, {"intercept_scaling": 3.0}, {"dual": True}):
        model = LogisticRegression(solver="liblinear", **options)
        assert_predicts_alike(fit(model, ROWS, KINDS == 1), ASKED)


@pytest.mark.parametrize(
    ("multi_class", "solver", "classes"),
    [("ovr", "lbfgs", 3), ("auto", "liblinear", 3), ("multinomial", "lbfgs", 2)],
)
def test_probabilities_of_logistic_regressions_before_1_8(
    multi_class: str, solver: str, classes: int
) -> None:
    """scikit-learn 1.6 and 1.7 say in `multi_class` how probabilities are made of the scores."""
    model = fit(LogisticRegression(), ROWS, KINDS % classes)
    model.multi_class, model.solver = multi_class, solver
    for row in ASKED:
        scores = np.atleast_1d(model.decision_function([row])[0])
        if classes == 3:
            shares = 1.0 / (1.0 + np.exp(-scores))
        else:
            shares = (
                np.exp([0.0, 2.0 * scores[0]]) if scores[0] < 0 else np.exp([-2.0 * scores[0], 0.0])
            )
        probabilities = load(dumped(model)).predict(row.tolist())[1]
        assert probabilities == pytest.approx((shares / shares.sum()).tolist(), abs=1e-9)


def test_scores_that_are_zero() -> None:
    model = SGDClassifier(loss="modified_huber").fit(ROWS, KINDS)
    model.coef_ *= 0.0
    for intercepts in ([0.0, 0.0, 0.0], [-1.0, -2.0, -1.0], [1.0, 3.0, 1.0]):
        model.intercept_ = np.array(intercepts)
        assert_predicts_alike(model, ASKED)
    model = SGDClassifier(loss="log_loss").fit(ROWS, KINDS == 1)
    model.coef_, model.intercept_ = model.coef_ * 0.0, np.zeros(1)
    assert_predicts_alike(model, ASKED)


def test_several_labels() -> None:
    labels = np.c_[KINDS == 1, KINDS == 2, ROWS[:, 0] > 5]
    for model in (RidgeClassifier(), RidgeClassifierCV()):
        assert_predicts_alike(model.fit(ROWS, labels), ASKED)


def test_outliers() -> None:
    for nu in (0.1, 0.9):
        model = SGDOneClassSVM(nu=nu, random_state=0).fit(ROWS)
        found = assert_predicts_alike(model, ASKED)
        assert found.classes_ == (-1, 1)
        assert_predicts_alike(SGDOneClassSVM().fit(ROWS.astype(np.float32)).sparsify(), ASKED)
    model.coef_, model.offset_ = model.coef_ * 0.0, np.zeros(1)
    assert_predicts_alike(model, ASKED)


ONE_OUTPUT = [
    "ARDRegression", "BayesianRidge", "HuberRegressor", "Lars", "LarsCV", 
    "LassoLars", "LassoLarsCV", "LassoLarsIC", "OrthogonalMatchingPursuit", "RidgeCV",
    "OrthogonalMatchingPursuitCV", "PassiveAggressiveRegressor", "QuantileRegressor",
    
]  # fmt: skip
REGRESSORS = [
    *(getattr(linear_model, name)() for name in ONE_OUTPUT),
    LinearRegression(),
    linear_model.TheilSenRegressor(max_subpopulation=30, random_state=0),
    linear_model.ElasticNetCV(alphas=3, cv=2),
    linear_model.LassoCV(alphas=3, cv=2),
    LinearRegression(positive=True, fit_intercept=False),
    Ridge(),
    Ridge(solver="sag", random_state=0),
    Lasso(0.01),
    ElasticNet(0.01),
    RANSACRegressor(max_trials=5, random_state=0),
    RANSACRegressor(Ridge(), min_samples=9, max_trials=5, random_state=0),
    *(SGDRegressor(loss=loss, random_state=0) for loss in ("squared_error", "huber")),
    LinearSVR(random_state=0),
    GammaRegressor(),
    PoissonRegressor(),
    TweedieRegressor(power=0),
    TweedieRegressor(power=0, link="log"),
    TweedieRegressor(power=1.5),
    TweedieRegressor(power=3),
    TweedieRegressor(power=1.5, link="identity"),
]


@pytest.mark.parametrize("regressor", REGRESSORS, ids=str)
def test_regressors(regressor: Any) -> None:
    rows, values = ROWS[:, :3], ROWS[:, 3]
    asked = ASKED[:-2, :3]
    assert_predicts_alike(fit(clone(regressor), rows, values), asked)
    assert_predicts_alike(
        fit(clone(regressor), rows.astype(np.float32), values.astype(np.float32)), asked
    )
    scaled = fit(make_pipeline(StandardScaler(), clone(regressor)), pd.DataFrame(rows), values)
    assert_predicts_alike(scaled, asked)
    if not isinstance(regressor, (linear_model.LarsCV, linear_model.LassoLarsIC)):
        sparse = make_pipeline(CountVectorizer(), clone(regressor))
        try:
            fit(sparse, TEXTS, np.linspace(1.0, 2.0, len(TEXTS)))
        except (TypeError, ValueError):
            return  # It takes no sparse rows.
        assert_predicts_alike(sparse, TEXTS_ASKED)


SEVERAL_OUTPUTS = [
    LinearRegression(), Ridge(), Ridge(fit_intercept=False), Lasso(0.1), ElasticNet(0.1),
    MultiTaskLasso(0.1), MultiTaskLassoCV(alphas=3, cv=2),
    MultiTaskElasticNet(0.1), MultiTaskElasticNetCV(alphas=3, cv=2),
    linear_model.RidgeCV(), linear_model.Lars(), linear_model.LassoLars(0.1), RANSACRegressor(),
    linear_model.OrthogonalMatchingPursuit(),
]  # fmt: skip


@pytest.mark.parametrize("regressor", SEVERAL_OUTPUTS, ids=str)
def test_several_outputs(regressor: Any) -> None:
    model = fit(clone(regressor), ROWS, ROWS[:, :2] ** 2)
    assert_predicts_alike(model, ASKED)
    assert load(dumped(model)).explain(ROWS[0].tolist()) is None
    if "Multi" not in type(regressor).__name__:
        one = fit(clone(regressor), ROWS, ROWS[:, :1] ** 2)
        assert load(dumped(one)).predict(ROWS[0].tolist())[0] == pytest.approx(
            one.predict(ROWS[:1])[0].tolist()
        )


def test_an_explanation_adds_up_to_what_scikit_learn_says() -> None:
    models = [
        (fit(LogisticRegression(), ROWS, KINDS == 1), LOG_ODDS),
        (fit(LogisticRegression(), ROWS, KINDS), LOG_ODDS),
        (SGDClassifier(loss="log_loss").fit(ROWS, KINDS == 1), LOG_ODDS),
        (SGDClassifier(loss="log_loss").fit(ROWS, KINDS), DECISION),
        (SGDClassifier(loss="modified_huber").fit(ROWS, KINDS == 1), DECISION),
        (LinearSVC().fit(ROWS, KINDS), DECISION),
        (Ridge().fit(ROWS, KINDS), VALUE),
    ]
    for model, unit in models:
        explanation = load(dumped(model)).explain(ROWS[20].tolist())
        if unit == VALUE:
            expected = model.predict(ROWS[20:21])[0]
        else:
            scores = np.sort(model.decision_function(ROWS[20:21]).ravel())
            expected = scores[0] if len(scores) == 1 else scores[-1] - scores[-2]
        assert explanation is not None
        assert explanation.unit == unit
        assert explanation.score == pytest.approx(expected, abs=1e-9)
        parts = sum(part for _, _, part in explanation.contributions)
        assert explanation.base + parts == pytest.approx(expected, abs=1e-9)
    assert load(dumped(PoissonRegressor().fit(ROWS, KINDS))).explain([1.0] * 4) is None


def test_what_is_refused() -> None:
    model = load(dumped(fit(LogisticRegression(), ROWS, KINDS)))
    for row in ([float("nan"), 1, 1, 1], [None, 1, 1, 1], [1, 1, 1], [1e308] * 4, ["x", 1, 1, 1]):
        with pytest.raises(UnusableRow):
            model.predict(row)
    poisson = load(dumped(PoissonRegressor().fit(ROWS, KINDS)))
    with pytest.raises(UnusableRow, match="infinite"):
        poisson.predict([1e6, 1e6, 1e6, 1e6])
    single = make_pipeline(TfidfVectorizer(dtype=np.float32), LogisticRegression())
    with pytest.raises(UnsupportedModel, match="single precision"):
        load(dumped(single.fit(TEXTS, TOPICS)))
    assert_predicts_alike(
        make_pipeline(TfidfVectorizer(dtype=np.float32), LinearSVC()).fit(TEXTS, TOPICS),
        TEXTS_ASKED,
    )


@pytest.fixture(scope="module")
def whole() -> LogisticRegression:
    return fit(LogisticRegression(), ROWS, KINDS)


def altered(**parts: Any) -> Callable[[LogisticRegression], Any]:
    """The coefficients as a sparse matrix, parts of it changed."""

    def alter(model: LogisticRegression) -> Any:
        matrix = copy.deepcopy(model).sparsify().coef_
        vars(matrix).update(parts)
        return matrix

    return alter


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("coef_", np.zeros((2, 4))),
        ("coef_", np.zeros((3, 5))),
        ("coef_", np.full((3, 4), np.nan)),
        ("coef_", np.zeros((3, 1, 4))),
        ("coef_", [[1.0] * 4] * 3),
        ("coef_", altered(_shape=(10**9, 4))),
        ("coef_", altered(_shape=(3, 3))),
        ("coef_", altered(_shape=(3,))),
        ("coef_", altered(_shape="3")),
        ("coef_", altered(indices=np.zeros(12, dtype=np.int32))),
        ("coef_", altered(indices=np.arange(-1, 11, dtype=np.int32))),
        ("coef_", altered(indptr=np.array([0, 8, 4, 12], dtype=np.int32))),
        ("coef_", altered(indptr=np.array([0, 4, 12], dtype=np.int32))),
        ("coef_", altered(data=np.ones(3))),
        ("coef_", altered(data=np.full(12, np.inf))),
        ("intercept_", np.zeros(2)),
        ("intercept_", float("inf")),
        ("classes_", np.array([1])),
        ("classes_", np.array([1, 1, 2])),
        ("multi_class", "some"),
    ],
)
def test_a_state_that_does_not_add_up_is_refused(
    whole: LogisticRegression, attribute: str, value: Any
) -> None:
    model = copy.deepcopy(whole)
    setattr(model, attribute, value(whole) if callable(value) else value)
    data = dumped(model)
    with pytest.raises(UnsupportedModel):
        load(data)
