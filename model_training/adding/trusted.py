"""The names that a model file may import without anybody's word: classes and reconstructors that
do nothing but make an object of data, each by its full name.

A library is never trusted as a whole: `numpy.load` and `sklearn.datasets.fetch_openml` are within
libraries, read files and open addresses.
"""

from __future__ import annotations

from functools import cache

from model_training.adding import earlier_releases
from model_training.adding.trusted_names import NAMES

_NUMPY_FUNCTIONS = (
    "abs absolute add arccos arcsin arctan arctan2 cbrt ceil clip cos cosh deg2rad degrees divide "
    "exp exp2 expm1 fabs floor log log10 log1p log2 maximum mean median minimum mod multiply "
    "negative positive power rad2deg radians reciprocal rint round sign sin sinh sqrt square "
    "subtract sum tan tanh trunc ravel squeeze float64 float32 int64 int32 bool_ str_ int8 int16 "
    "uint8 uint16 uint32 uint64 nan "
    "generic number integer signedinteger unsignedinteger inexact floating object_"
)


@cache
def names() -> frozenset[str]:
    """Every trusted name: estimators of this scikit-learn, and what models are made of."""
    from sklearn.utils import all_estimators

    estimators = {f"{one.__module__}.{one.__qualname__}" for _, one in all_estimators()}
    functions = {f"numpy.{name}" for name in _NUMPY_FUNCTIONS.split()}
    # What does not exist any more is never imported: something of ours stands for it.
    return frozenset(NAMES) | estimators | functions | earlier_releases.NAMES.keys()


def untrusted(found: list[str]) -> list[str]:
    """Those of `found` that are not in the table."""
    allowed = names()
    return [name for name in found if name not in allowed]
