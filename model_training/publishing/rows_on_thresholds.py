"""The numbers on and next to each threshold that a fitted model of rows compares with."""

from collections.abc import Sequence
from math import inf, nextafter
from typing import Any

import numpy as np
from sklearn.naive_bayes import BernoulliNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import Binarizer, MinMaxScaler

LARGEST = float(np.finfo(np.float32).max)

Thresholds = dict[int, list[float]]
"""Of each feature, ascending."""


def values_near_thresholds(estimator: Any) -> Thresholds:
    """For each feature: its thresholds, and their neighbours in double and single precision.

    Every step of a pipeline compares what the steps before it make of the row, so the neighbours
    are taken there and turned back into what is asked, as well as rounding lets them.
    """
    steps = [one for _, one in estimator.steps] if isinstance(estimator, Pipeline) else [estimator]
    steps = [one for one in steps if one is not None and one != "passthrough"]
    by_feature: dict[int, set[float]] = {}
    for place, step in enumerate(steps):
        for feature, known in thresholds_of(step).items():
            near = [value for threshold in known for value in neighbours(threshold)]
            values = by_feature.setdefault(feature, set())
            values.update(_turned_back(steps[:place], feature, near))
            # A threshold of 0 behind a scaler has no neighbours that a row could reach.
            for value in _turned_back(steps[:place], feature, known):
                values.update((nextafter(value, -inf), nextafter(value, inf)))
    return {
        feature: [v for v in sorted(by_feature[feature]) if abs(v) <= LARGEST]
        for feature in sorted(by_feature)
    }


def neighbours(threshold: float) -> list[float]:
    """The threshold, one step beside it in double and single precision, and the ties between."""
    single = np.float32(threshold)
    with np.errstate(over="ignore"):
        below, above = np.nextafter(single, np.float32(-inf)), np.nextafter(single, np.float32(inf))
    ties = [(float(single) + float(beside)) / 2 for beside in (below, above)]
    exact = [threshold, float(single), float(below), float(above), *ties]
    stepped = [nextafter(value, way) for value in (threshold, *ties) for way in (-inf, inf)]
    return [value for value in dict.fromkeys([*exact, *stepped]) if abs(value) <= LARGEST]


def _turned_back(steps: Sequence[Any], feature: int, values: Sequence[float]) -> list[float]:
    """What a row has to hold for a feature to arrive as `values` behind `steps`; nothing where a
    step cannot be turned back."""
    if not steps:
        return list(values)
    if not all(hasattr(step, "inverse_transform") for step in steps):
        return []
    rows = np.zeros((len(values), steps[-1].n_features_in_))
    rows[:, feature] = values
    for step in reversed(steps):
        rows = step.inverse_transform(rows)
    column: list[float] = rows[:, feature].tolist()
    return column


def thresholds_of(step: Any) -> Thresholds:
    """What one fitted estimator or transformer compares its features with.

    The splits of trees and ensembles, the edges of bins, the bounds of clipping, and the one
    number that Binarizer and BernoulliNB hold against every feature.
    """
    by_feature: dict[int, set[float]] = {}
    for feature, threshold in (*_splits(step), *_bounds(step)):
        if np.isfinite(threshold):
            by_feature.setdefault(feature, set()).add(threshold)
    return {feature: sorted(known) for feature, known in sorted(by_feature.items())}


def _splits(estimator: Any) -> list[tuple[int, float]]:
    splits: list[tuple[int, float]] = []
    estimators = getattr(estimator, "estimators_", None)
    trees = (
        [estimator] if estimators is None else list(np.ravel(np.asarray(estimators, dtype=object)))
    )
    for tree in [one.tree_ for one in trees if hasattr(one, "tree_")]:
        pairs = zip(tree.feature.tolist(), tree.threshold.tolist(), strict=True)
        splits += [(feature, threshold) for feature, threshold in pairs if feature >= 0]
    # HistGradientBoosting keeps its trees as arrays of records.
    for predictor in [one for stage in getattr(estimator, "_predictors", ()) for one in stage]:
        nodes = predictor.nodes[predictor.nodes["is_leaf"] == 0]
        splits += zip(nodes["feature_idx"].tolist(), nodes["num_threshold"].tolist(), strict=True)
    return splits


def _bounds(step: Any) -> list[tuple[int, float]]:
    columns = [list(map(float, bounds)) for bounds in getattr(step, "bin_edges_", ())]
    if isinstance(step, Binarizer):
        columns = [[float(step.threshold)]] * step.n_features_in_
    if isinstance(step, BernoulliNB) and step.binarize is not None:
        columns = [[float(step.binarize)]] * step.n_features_in_
    if isinstance(step, MinMaxScaler) and step.clip:
        columns = np.transpose([step.data_min_, step.data_max_]).tolist()
    return [(feature, bound) for feature, bounds in enumerate(columns) for bound in bounds]
