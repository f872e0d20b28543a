"""Every estimator of scikit-learn, XGBoost and LightGBM, built as small as it goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    ClusterMixin,
    RegressorMixin,
    TransformerMixin,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.utils import all_estimators
from sklearn.utils.validation import has_fit_parameter

CLASSIFIERS = "Classifiers"
REGRESSORS = "Regressors"
TRANSFORMERS = "Transformers"
CLUSTERERS = "Clusterers and outlier detectors"

# What scikit-learn's own lists leave out of these families.
_OTHER_TRANSFORMERS = ("CountVectorizer", "TfidfVectorizer")
_OTHER_CLUSTERERS = (
    "BayesianGaussianMixture", "EllipticEnvelope", "GaussianMixture", "IsolationForest",
    "KernelDensity", "LocalOutlierFactor", "NearestNeighbors", "OneClassSVM", "SGDOneClassSVM",
    "SpectralBiclustering", "SpectralCoclustering",
)  # fmt: skip
# Estimators of other libraries, by family; left out where the library is not installed.
_OTHERS = {
    CLASSIFIERS: (("xgboost", "XGBClassifier"), ("xgboost", "XGBRFClassifier"),
                  ("lightgbm", "LGBMClassifier")),
    REGRESSORS: (("xgboost", "XGBRegressor"), ("xgboost", "XGBRFRegressor"),
                 ("lightgbm", "LGBMRegressor")),
    TRANSFORMERS: (),
    CLUSTERERS: (),
}  # fmt: skip
ENCODERS_OF_Y = ("LabelBinarizer", "LabelEncoder", "MultiLabelBinarizer")
"""Transformers of labels, which no request holds."""

_SETTINGS: dict[str, dict[str, Any]] = {
    "CCA": {"n_components": 1},
    "ColumnTransformer": {"transformers": [("scaled", StandardScaler(), [0, 1])],
                          "remainder": "passthrough"},
    "FeatureUnion": {"transformer_list": [("scaled", StandardScaler())]},
    "GaussianRandomProjection": {"n_components": 2},
    "HashingVectorizer": {"n_features": 64},
    "LGBMClassifier": {"verbose": -1, "min_child_samples": 3, "n_jobs": 1},
    "LGBMRegressor": {"verbose": -1, "min_child_samples": 3, "n_jobs": 1},
    "LocalOutlierFactor": {"novelty": True},
    "OneVsOneClassifier": {"estimator": LinearSVC()},
    "PLSCanonical": {"n_components": 1},
    "PLSSVD": {"n_components": 1},
    "PLSRegression": {"n_components": 1},
    "PatchExtractor": {"patch_size": (2, 2)},
    "QuantileTransformer": {"n_quantiles": 20},
    "RadiusNeighborsClassifier": {"radius": 20.0},
    "RadiusNeighborsRegressor": {"radius": 20.0},
    "SelectKBest": {"k": 2},
    "SparseCoder": {"dictionary": np.eye(5)},
    "SparseRandomProjection": {"n_components": 2},
}  # fmt: skip
# Settings that make fits small without changing what is fitted.
_SMALL: dict[str, Any] = {"n_estimators": 6, "random_state": 0, "n_init": 1}
_FEW_ITERATIONS = ("HistGradientBoosting", "MLP")


@cache
def families() -> dict[str, dict[str, Callable[[], Any]]]:
    """Family → name of an estimator → what makes one."""
    known: dict[str, type] = dict(all_estimators())  # imports all of scikit-learn
    clusterers = {**_with(known, ClusterMixin), **_of(known, _OTHER_CLUSTERERS)}
    # It clusters columns, and transforms rows.
    del clusterers["FeatureAgglomeration"]
    transformers = {**_with(known, TransformerMixin), **_of(known, _OTHER_TRANSFORMERS)}
    kinds: dict[str, dict[str, type]] = {
        CLASSIFIERS: _with(known, ClassifierMixin),
        REGRESSORS: _with(known, RegressorMixin),
        TRANSFORMERS: transformers,
        CLUSTERERS: clusterers,
    }
    for family, others in _OTHERS.items():
        for library, name in others:
            if find_spec(library) is not None:
                kinds[family][name] = getattr(import_module(library), name)
    return {
        family: {name: _maker(kind, family) for name, kind in sorted(estimators.items())}
        for family, estimators in kinds.items()
    }


def takes_weights(estimator: Any) -> bool:
    """Whether `fit` takes sample weights."""
    return bool(has_fit_parameter(estimator, "sample_weight"))


def _with(known: dict[str, type], mixin: type) -> dict[str, type]:
    """Those that are of a kind, as scikit-learn's own lists tell it."""
    return {name: kind for name, kind in known.items() if issubclass(kind, mixin)}


def _of(known: dict[str, type], names: tuple[str, ...]) -> dict[str, type]:
    return {name: known[name] for name in names}


def _maker(kind: type, family: str) -> Callable[[], Any]:
    def make() -> BaseEstimator:
        needed = _needed(kind.__name__, family)
        made = kind(**needed)
        parameters = made.get_params(deep=False)
        small = {name: value for name, value in _SMALL.items() if name in parameters}
        if kind.__name__.startswith(_FEW_ITERATIONS):
            small["max_iter"] = 5
        made.set_params(**{name: value for name, value in small.items() if name not in needed})
        return made

    return make


def _needed(name: str, family: str) -> dict[str, Any]:
    """The settings without which an estimator cannot be made or fitted on few rows."""
    settings = dict(_SETTINGS.get(name, {}))
    classifies = family == CLASSIFIERS or name in _SUPERVISED_SELECTORS
    member = LogisticRegression() if classifies else Ridge()
    if name in _WITH_ESTIMATOR:
        settings.setdefault("estimator", member)
    if name.startswith(("Voting", "Stacking")):
        settings["estimators"] = (
            [("one", LogisticRegression()), ("two", LogisticRegression(C=0.1))]
            if name.endswith("Classifier")
            else [("one", Ridge()), ("two", Ridge(10.0))]
        )
    return settings


_SUPERVISED_SELECTORS = ("RFE", "RFECV", "SelectFromModel", "SequentialFeatureSelector")
_WITH_ESTIMATOR = (
    *_SUPERVISED_SELECTORS, "ClassifierChain", "FixedThresholdClassifier", "MultiOutputClassifier",
    "MultiOutputRegressor", "OneVsOneClassifier", "OneVsRestClassifier", "OutputCodeClassifier",
    "RegressorChain", "SelfTrainingClassifier", "TunedThresholdClassifierCV",
)  # fmt: skip
