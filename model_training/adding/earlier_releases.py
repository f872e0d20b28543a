"""What an estimator that an earlier scikit-learn fitted lacks today, filled in as it was meant.

Whether the model then answers as it did is not judged here: it is proven against that release.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfTransformer


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
    try:
        parameters = type(estimator)().get_params(deep=False)
    except TypeError:
        parameters = {}  # It wraps another, which has to be named.
    for name, value in parameters.items():
        if name not in vars(estimator):
            setattr(estimator, name, value)
    if isinstance(estimator, TfidfTransformer) and not hasattr(estimator, "idf_"):
        # Before 1.5 the weights were the diagonal of a sparse matrix.
        diagonal = vars(estimator).get("_idf_diag")
        if diagonal is not None:
            estimator.idf_ = diagonal.diagonal()
