"""Fitted estimators as bytes: the same estimator gives the same bytes, in every process.

Plain pickle protocol 4 with arrays in C order: the C unpickler reads it about ten times faster
than joblib's interleaved format, and `joblib.load` reads it all the same. Protocol 5 would route
arrays through `_frombuffer`.
"""

import io
import pickle
import pickletools
import sys
from typing import Any

import numpy as np
from sklearn._loss.loss import BaseLoss
from sklearn.base import BaseEstimator
from sklearn.tree._tree import Tree

from model_training.publishing.artifacts import ArtifactError

PROTOCOL = 4

# What scikit-learn keeps for its own later use (training on more data, undoing `max_features`) and
# no prediction reads. `feature_count_` alone is half of a classifier's size.
_UNUSED = frozenset({"stop_words_", "_stop_words_id", "feature_count_", "_rng", "_loss_function_"})

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


def dumps(estimator: BaseEstimator) -> bytes:
    """The estimator's canonical pickle; only what prediction needs is in it."""
    stream = io.BytesIO()
    _CanonicalPickler(stream, protocol=PROTOCOL).dump(_canonical(estimator))
    # Memo entries nobody refers to depend on nothing but cost a byte or more each.
    return pickletools.optimize(stream.getvalue())


def serialised(estimator: BaseEstimator) -> bytes:
    """As `dumps`; raises `ArtifactError`, one sentence, for an estimator that cannot be pickled."""
    try:
        return dumps(estimator)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ArtifactError(
            f"The {type(estimator).__name__} cannot be pickled ({error}); fit it without functions "
            "of your own"
        ) from None


def _canonical(value: Any) -> Any:
    """An equal object whose pickle depends on its value alone.

    A pickle spells out a string once per object, not once per value, and a dictionary in the order
    it was filled: strings are interned and vocabularies sorted by column, so that neither the
    history of an object nor the hash seed shows. numpy scalars become Python's. A source of random
    numbers is of no use any more, and on one processor nor are threads, whose order would show.
    """
    if isinstance(value, BaseEstimator | BaseLoss):
        fresh = object.__new__(type(value))
        fresh.__dict__.update(
            {
                sys.intern(name): None if name == "n_jobs" else _canonical(attribute)
                for name, attribute in sorted(vars(value).items())
                if name not in _UNUSED
            }
        )
        return fresh
    if isinstance(value, np.random.RandomState | np.random.Generator):
        return None
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject and any(isinstance(one, BaseEstimator) for one in value.flat):
            members = np.empty(value.size, dtype=object)
            members[:] = [_canonical(one) for one in value.flat]
            return members.reshape(value.shape)
        if value.dtype.hasobject:
            # Labels that came out of a data frame: Python strings, here as numpy's.
            value = np.array(value.tolist())
        # The dtype by its name: one that was itself unpickled is another object, spelled out anew.
        fresh_array = np.empty(value.shape, np.dtype(value.dtype.str))
        fresh_array[...] = value
        return fresh_array
    if isinstance(value, np.generic):
        return _canonical(value.item())
    if isinstance(value, str):
        return sys.intern(str(value))
    if isinstance(value, dict):
        items = [(_canonical(key), _canonical(item)) for key, item in value.items()]
        # A vocabulary maps terms to columns; anything else is sorted by its keys.
        numbers = all(type(item) is int for _, item in items)
        return dict(sorted(items, key=lambda pair: pair[1] if numbers else repr(pair[0])))
    if isinstance(value, tuple | list):
        return type(value)(_canonical(item) for item in value)
    return value
