"""How each estimator is fitted, several times over, and what it is then asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import get_tags

from tools.coverage import data
from tools.coverage.estimators import (
    CLASSIFIERS,
    CLUSTERERS,
    REGRESSORS,
    TRANSFORMERS,
    takes_weights,
)


class Fit(NamedTuple):
    """One way to fit: what it is called, the fit itself, and the inputs to compare on."""

    name: str
    fitted: Callable[[], Any]
    asked: Any
    transforms: bool = False
    text: bool = False


_TEXT = ("CountVectorizer", "HashingVectorizer", "TfidfVectorizer")
_MANY_OUTPUTS = (
    "ClassifierChain", "MultiOutputClassifier", "MultiOutputRegressor", "MultiTaskElasticNet",
    "MultiTaskElasticNetCV", "MultiTaskLasso", "MultiTaskLassoCV", "RegressorChain",
)  # fmt: skip
_CATEGORICAL = (
    "CategoricalNB", "LatentDirichletAllocation", "OneHotEncoder", "OrdinalEncoder",
    "TargetEncoder",
)  # fmt: skip
_GAPS = ("KNNImputer", "MissingIndicator", "SimpleImputer")
_ONE_COLUMN = ("IsotonicRegression",)
_TWO_CLASSES_ALONE = ("FixedThresholdClassifier", "TunedThresholdClassifierCV")
_LABELS_OF_NUMBERS = ("SelfTrainingClassifier", "XGBClassifier", "XGBRFClassifier")
# Alike in shape to what these take, and nothing that a request can hold.
_SQUARE = ("KernelCenterer",)
_PICTURES = ("PatchExtractor",)
_DICTIONARIES = ("DictVectorizer", "FeatureHasher")


def fits_of(family: str, name: str, make: Callable[[], Any]) -> Iterator[Fit]:
    """The fits of an estimator, the plainest first."""
    if family == TRANSFORMERS:
        yield from _of_transformer(name, make)
        return
    rows = _rows(name, make())
    if family == CLUSTERERS:
        yield _fit("numbers", make, rows)
        yield _fit(
            "named columns", make, data.as_frame(rows), asked=data.as_frame(data.beside(rows))
        )
        return
    many = data.LABEL_SETS if family == CLASSIFIERS else data.TARGETS
    if name in _MANY_OUTPUTS:
        yield _fit("several outputs", make, rows, many)
        return
    if family == CLASSIFIERS:
        plain: Any = data.THREE // 2 if name in _LABELS_OF_NUMBERS else data.TWO
        yield _fit("two classes", make, rows, plain)
        if name not in _TWO_CLASSES_ALONE:
            yield _fit("three classes", make, rows, data.THREE)
    else:
        assert family == REGRESSORS
        plain = data.TARGET
        yield _fit("one output", make, rows, plain)
    if takes_weights(make()):
        yield _fit("weights", make, rows, plain, sample_weight=data.WEIGHTS)
    frame = data.as_frame(rows)
    yield _fit("named columns", make, frame, plain, asked=data.as_frame(data.beside(rows)))
    tags = get_tags(make())
    if tags.input_tags.sparse:
        sparse = data.as_sparse(rows)
        # XGBoost takes what a sparse row leaves out as missing; a request leaves out nothing.
        asked = sparse[:16].toarray() if name.startswith("XGB") else sparse[:16]
        yield _fit("sparse rows", make, sparse, plain, asked=asked)
    if tags.target_tags.multi_output:
        yield _fit("several outputs", make, rows, many)


def _of_transformer(name: str, make: Callable[[], Any]) -> Iterator[Fit]:
    if name in _TEXT:
        yield _fit("texts", make, data.TEXTS, asked=data.TEXTS[:9], transforms=True, text=True)
        return
    if name in _DICTIONARIES:
        records = [{"a": float(at), "b": f"word {at % 3}"} for at in range(data.ROWS)]
        yield _fit("dictionaries", make, records, asked=records[:9], transforms=True)
        return
    if name in _PICTURES:
        pictures = np.abs(data.NUMBERS[:, :4].reshape(15, 4, 4))
        yield _fit("pictures", make, pictures, asked=pictures[:2], transforms=True)
        return
    rows = _rows(name, make())
    if name in _SQUARE:
        rows = rows @ rows.T
    continuous = name.startswith(("CCA", "PLS")) or name.endswith(("Regressor", "Regression"))
    target: Any = data.TARGET if continuous else data.TWO
    yield _fit("numbers", make, rows, target, transforms=True)
    if name not in _SQUARE:
        frame, asked = data.as_frame(rows), data.as_frame(data.beside(rows))
        yield _fit("named columns", make, frame, target, asked=asked, transforms=True)
    if get_tags(make()).input_tags.sparse and name not in _GAPS:
        sparse = data.as_sparse(np.abs(rows))
        yield _fit("sparse rows", make, sparse, target, asked=sparse[:16], transforms=True)


def _rows(name: str, estimator: Any) -> Any:
    if name in _CATEGORICAL:
        return data.CATEGORIES
    if name in _GAPS:
        return data.with_gaps(data.NUMBERS)
    if name in _ONE_COLUMN:
        return data.NUMBERS[:, :1]
    # Some say that they take numbers of either sign and mean only those that sum to something.
    positive = get_tags(estimator).input_tags.positive_only or "Chi2" in name
    return data.POSITIVE if positive else data.NUMBERS


def _fit(
    name: str,
    make: Callable[[], Any],
    rows: Any,
    target: Any = None,
    *,
    asked: Any = None,
    transforms: bool = False,
    text: bool = False,
    **options: Any,
) -> Fit:
    def fitted() -> Any:
        return make().fit(rows, *(() if target is None else (target,)), **options)

    inputs = data.beside(rows) if asked is None else asked
    return Fit(name, fitted, inputs, transforms=transforms, text=text)
