"""Selectors, against scikit-learn."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from portable.base import RECORD, Features, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.pickles.unpickler import loads
from scipy import sparse
from sklearn.datasets import load_iris
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.feature_selection import (
    RFE,
    RFECV,
    GenericUnivariateSelect,
    SelectFdr,
    SelectFpr,
    SelectFromModel,
    SelectFwe,
    SelectKBest,
    SelectPercentile,
    SequentialFeatureSelector,
    VarianceThreshold,
    chi2,
    f_regression,
    mutual_info_classif,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from model_training.publishing.pickling import dumps
from tests.unit.portable.parity import assert_predicts_alike, assert_transforms_alike, dumped
from tests.unit.portable.preprocessing.rows import people, positive

rng = np.random.default_rng(0)
IRIS, KINDS = load_iris(return_X_y=True)
ROWS = np.hstack([IRIS, rng.uniform(0, 1, (150, 5)), IRIS[:, :2], np.ones((150, 1))])
"""Of use, of none, twice the same, and constant, whose scores are NaN."""
UNIVARIATE = [
    *(SelectKBest(k=k) for k in (1, 3, 5, 6, 12, "all")),
    SelectKBest(mutual_info_classif, k=4),
    *(SelectPercentile(chi2, percentile=share) for share in (5, 10, 40, 45.5, 50, 75, 100)),
    SelectFpr(alpha=0.01),
    SelectFdr(alpha=0.2),
    SelectFwe(alpha=0.3),
    *(GenericUnivariateSelect(mode=mode, param=0.1) for mode in ("fpr", "fdr", "fwe")),
    GenericUnivariateSelect(mode="k_best", param=3),
    GenericUnivariateSelect(chi2, mode="percentile", param=30),
    VarianceThreshold(0.1),
    VarianceThreshold(),
]
PLAIN = LogisticRegression(max_iter=5)
BY_MODEL = [
    SelectFromModel(PLAIN),
    SelectFromModel(PLAIN, threshold="1.25*median", norm_order=2),
    SelectFromModel(PLAIN, threshold="median", norm_order=np.inf),
    SelectFromModel(PLAIN, threshold=0.3),
    SelectFromModel(PLAIN, threshold=-np.inf, max_features=3),
    SelectFromModel(LogisticRegression(C=0.1, l1_ratio=1.0, solver="saga", max_iter=50)),
    SelectFromModel(DecisionTreeClassifier(random_state=0)),
    SelectFromModel(RandomForestClassifier(7, random_state=0), threshold="0.5*mean"),
    SelectFromModel(RandomForestClassifier(5, random_state=0), max_features=4),
    SelectFromModel(ExtraTreesRegressor(5, random_state=0)),
    SelectFromModel(GradientBoostingClassifier(n_estimators=4, random_state=0)),
    SelectFromModel(Ridge()),
    RFE(PLAIN, n_features_to_select=3),
    RFECV(DecisionTreeClassifier(random_state=0), cv=3, step=3),
    SequentialFeatureSelector(LinearRegression(), n_features_to_select=2, cv=2),
]


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("selector", UNIVARIATE, ids=repr)
def test_by_a_score_of_each_column(selector: Any) -> None:
    step = assert_transforms_alike(selector.fit(ROWS, KINDS), ROWS[::10])
    assert list(step.origins or ()) == np.flatnonzero(selector.get_support()).tolist()
    assert_transforms_alike(selector, sparse.csr_array(ROWS[::10].round()), sparse=True)


@pytest.mark.parametrize("selector", BY_MODEL, ids=repr)
def test_by_a_model(selector: Any) -> None:
    step = assert_transforms_alike(read_plainly(selector.fit(ROWS, KINDS)), ROWS[::10])
    assert list(step.origins or ()) == np.flatnonzero(selector.get_support()).tolist()


def read_plainly(selector: Any) -> Any:
    """The selector as it is published: trees share what a plain pickle of theirs may not."""
    import pickle

    return pickle.loads(dumps(selector))


def test_regression_scores_and_a_model_fitted_before() -> None:
    target = ROWS @ np.arange(12.0)
    assert_transforms_alike(SelectKBest(f_regression, k=4).fit(ROWS, target), ROWS[:9])
    prefit = SelectFromModel(Ridge().fit(ROWS, target), prefit=True, threshold="mean")
    assert_transforms_alike(prefit.fit(ROWS, target), ROWS[:9])


def test_recursive_elimination_predicts() -> None:
    assert_predicts_alike(RFE(PLAIN, n_features_to_select=3).fit(ROWS, KINDS), ROWS[::7])
    assert_predicts_alike(RFECV(Ridge(), cv=3).fit(ROWS, KINDS), ROWS[::7])
    scaled = make_pipeline(StandardScaler(), RFE(PLAIN, n_features_to_select=4))
    assert_predicts_alike(scaled.fit(ROWS, KINDS), ROWS[::7])
    before = make_pipeline(RFE(PLAIN, n_features_to_select=4), StandardScaler(), PLAIN)
    assert_predicts_alike(before.fit(ROWS, KINDS), ROWS[::7])


def test_records_and_frames() -> None:
    frame = people()[["rooms", "score", "garden"]].fillna(1.0)
    selector = SelectKBest(k=2).fit(frame, np.arange(10) % 2)
    step = assert_transforms_alike(selector, frame)
    assert step.features.names == list(selector.get_feature_names_out())
    with pytest.raises(UnusableRow, match="NaN"):
        step.transform([1, None, True])
    with pytest.raises(UnusableRow, match="3"):
        step.transform([1])


def test_missing_values_pass_where_scikit_learn_passes_them() -> None:
    rows = positive()
    rows[::3, 1] = np.nan
    rows[:, 2] = 1.0
    assert_transforms_alike(VarianceThreshold().fit(rows), rows)
    forest = SelectFromModel(DecisionTreeClassifier(random_state=0)).fit(rows, np.arange(60) % 2)
    assert_transforms_alike(read_plainly(forest), rows)


def test_nothing_chosen_and_others_importances_are_refused() -> None:
    none = SelectFromModel(PLAIN, threshold=1e9).fit(ROWS, KINDS)
    with pytest.raises(UnsupportedModel, match="no column"):
        read_transformer(loads(dumped(none)), Features(RECORD, 12))
    with pytest.raises(UnsupportedModel, match="7"):
        read_transformer(loads(dumped(SelectKBest(k=2).fit(ROWS, KINDS))), Features(RECORD, 7))
