"""Selectors by a score or a variance of each column."""

from __future__ import annotations

from math import floor, isnan

from portable.base import Features
from portable.errors import UnsupportedModel
from portable.feature_selection import Selector
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, number, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from portable.pickles.attributes import State
    from portable.pickles.unpickler import Estimator

_LEAST = -1.7976931348623157e308
"""What stands for a score that is NaN."""
# A GenericUnivariateSelect's mode: the selector, and its option.
_MODES = {
    "fdr": ("SelectFdr", "alpha"),
    "fpr": ("SelectFpr", "alpha"),
    "fwe": ("SelectFwe", "alpha"),
    "k_best": ("SelectKBest", "k"),
    "percentile": ("SelectPercentile", "percentile"),
}


def read(estimator: Estimator, features: Features) -> Selector:
    """A VarianceThreshold, or a selector by scores or their p-values."""
    name = type(estimator).__name__
    state = read_state(estimator, ())
    if name == "VarianceThreshold":
        state = read_state(estimator, ("variances_", "threshold"))
        threshold = number(name, state, "threshold")
        chosen = [variance > threshold for variance in _numbers(name, state, "variances_")]
        return Selector(name, chosen, features, nan=True)
    kind = name
    if name == "GenericUnivariateSelect":
        state = read_state(estimator, ("mode", "param"))
        kind, option = _MODES[str(choice(name, state, "mode", tuple(_MODES)))]
        state = {**state, option: state["param"]}
    return Selector(name, _chosen(name, kind, state), features, nan=False)


def _numbers(name: str, state: State, attribute: str) -> array[float]:
    value = state.get(attribute)
    if type(value) is not Array or len(value.shape) != 1:
        raise UnsupportedModel(f"The {name} lacks its {attribute}; pickle it after fitting it.")
    return value.values()


def _chosen(name: str, kind: str, state: State) -> list[bool]:
    if kind in ("SelectKBest", "SelectPercentile"):
        scores = [_LEAST if isnan(score) else score for score in _numbers(name, state, "scores_")]
        if kind == "SelectPercentile":
            return _percentile(scores, number(name, state, "percentile"))
        if state.get("k") == "all":
            return [True] * len(scores)
        best = number(name, state, "k")
        # The later of equal scores first, as a stable sort leaves them.
        order = sorted(range(len(scores)), key=scores.__getitem__)
        chosen = set(order[max(0, len(scores) - int(best)) :])
        return [at in chosen for at in range(len(scores))]
    values = _numbers(name, state, "pvalues_")
    alpha = number(name, state, "alpha")
    if kind == "SelectFpr":
        return [value < alpha for value in values]
    if kind == "SelectFwe":
        return [value < alpha / len(values) for value in values]
    ascending = sorted(value for value in values if not isnan(value))
    step = alpha / len(values)
    kept = [value for at, value in enumerate(ascending, 1) if value <= step * at]
    return [bool(kept) and value <= kept[-1] for value in values]


def _percentile(scores: list[float], percentile: float) -> list[bool]:
    if percentile == 100:
        return [True] * len(scores)
    if percentile == 0:
        return [False] * len(scores)
    threshold = _quantile(sorted(scores), (100 - percentile) / 100)
    chosen = [score > threshold for score in scores]
    room = int(len(scores) * percentile / 100) - sum(chosen)
    ties = [at for at, score in enumerate(scores) if score == threshold]
    # A negative room takes off the end, as a slice does.
    for at in ties[:room]:
        chosen[at] = True
    return chosen


def _quantile(ascending: list[float], share: float) -> float:
    """numpy.percentile's linear method, with its rounding."""
    place = (len(ascending) - 1) * share
    below = floor(place)
    if below >= len(ascending) - 1:
        return ascending[-1]
    low, high = ascending[below], ascending[below + 1]
    part = place - below
    if part < 0.5:
        return low + (high - low) * part
    return high - (high - low) * (1 - part)
