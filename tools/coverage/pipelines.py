"""The forty pipelines that people fit most often, each as its documentation would have it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectFromModel, SelectKBest, chi2, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    ElasticNet,
    Lasso,
    LinearRegression,
    LogisticRegression,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from tools.coverage import data
from tools.coverage.fits import Fit

_TEXT = ("texts", data.TEXTS, data.TWO)
_ROWS = ("numbers", data.NUMBERS, data.TWO)
_REGRESSION = ("numbers", data.NUMBERS, data.TARGET)
_FRAME = data.RECORDS[[*data.NUMERIC, *data.CATEGORICAL]]
_RECORDS = ("records", _FRAME, data.TWO)
_RECORDS_TO_NUMBERS = ("records", _FRAME, data.TARGET)
_MIXED = ("records with a text", data.RECORDS, data.TWO)

_Inputs = tuple[str, Any, Any]


def _columns(*, scale: bool = True, ordinal: bool = False) -> ColumnTransformer:
    numbers = [SimpleImputer(strategy="median"), *([StandardScaler()] if scale else [])]
    categories = (
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
        if ordinal
        else OneHotEncoder(handle_unknown="ignore")
    )
    return ColumnTransformer(
        [
            ("numbers", make_pipeline(*numbers), data.NUMERIC),
            (
                "categories",
                make_pipeline(SimpleImputer(strategy="most_frequent"), categories),
                data.CATEGORICAL,
            ),
        ]
    )


def _selected() -> ColumnTransformer:
    return ColumnTransformer(
        [
            ("numbers", SimpleImputer(), make_column_selector(dtype_include="number")),
            (
                "categories",
                OneHotEncoder(handle_unknown="ignore", min_frequency=3),
                make_column_selector(dtype_exclude="number"),
            ),
        ],
        remainder="drop",
    )


def _with_text() -> ColumnTransformer:
    return ColumnTransformer(
        [
            ("note", TfidfVectorizer(), "note"),
            ("job", OneHotEncoder(handle_unknown="ignore"), ["job"]),
        ],
        remainder="drop",
    )


def _two_kinds_of_words() -> FeatureUnion:
    return FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2))),
            ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))),
        ]
    )


def _booster(library: str, name: str, **options: Any) -> Any:
    """None where the library is not installed."""
    if find_spec(library) is None:
        return None
    return getattr(import_module(library), name)(n_estimators=8, **options)


def _forest() -> RandomForestClassifier:
    return RandomForestClassifier(10, random_state=0)


def _logistic() -> LogisticRegression:
    return LogisticRegression(max_iter=1000)


_VOTERS = [("forest", _forest()), ("logistic", _logistic()), ("bayes", GaussianNB())]

PIPELINES: dict[str, tuple[Callable[[], Any], _Inputs]] = {
    "TF-IDF, LogisticRegression": (lambda: make_pipeline(TfidfVectorizer(), _logistic()), _TEXT),
    "TF-IDF, LinearSVC": (lambda: make_pipeline(TfidfVectorizer(), LinearSVC()), _TEXT),
    "TF-IDF, SGDClassifier": (
        lambda: make_pipeline(TfidfVectorizer(stop_words="english"), SGDClassifier(random_state=0)),
        _TEXT,
    ),
    "TF-IDF, MultinomialNB": (lambda: make_pipeline(TfidfVectorizer(), MultinomialNB()), _TEXT),
    "counts, ComplementNB": (lambda: make_pipeline(CountVectorizer(), ComplementNB()), _TEXT),
    "TF-IDF, RidgeClassifier": (lambda: make_pipeline(TfidfVectorizer(), RidgeClassifier()), _TEXT),
    "TF-IDF, RandomForestClassifier": (lambda: make_pipeline(TfidfVectorizer(), _forest()), _TEXT),
    "hashed words, SGDClassifier": (
        lambda: make_pipeline(
            HashingVectorizer(n_features=2**10), SGDClassifier(loss="log_loss", random_state=0)
        ),
        _TEXT,
    ),
    "TF-IDF, chi2, LogisticRegression": (
        lambda: make_pipeline(TfidfVectorizer(), SelectKBest(chi2, k=10), _logistic()),
        _TEXT,
    ),
    "TF-IDF, TruncatedSVD, LogisticRegression": (
        lambda: make_pipeline(TfidfVectorizer(), TruncatedSVD(3, random_state=0), _logistic()),
        _TEXT,
    ),
    "words and letters, LinearSVC": (
        lambda: make_pipeline(_two_kinds_of_words(), LinearSVC()),
        _TEXT,
    ),
    "TF-IDF, calibrated LinearSVC": (
        lambda: make_pipeline(TfidfVectorizer(), CalibratedClassifierCV(LinearSVC(), cv=3)),
        _TEXT,
    ),
    "columns imputed, scaled, encoded; LogisticRegression": (
        lambda: make_pipeline(_columns(), _logistic()),
        _RECORDS,
    ),
    "columns; RandomForestClassifier": (
        lambda: make_pipeline(_columns(scale=False), _forest()),
        _RECORDS,
    ),
    "columns; GradientBoostingClassifier": (
        lambda: make_pipeline(
            _columns(scale=False), GradientBoostingClassifier(n_estimators=8, random_state=0)
        ),
        _RECORDS,
    ),
    "columns by ordinals; HistGradientBoostingClassifier": (
        lambda: make_pipeline(
            _columns(scale=False, ordinal=True), HistGradientBoostingClassifier(max_iter=5)
        ),
        _RECORDS,
    ),
    "columns; SVC": (lambda: make_pipeline(_columns(), SVC()), _RECORDS),
    "columns; KNeighborsClassifier": (
        lambda: make_pipeline(_columns(), KNeighborsClassifier(5)),
        _RECORDS,
    ),
    "columns; Ridge": (lambda: make_pipeline(_columns(), Ridge()), _RECORDS_TO_NUMBERS),
    "columns by type; RandomForestRegressor": (
        lambda: make_pipeline(_selected(), RandomForestRegressor(10, random_state=0)),
        _RECORDS_TO_NUMBERS,
    ),
    "a text column and a category; LogisticRegression": (
        lambda: make_pipeline(_with_text(), _logistic()),
        _MIXED,
    ),
    "StandardScaler, LogisticRegression": (
        lambda: make_pipeline(StandardScaler(), _logistic()),
        _ROWS,
    ),
    "StandardScaler, SVC with probabilities": (
        lambda: make_pipeline(StandardScaler(), CalibratedClassifierCV(SVC(), ensemble=False)),
        _ROWS,
    ),
    "StandardScaler, KNeighborsClassifier": (
        lambda: make_pipeline(StandardScaler(), KNeighborsClassifier()),
        _ROWS,
    ),
    "MinMaxScaler, MLPClassifier": (
        lambda: make_pipeline(MinMaxScaler(), MLPClassifier((8,), max_iter=50, random_state=0)),
        _ROWS,
    ),
    "StandardScaler, PCA, LogisticRegression": (
        lambda: make_pipeline(StandardScaler(), PCA(2), _logistic()),
        _ROWS,
    ),
    "SelectKBest, GaussianNB": (
        lambda: make_pipeline(SelectKBest(f_classif, k=3), GaussianNB()),
        _ROWS,
    ),
    "SelectFromModel, DecisionTreeClassifier": (
        lambda: make_pipeline(
            SelectFromModel(ExtraTreesClassifier(5, random_state=0)),
            DecisionTreeClassifier(random_state=0),
        ),
        _ROWS,
    ),
    "PolynomialFeatures, LinearRegression": (
        lambda: make_pipeline(PolynomialFeatures(2), LinearRegression()),
        _REGRESSION,
    ),
    "RobustScaler, SVR": (lambda: make_pipeline(RobustScaler(), SVR()), _REGRESSION),
    "StandardScaler, Lasso of a grid search": (
        lambda: GridSearchCV(
            make_pipeline(StandardScaler(), Lasso()), {"lasso__alpha": [0.01, 0.1]}, cv=3
        ),
        _REGRESSION,
    ),
    "log of the target, ElasticNet": (
        lambda: TransformedTargetRegressor(
            make_pipeline(StandardScaler(), ElasticNet(0.01)), func=np.log1p, inverse_func=np.expm1
        ),
        _REGRESSION,
    ),
    "a randomized search of forests": (
        lambda: RandomizedSearchCV(
            _forest(), {"max_depth": [2, 3, None]}, n_iter=2, cv=3, random_state=0
        ),
        _ROWS,
    ),
    "VotingClassifier": (lambda: VotingClassifier(_VOTERS, voting="soft"), _ROWS),
    "StackingClassifier": (lambda: StackingClassifier(_VOTERS, cv=3), _ROWS),
    "AdaBoostClassifier, BaggingClassifier of it": (
        lambda: BaggingClassifier(AdaBoostClassifier(n_estimators=4), 3, random_state=0),
        _ROWS,
    ),
    "one LinearSVC for each class": (
        lambda: make_pipeline(StandardScaler(), OneVsRestClassifier(LinearSVC())),
        ("numbers", data.NUMBERS, data.THREE),
    ),
    "gradient boostings and neighbours that vote": (
        lambda: VotingClassifier(
            [
                ("histograms", HistGradientBoostingClassifier(max_iter=4)),
                ("boosting", GradientBoostingClassifier(n_estimators=4, random_state=0)),
                ("neighbours", KNeighborsClassifier()),
            ],
            voting="soft",
        ),
        _ROWS,
    ),
    "columns; XGBClassifier": (
        lambda: _after_columns(_booster("xgboost", "XGBClassifier")),
        ("records", _FRAME, data.THREE),
    ),
    "LGBMRegressor": (
        lambda: _booster("lightgbm", "LGBMRegressor", verbose=-1, min_child_samples=3),
        _REGRESSION,
    ),
}


def _after_columns(booster: Any) -> Any:
    return None if booster is None else make_pipeline(_columns(scale=False), booster)


def fit_of(name: str) -> Fit | None:
    """How the pipeline of that name is fitted; None where its library is not installed."""
    make, (kind, rows, target) = PIPELINES[name]
    if make() is None:
        return None
    asked = rows[:24] if kind == "texts" else rows.iloc[:24] if hasattr(rows, "iloc") else rows[:24]
    return Fit(kind, lambda: make().fit(rows, target), asked)
