"""Fitted estimators as bytes: the same estimator gives the same bytes, in every process.

Plain pickle protocol 4 with arrays in C order: the C unpickler reads it about ten times faster
than joblib's interleaved format, and `joblib.load` reads it all the same. Protocol 5 would route
arrays through `_frombuffer`.
"""

import io
import pickle
import pickletools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn._loss.loss import BaseLoss
from sklearn.base import BaseEstimator
from sklearn.calibration import _CalibratedClassifier
from sklearn.compose import ColumnTransformer
from sklearn.tree._tree import Tree

from model_training.command_line import in_one_line
from model_training.publishing.manifests import ArtifactError
from model_training.publishing.wrappers import (
    answering,
    is_pattern,
    served_attribute,
    without_fit,
)

PROTOCOL = 4

_OUTPUT = "_sklearn_output_config"

# What scikit-learn keeps for its own later use (training on more data, undoing `max_features`,
# showing what `transform` gives, telling how long a search took) and no prediction reads.
# `feature_count_` alone is half of a classifier's size.
UNUSED = frozenset(
    (
        "stop_words_", "_stop_words_id", "feature_count_", "_rng", "_loss_function_",
        _OUTPUT, "_metadata_request", "_skl_callbacks", "_parent_callback_ctx",
        "cv_results_", "refit_time_", "oob_decision_function_", "oob_prediction_", "transduction_",
        "root_", "dummy_leaf_", "_scorer", "_raw_predict",
    )
)  # fmt: skip

_WITH_ATTRIBUTES = (BaseEstimator, BaseLoss, _CalibratedClassifier)

_OF_ONE_TYPE = ({str}, {bool}, {int}, {float})

# numpy compares its own float64 with rows in single precision in another way than Python's float.
_AS_IT_IS = frozenset({"binarize"})

_NODES = "nodes"
_VALUES = "values"


class _CanonicalPickler(pickle.Pickler):
    """Writes trees by their values: the padding of their nodes is whatever memory held."""

    def reducer_override(self, value: Any) -> Any:
        if type(value) is not Tree:
            return NotImplemented
        kind, arguments, state = value.__reduce__()
        nodes = np.zeros(state[_NODES].shape, state[_NODES].dtype)
        for field in nodes.dtype.names:
            nodes[field] = state[_NODES][field]
        return kind, arguments, {**state, _NODES: nodes, _VALUES: state[_VALUES].copy()}


def dumps(estimator: BaseEstimator, *, keep_output: bool = False) -> bytes:
    """The estimator's canonical pickle; only what prediction needs is in it.

    `keep_output`: what `set_output` said is in it too, for steps that choose columns by the names
    that a step before gives them.
    """
    stream = io.BytesIO()
    unused = UNUSED - {_OUTPUT} if keep_output else UNUSED
    _CanonicalPickler(stream, protocol=PROTOCOL).dump(_canonical(estimator, unused=unused))
    # Memo entries nobody refers to depend on nothing but cost a byte or more each.
    return pickletools.optimize(stream.getvalue())


def serialised(estimator: BaseEstimator, *, keep_output: bool = False) -> bytes:
    """As `dumps`; raises `ArtifactError`, one sentence, for an estimator that cannot be pickled."""
    name = type(estimator).__name__
    try:
        return dumps(estimator, keep_output=keep_output)
    except _RefersToItself:
        raise ArtifactError(
            f"The {name} refers to itself, so it has no end to write; take out the attribute that "
            "holds it, or fit it again"
        ) from None
    except RecursionError:
        raise ArtifactError(
            f"The {name} nests its parts too deeply to be written; take out what was added to it, "
            "or fit it again"
        ) from None
    # What is added to an estimator may raise anything when it is pickled.
    except Exception as error:
        raise ArtifactError(
            f"The {name} cannot be pickled ({in_one_line(error)}); fit it without "
            "functions of your own, open files and the like"
        ) from None


class _RefersToItself(ValueError):
    """A value holds itself, at whatever depth."""


def _canonical(
    value: Any, above: tuple[int, ...] = (), *, unused: frozenset[str], pattern: bool = False
) -> Any:
    """An equal object whose pickle depends on its value alone.

    A pickle spells out a string once per object, not once per value, and a dictionary in the order
    it was filled: strings are interned and vocabularies sorted by column, so that neither the
    history of an object nor the hash seed shows. numpy scalars become Python's. A source of random
    numbers is of no use any more, and on one processor nor are threads, whose order would show.

    `above` are the ids of what holds the value; attributes called as one of `unused` are left out;
    `pattern` says that it only was what fitted ones were made of, whose own fit is left out. Raises
    `_RefersToItself` where the value is among `above`.
    """
    if isinstance(value, np.random.RandomState | np.random.Generator):
        return None
    if isinstance(value, np.generic):
        return _canonical(value.item(), unused=unused)
    if isinstance(value, str):
        return sys.intern(str(value))
    if not isinstance(value, (*_WITH_ATTRIBUTES, np.ndarray, dict, tuple, list)):
        return value
    if id(value) in above:
        raise _RefersToItself
    above = (*above, id(value))
    if isinstance(value, np.ndarray):
        return _array(value, above, unused)
    if isinstance(value, dict):
        items = [
            (
                _canonical(key, above, unused=unused),
                _canonical(one, above, unused=unused, pattern=pattern),
            )
            for key, one in value.items()
        ]
        # A vocabulary maps terms to columns; anything else is sorted by its keys.
        numbers = all(type(item) is int for _, item in items)
        return dict(sorted(items, key=lambda pair: pair[1] if numbers else repr(pair[0])))
    if isinstance(value, tuple | list):
        members = [_canonical(item, above, unused=unused, pattern=pattern) for item in value]
        make: Callable[[list[Any]], Any] = getattr(value, "_make", type(value))
        return make(members)
    if isinstance(value, BaseEstimator):
        value = answering(value)
    attributes = without_fit(value) if pattern else vars(value)
    fresh = object.__new__(type(value))
    fresh.__dict__.update(
        {
            sys.intern(name): (
                _python_strings(attribute)
                if name == "feature_names_in_" and isinstance(value, ColumnTransformer)
                else _canonical_attribute(value, name, attribute, above, unused, pattern=pattern)
            )
            for name, attribute in sorted(attributes.items())
            if name not in unused
        }
    )
    return fresh


def _array(value: NDArray[Any], above: tuple[int, ...], unused: frozenset[str]) -> NDArray[Any]:
    if value.dtype.hasobject or value.dtype.kind == "T":
        members = [_canonical(one, above, unused=unused) for one in value.flat]
        if {type(one) for one in members} not in _OF_ONE_TYPE:
            parts = np.empty(value.size, dtype=object)
            for index, one in enumerate(members):
                parts[index] = one
            return parts.reshape(value.shape)
        # Labels that came out of a data frame: Python strings, here as numpy's.
        value = np.array(members).reshape(value.shape)
    # The dtype by its name: one that was itself unpickled is another object, spelled out anew.
    dtype = value.dtype if value.dtype.names else np.dtype(value.dtype.str)
    fresh = np.empty(value.shape, dtype)
    fresh[...] = value
    return fresh


def _python_strings(names: NDArray[Any]) -> NDArray[Any]:
    """Names as a ColumnTransformer selects single columns by: numpy's strings it refuses."""
    return np.array([sys.intern(str(name)) for name in names], dtype=object)


def _canonical_attribute(
    estimator: Any,
    name: str,
    value: Any,
    above: tuple[int, ...],
    unused: frozenset[str],
    *,
    pattern: bool,
) -> Any:
    if name == "n_jobs":
        return None
    if name in _AS_IT_IS:
        return value
    served = served_attribute(estimator, name, value)
    pattern = pattern or is_pattern(estimator, name)
    return _canonical(served, above, unused=unused, pattern=pattern)
