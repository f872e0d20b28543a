"""Small tabular models fitted by scikit-learn, and the rows they are compared on."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from portable.model import Model
from portable.model import load as load_pickles
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from model_training.publishing import pickling
from model_training.publishing.generated_rows import rows_for

BOOSTING = {
    "stumps": GradientBoostingClassifier(max_depth=1, n_estimators=40, random_state=0),
    "deep boosting": GradientBoostingClassifier(n_estimators=15, random_state=0),
    "boosting from zero": GradientBoostingClassifier(init="zero", n_estimators=9, random_state=0),
    "boosting on samples": GradientBoostingClassifier(
        subsample=0.4, max_features=1, n_estimators=20, random_state=np.random.RandomState(3)
    ),
    "boosting stopped early": GradientBoostingClassifier(
        n_iter_no_change=2, n_estimators=30, learning_rate=0.7, random_state=0
    ),
    "boosting that never splits": GradientBoostingClassifier(
        min_samples_split=10_000, n_estimators=3, random_state=0
    ),
}
TREES = {
    "tree": DecisionTreeClassifier(random_state=0),
    "pruned tree": DecisionTreeClassifier(ccp_alpha=0.01, max_leaf_nodes=9, random_state=0),
    "weighted tree": DecisionTreeClassifier(class_weight="balanced", max_depth=4, random_state=0),
    "extra tree": ExtraTreeClassifier(random_state=0),
    "forest": RandomForestClassifier(n_estimators=15, random_state=0, n_jobs=2),
    "forest with votes": RandomForestClassifier(
        n_estimators=8, oob_score=True, max_samples=0.9, criterion="log_loss", random_state=0
    ),
    "extra trees": ExtraTreesClassifier(n_estimators=12, random_state=0),
}
LINEAR = {
    "logistic": LogisticRegression(max_iter=5000),
    "logistic, sparse": make_pipeline(
        StandardScaler(), LogisticRegression(l1_ratio=1, solver="saga", C=0.1, max_iter=5000)
    ),
    "logistic without intercept": LogisticRegression(fit_intercept=False, max_iter=5000),
    "descent": make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)),
    "averaged descent": make_pipeline(
        StandardScaler(), SGDClassifier(loss="log_loss", average=True, random_state=0)
    ),
}
SCALERS: dict[str, Any] = {
    "standard": StandardScaler(),
    "standard, only centred": StandardScaler(with_std=False),
    "standard, only scaled": StandardScaler(with_mean=False),
    "standard, neither": StandardScaler(with_mean=False, with_std=False),
    "minimum and maximum": MinMaxScaler(feature_range=(-1, 2)),
    "minimum and maximum, clipped": MinMaxScaler(clip=True),
    "robust": RobustScaler(quantile_range=(10, 90)),
    "robust, only centred": RobustScaler(with_scaling=False),
    "robust, only scaled": RobustScaler(with_centering=False, unit_variance=True),
    "largest": MaxAbsScaler(),
    "nothing": "passthrough",
}
REGRESSORS = {
    "stumps": GradientBoostingRegressor(max_depth=1, n_estimators=30, random_state=0),
    "boosting": GradientBoostingRegressor(n_estimators=10, random_state=0),
    "boosting, absolute": GradientBoostingRegressor(
        loss="absolute_error", n_estimators=9, random_state=0
    ),
    "boosting, Huber": GradientBoostingRegressor(loss="huber", n_estimators=9, random_state=0),
    "boosting, quantile": GradientBoostingRegressor(
        loss="quantile", alpha=0.8, n_estimators=9, random_state=0
    ),
    "boosting from zero": GradientBoostingRegressor(init="zero", n_estimators=9, random_state=0),
    "tree": DecisionTreeRegressor(max_depth=5, random_state=0),
    "extra tree": ExtraTreeRegressor(max_depth=5, random_state=0),
    "forest": RandomForestRegressor(n_estimators=9, random_state=0, n_jobs=2),
    "extra trees": ExtraTreesRegressor(n_estimators=5, max_depth=6, random_state=0),
    "least squares": LinearRegression(),
    "least squares without intercept": LinearRegression(fit_intercept=False),
    "ridge": make_pipeline(StandardScaler(), Ridge(alpha=2.0)),
}


def two_classes() -> tuple[Any, Any]:
    """Rows of five columns and labels that are strings."""
    rows, target = load_breast_cancer(return_X_y=True)
    return rows[:, [7, 20, 21, 23, 27]], np.where(target == 0, "malignant", "benign")


def three_classes() -> tuple[Any, Any]:
    """Rows of four columns and labels that are integers, not from 0."""
    rows, target = load_iris(return_X_y=True)
    return rows, target * 10 - 5


def numbers() -> tuple[Any, Any]:
    """Rows of ten columns and numbers to predict."""
    rows, target = load_diabetes(return_X_y=True)
    return rows, target


DATA = {"two classes": two_classes, "three classes": three_classes}


def fitted(estimator: Any, data: tuple[Any, Any]) -> Any:
    """A fitted clone."""
    copy = clone(estimator)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return copy.fit(*data)


def load(estimator: Any) -> Model:
    """The estimator in the portable runtime."""
    return load_pickles(pickling.dumps(estimator))


def asked(estimator: Any, rows: Any, count: int = 600) -> list[list[float]]:
    """Real rows, and generated ones on and beside the thresholds."""
    real: Sequence[Sequence[float]] = rows.tolist()
    return [*real[::7], *rows_for(estimator, real, 7, count)]
