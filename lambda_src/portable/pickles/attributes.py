"""Checks of the attributes that scikit-learn pickled: the layout known, every value plain data."""

from __future__ import annotations

from math import isfinite
from operator import eq

from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.unpickler import Estimator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

    from portable.base import Features
    from portable.pickles.arrays import Label

State = dict[str, object]

MAX_FEATURES = 100_000
"""Features of a row; nothing but a number in the pickle says how many have to be named."""

_PLAIN = (str, int, float, bool, type(None))

OLDEST = (1, 6)
"""scikit-learn before 1.6 keeps idf as a sparse matrix and other attributes elsewhere."""


def read_state(estimator: Estimator, required: Iterable[str] = ()) -> State:
    """The attributes of an estimator of scikit-learn 1.6 to 1.x.

    Raises UnsupportedModel when a required one is missing: not fitted, or too old. One that nothing
    reads is let be; the proof that every published model passes would tell if it mattered.
    """
    name = type(estimator).__name__
    state: State | None = getattr(estimator, "state", None)
    if state is None:
        raise UnsupportedModel(f"The {name} has no state; pickle a fitted one.")
    version = state.get("_sklearn_version")
    parts = version.split(".") if type(version) is str else []
    if len(parts) < 2 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        raise UnsupportedModel(f"The {name} does not say which scikit-learn fitted it; fit again.")
    if not OLDEST <= (int(parts[0]), int(parts[1])) < (2, 0):
        raise UnsupportedModel(
            f"The {name} was fitted by scikit-learn {'.'.join(parts[:2])}; "
            "fit it again with scikit-learn 1.6 or a later 1.x."
        )
    for attribute in required:
        if attribute not in state:
            raise UnsupportedModel(f"The {name} lacks {attribute!r}; pickle it after fitting it.")
    return state


def choice(name: str, state: State, option: str, allowed: tuple[object, ...]) -> object:
    """The value of `option`, one of `allowed` (compared with its type: True is not 1)."""
    value = state[option]
    if not any(type(value) is type(one) and value == one for one in allowed):
        raise UnsupportedModel(
            f"The {name}'s {option} is {repr(value)[:80] if type(value) in _PLAIN else 'custom'}; "
            f"the portable runtime serves {', '.join(map(repr, allowed))}."
        )
    return value


def check_finite(name: str, attribute: str, values: array[float]) -> array[float]:
    """`values`, unless one is NaN or infinite."""
    # By the high bytes first, in C: 0x7f and 0xff begin the exponents of NaN and infinities, and of
    # numbers so large that only then is added up. NaN and infinities survive every addition.
    high = values.tobytes()[7::8]
    if (b"\x7f" in high or b"\xff" in high) and not isfinite(sum(values)):
        raise UnsupportedModel(
            f"The {name}'s {attribute} holds NaN or infinite values; fit it on finite numbers, and "
            "Naive Bayes with smoothing (alpha > 0) and a prior above 0 for every class."
        )
    return values


def vector(name: str, state: State, attribute: str, length: int) -> array[float]:
    """A finite float array of shape (length,)."""
    value = state[attribute]
    if type(value) is not Array or value.shape != (length,):
        raise UnsupportedModel(f"The {name}'s {attribute} is not an array of {length} numbers.")
    return check_finite(name, attribute, value.numbers())


def matrix(name: str, state: State, attribute: str, rows: int, columns: int) -> list[array[float]]:
    """The rows of a finite float array of shape (rows, columns)."""
    value = state[attribute]
    if type(value) is not Array or value.shape != (rows, columns):
        got = f"is {value.shape}" if type(value) is Array else "is no array"
        raise UnsupportedModel(
            f"The {name}'s {attribute} {got} where ({rows}, {columns}) is expected; "
            "the vectorizer and the classifier must come from one training run."
        )
    if value.dtype.code != "f8":
        raise UnsupportedModel(
            f"The {name}'s {attribute} is not float64, so scikit-learn scores in single precision; "
            "fit it on rows of dtype float64."
        )
    return [check_finite(name, attribute, row) for row in value.rows()]


def feature_count(name: str, state: State) -> int:
    """`n_features_in_`, from 1 to MAX_FEATURES."""
    count = state["n_features_in_"]
    if type(count) is not int or count < 1:
        raise UnsupportedModel(f"The {name}'s n_features_in_ is not a positive integer.")
    if count > MAX_FEATURES:
        raise UnsupportedModel(f"The {name} takes more than {MAX_FEATURES:,} features.")
    return count


def numbers(name: str, state: State, attribute: str, length: int) -> list[float]:
    """`length` finite numbers in a list, or in an array of floats or integers."""
    value = state[attribute]
    if type(value) is Array and len(value.shape) == 1:
        value = list(value.labels())
    if type(value) is not list or len(value) != length:
        raise UnsupportedModel(f"The {name}'s {attribute} are not {length} numbers.")
    return [number(name, {attribute: one}, attribute) for one in value]


def number(name: str, state: State, attribute: str) -> float:
    """A finite number."""
    value = state[attribute]
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise UnsupportedModel(f"The {name}'s {attribute} is not a finite number.")
    return float(value)


def read_labels(name: str, state: State, attribute: str = "classes_") -> tuple[Label, ...]:
    """`classes_` as a tuple; raises UnsupportedModel unless they are distinct labels."""
    classes = state[attribute]
    labels = classes.labels() if type(classes) is Array else ()
    # Sorted, not made a set of: the hashes of numbers can be chosen to be the same.
    ordered = sorted(labels, key=label_order)
    if not labels or any(map(eq, ordered, ordered[1:])):
        raise UnsupportedModel(f"The {name}'s {attribute} are not an array of distinct labels.")
    return labels


def column_count(name: str, state: State, features: Features) -> int:
    """`n_features_in_`, which must be the number of columns that the step before gives."""
    count = state["n_features_in_"]
    if features.count is None or type(count) is not int or count != features.count:
        count = feature_count(name, state)
    if features.count not in (None, count):
        raise UnsupportedModel(
            f"The {name} takes {count} features where the step before it gives {features.count}; "
            "the steps of a model must come from one training run."
        )
    return count


def label_order(label: Label) -> tuple[bool, Label]:
    """A key that sorts labels of any types: texts after numbers."""
    return type(label) is str, label
