"""What a fitted estimator of another scikit-learn looks like beside one that is fitted here.

A pickle of another version loads with no more than a warning. What the versions mean by the same
attributes is the same; where they keep a fitted model in others, this one reads it wrongly.
"""

from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator

from model_training.publishing.pickling import UNUSED

# There or not by what it was fitted on, and of no use to an answer.
_BY_DATA = frozenset(("feature_names_in_",))


def lacking_parameter(estimator: BaseEstimator) -> str | None:
    """A parameter that this version's class has and the unpickled estimator has not."""
    for name in type(estimator)._get_param_names():
        if name not in vars(estimator):
            return f"its {type(estimator).__name__} lacks {name!r}, which one fitted here has"
    return None


def difference(estimator: BaseEstimator, fitted_here: BaseEstimator) -> str | None:
    """The first attribute that only one of two fitted estimators of a class has, or of which they
    hold another kind of value; `None` where they look alike."""
    name = type(estimator).__name__
    theirs, ours = (
        {key: value for key, value in vars(one).items() if key not in UNUSED | _BY_DATA}
        for one in (estimator, fitted_here)
    )
    if extra := sorted(theirs.keys() - ours.keys()):
        return f"its {name} holds {extra[0]!r}, which one fitted here does not"
    if missing := sorted(ours.keys() - theirs.keys()):
        return f"its {name} lacks {missing[0]!r}, which one fitted here has"
    for key in sorted(theirs):
        if isinstance(theirs[key], BaseEstimator) and type(theirs[key]) is type(ours[key]):
            if inner := difference(theirs[key], ours[key]):
                return inner
        elif (actual := _kind(theirs[key])) != (expected := _kind(ours[key])):
            return f"its {name} holds {key!r} as {actual}, and one fitted here as {expected}"
    return None


def _kind(value: Any) -> str:
    if issparse(value):
        return "a sparse matrix"
    if isinstance(value, np.ndarray):
        return f"an array of {value.ndim} dimensions"
    if isinstance(value, int | float | np.number | np.bool_):
        return "a number"
    return f"a {type(value).__name__}"
