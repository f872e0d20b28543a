"""What an estimator that an earlier scikit-learn fitted lacks today, filled in as it was meant.

Whether the model then answers as it did is not judged here: it is proven against that release.
"""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Any

import numpy as np
from sklearn._loss import _loss
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

from model_training.command_line import DataError


class RemainderColumns(list[Any]):
    """The columns that a ColumnTransformer of 1.5 to 1.7 had left over, in a list of its own."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self[:] = state.get("data", ())


def _made_loss(kind: Any, *_: Any) -> Any:
    """A loss function of boosting; before 1.5 one function made each kind."""
    if not (isinstance(kind, type) and issubclass(kind, _loss.CyLossFunction)):
        raise DataError("it makes a loss function of what is none")
    return kind()


_SHARES_ADD_UP_WITHIN = 1e-6
_LOSS = "sklearn._loss._loss"
NAMES: dict[str, Any] = {
    "sklearn.compose._column_transformer._RemainderColsList": RemainderColumns,
    **{
        f"{module}.__pyx_unpickle_{name}": _made_loss
        for module in (_LOSS, "_loss")
        for name in vars(_loss)
        if name.startswith("Cy") and not hasattr(_loss, f"__pyx_unpickle_{name}")
    },
}
"""Full names of earlier releases that this one does not have, and what stands for each."""


def complete(held: Any) -> None:
    """Give every estimator in `held` the parameters that its release did not have, with the values
    that they have when nobody names them, and a TfidfTransformer its weights."""
    seen: set[int] = set()
    waiting = [held]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, np.ndarray):
            waiting += one.ravel().tolist() if one.dtype.hasobject else []
        elif hasattr(one, "__dict__") and not isinstance(one, type):
            if isinstance(one, BaseEstimator):
                _complete(one)
            waiting += vars(one).values()


def _complete(estimator: BaseEstimator) -> None:
    for name, parameter in signature(type(estimator)).parameters.items():
        if parameter.default is not Parameter.empty and name not in vars(estimator):
            setattr(estimator, name, parameter.default)
    if isinstance(estimator, ColumnTransformer):
        for name in ("_columns", "_remainder", "transformers_"):
            if name in vars(estimator):
                setattr(estimator, name, _plain(getattr(estimator, name)))
        if hasattr(estimator, "transformers_"):
            estimator.transformers_ = [_passing(*one) for one in estimator.transformers_]
    if isinstance(estimator, HistGradientBoostingClassifier | HistGradientBoostingRegressor):
        vars(estimator).setdefault("_preprocessor", None)
    if isinstance(estimator, SimpleImputer) and hasattr(estimator, "_fit_dtype"):
        vars(estimator).setdefault("_fill_dtype", estimator._fit_dtype)
    if isinstance(estimator, DecisionTreeClassifier) and hasattr(estimator, "tree_"):
        # Shares of each class since 1.4; before, the weights of the rows in a node.
        weights = estimator.tree_.value
        totals = weights.sum(axis=2, keepdims=True)
        if (abs(totals - 1) > _SHARES_ADD_UP_WITHIN).any():
            weights /= totals
    if isinstance(estimator, TfidfTransformer) and not hasattr(estimator, "idf_"):
        # Before 1.5 the weights were the diagonal of a sparse matrix.
        diagonal = vars(estimator).get("_idf_diag")
        if diagonal is not None:
            estimator.idf_ = diagonal.diagonal()


def _plain(value: Any) -> Any:
    """The same, with plain lists for what was left over."""
    if isinstance(value, RemainderColumns):
        return list(value)
    return type(value)(map(_plain, value)) if type(value) in (list, tuple) else value


def _passing(name: str, transformer: Any, columns: Any) -> tuple[str, Any, Any]:
    """A fitted step as it is kept since 1.4: columns go by a transformer that changes nothing."""
    if transformer == "passthrough":
        transformer = FunctionTransformer(accept_sparse=True, feature_names_out="one-to-one")
        transformer.n_features_in_ = len(columns) if isinstance(columns, list) else 0
    return name, transformer, columns
