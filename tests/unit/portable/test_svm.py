"""Machines with kernels, and KernelRidge, against scikit-learn."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from portable.model import load
from scipy.sparse import csr_matrix
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.kernel_ridge import KernelRidge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, NuSVC, NuSVR, OneClassSVM

from tests.unit.portable.parity import assert_predicts_alike, dumped

ROWS, KINDS = (part[::2] for part in load_iris(return_X_y=True))
ASKED = np.vstack([ROWS[::4], ROWS[::4] + 0.5, np.zeros(4), -ROWS[:2], np.full(4, 50.0)])
TEXTS = ["free money now", "hello my friend", "win money money", "lunch, my friend, today?"] * 6
TOPICS = ["spam", "ham", "spam", "lunch"] * 6
TEXTS_ASKED = [*TEXTS[:4], "", "unknown", "money", "money friend free lunch now now"]
KERNELS = ("linear", "rbf", "poly", "sigmoid")
# Every kernel is in the tests of regressors, which fit less.
SOME_KERNELS = [
    "linear", "rbf", *(pytest.param(kernel, marks=pytest.mark.judge) for kernel in KERNELS[2:])
]  # fmt: skip
SHAPES: tuple[dict[str, Any], ...] = (
    {},
    {"decision_function_shape": "ovo"},
    {"break_ties": True},
)


def fit(estimator: Any, *data: Any, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return estimator.fit(*data, **options)


@pytest.mark.parametrize("kernel", SOME_KERNELS)
def test_classifiers(kernel: str) -> None:
    options = {"gamma": 0.1, "coef0": 0.5, "kernel": kernel}
    for labels in (KINDS == 1, np.array(["a", "b", "c"])[KINDS], np.arange(len(KINDS)) % 5):
        for shape in SHAPES:
            assert_predicts_alike(SVC(**options, **shape).fit(ROWS, labels), ASKED)
            sparse = SVC(**options, **shape).fit(csr_matrix(ROWS), labels)
            assert_predicts_alike(sparse, ASKED)
    assert_predicts_alike(NuSVC(nu=0.2, **options).fit(ROWS, KINDS), ASKED)
    weights = np.linspace(0.1, 2.0, len(ROWS))
    frame = pd.DataFrame(ROWS, columns=list("abcd"))
    weighted = SVC(class_weight="balanced", **options).fit(frame, KINDS, sample_weight=weights)
    assert_predicts_alike(weighted, frame[::9])
    for topics in (TOPICS, np.array(TOPICS) == "spam"):
        text = make_pipeline(TfidfVectorizer(), SVC(**options))
        assert_predicts_alike(text.fit(TEXTS, topics), TEXTS_ASKED)


@pytest.mark.parametrize("kernel", SOME_KERNELS)
def test_probabilities(kernel: str) -> None:
    for labels in (KINDS == 1, KINDS, np.arange(len(KINDS)) % 5):
        for machine in (SVC(random_state=0), NuSVC(nu=0.1, random_state=0)):
            machine.set_params(kernel=kernel, probability=True, gamma=0.1)
            assert_predicts_alike(fit(machine, ROWS, labels), ASKED)
    text = make_pipeline(CountVectorizer(), SVC(kernel=kernel, probability=True))
    assert_predicts_alike(fit(text, TEXTS, TOPICS), TEXTS_ASKED)


@pytest.mark.parametrize("kernel", KERNELS)
def test_regressors_and_outliers(kernel: str) -> None:
    rows, values = ROWS[:, :3], ROWS[:, 3]
    for machine in (SVR(), NuSVR(), OneClassSVM(nu=0.2), SVR(epsilon=1e9)):
        machine.set_params(kernel=kernel, gamma=0.05, coef0=0.3)
        assert_predicts_alike(machine.fit(rows, values), ASKED[:, :3])
        assert_predicts_alike(machine.fit(csr_matrix(rows), values), ASKED[:, :3])
        scaled = make_pipeline(StandardScaler(), machine).fit(rows.astype(np.float32), values)
        assert_predicts_alike(scaled, ASKED[:, :3])


@pytest.mark.parametrize("probability", [False, True])
def test_rows_that_lie_between_two_classes(probability: bool) -> None:
    rows = np.array([[0, 0, 0], [1, 1, 1], [2, 0, 0], [0, 0, 2], [3, 3, 3]], dtype=float)
    options: dict[str, Any] = {"kernel": "linear", "decision_function_shape": "ovo"}
    for made in (np.asarray, csr_matrix):
        model = SVC(**options, probability=probability, random_state=0)
        fit(model, made(rows), [1, 2, 2, 2, 3])
        assert_predicts_alike(model, np.vstack([rows, np.full(3, 2.0), np.full(3, -1.0)]))


def test_rows_that_are_not_scaled() -> None:
    rows, kinds = load_breast_cancer(return_X_y=True)
    for kernel in ("rbf", "linear"):
        model = SVC(kernel=kernel, max_iter=2000)
        assert_predicts_alike(fit(model, rows[:200], kinds[:200]), rows[200:260])


@pytest.mark.parametrize(
    "kernel", ["linear", "rbf", "poly", "polynomial", "sigmoid", "cosine", "laplacian"]
)
def test_kernel_ridge(kernel: str) -> None:
    for values in (ROWS[:, 3], ROWS[:, 2:], ROWS[:, 3:]):
        for options in ({}, {"gamma": 0.2, "degree": 2, "coef0": 0.5}):
            model = KernelRidge(kernel=kernel, alpha=2.0, **options)
            assert_predicts_alike(model.fit(ROWS[:, :2], values), ASKED[:-1, :2])
    text = make_pipeline(TfidfVectorizer(), KernelRidge(kernel=kernel, alpha=2.0))
    text.fit(TEXTS, np.linspace(1.0, 2.0, len(TEXTS)))
    if kernel in ("cosine", "laplacian"):
        with pytest.raises(UnsupportedModel, match="kernel is"):
            load(dumped(text))
    else:
        assert_predicts_alike(text, TEXTS_ASKED)


@pytest.mark.parametrize("kernel", ["linear", "poly"])
def test_sums_that_are_only_rounding(kernel: str) -> None:
    rows = ROWS[:, :3] + 1000.0
    ridge = KernelRidge(kernel=kernel, alpha=1e-3).fit(rows, ROWS[:, 3])
    machine = SVR(kernel="linear", C=100.0, max_iter=10_000).fit(rows, ROWS[:, 3])
    for model in (ridge, machine):
        with pytest.raises(UnsupportedModel, match="rounding"):
            load(dumped(model))
    # The same of large numbers is no rounding of theirs: prices are within 1e-9 of themselves.
    prices = KernelRidge(kernel="rbf", alpha=1e-3).fit(ROWS, 1e6 * (ROWS[:, 3] + 10.0))
    assert_predicts_alike(prices, ROWS)


def test_an_explanation_of_a_linear_kernel() -> None:
    model = SVC(kernel="linear").fit(ROWS, KINDS == 1)
    explanation = load(dumped(model)).explain(ROWS[30].tolist())
    assert explanation is not None
    assert explanation.unit == "decision"
    assert explanation.score == pytest.approx(model.decision_function(ROWS[30:31])[0], abs=1e-9)
    text = make_pipeline(TfidfVectorizer(), SVC(kernel="linear")).fit(TEXTS, TOPICS)
    assert load(dumped(text)).predict_and_explain("free money")[3] is None
    assert load(dumped(SVC().fit(ROWS, KINDS == 1))).explain(ROWS[0].tolist()) is None
    regressor = SVR(kernel="linear").fit(ROWS, KINDS)
    explanation = load(dumped(regressor)).explain(ROWS[30].tolist())
    assert explanation is not None
    assert explanation.score == pytest.approx(regressor.predict(ROWS[30:31])[0], abs=1e-9)


def broken(**attributes: Any) -> Any:
    model = SVC(gamma=0.1).fit(ROWS, KINDS)
    vars(model).update(attributes)
    return model


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (broken(_n_support=np.array([1, 2, 3], dtype=np.int32)), "_n_support"),
        (broken(_n_support=np.array([99, -9, 3], dtype=np.int32)), "_n_support"),
        (broken(_dual_coef_=np.ones((1, 3))), "_dual_coef_"),
        (broken(support_vectors_=np.ones((3, 3))), "support_vectors_"),
        (broken(_intercept_=np.ones(2)), "_intercept_"),
        (broken(kernel="precomputed"), "kernel"),
        (broken(probability=True), "_probA"),
        (broken(degree=-1), "degree"),
        (broken(_gamma=float("nan")), "_gamma"),
        (broken(break_ties=True, decision_function_shape="ovo"), "break_ties"),
    ],
)
def test_a_state_that_does_not_add_up_is_refused(model: Any, reason: str) -> None:
    with pytest.raises(UnsupportedModel, match=reason):
        load(dumped(model))


def test_the_cost_of_a_call_is_limited() -> None:
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(1100, 1000))
    model = SVC().fit(rows[:20], np.arange(20) % 2)
    model.support_vectors_, model._n_support = rows, np.array([500, 600], dtype=np.int32)
    model._dual_coef_ = np.ones((1, 1100))
    with pytest.raises(UnsupportedModel, match="1,101,101 numbers"):
        load(dumped(model))


def test_rows_that_scikit_learn_refuses() -> None:
    model = load(dumped(SVC().fit(ROWS, KINDS)))
    for row in ([float("nan"), 1.0, 1.0, 1.0], [1.0] * 3, [None] * 4):
        with pytest.raises(UnusableRow):
            model.predict(row)
