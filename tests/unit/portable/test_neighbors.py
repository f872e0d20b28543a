"""Neighbours by tree and by force, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from portable.model import load
from portable.neighbors import reading
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.neighbors import (
    KNeighborsClassifier,
    KNeighborsRegressor,
    LocalOutlierFactor,
    NearestCentroid,
    RadiusNeighborsClassifier,
    RadiusNeighborsRegressor,
)
from sklearn.pipeline import make_pipeline

from tests.unit.portable.parity import assert_predicts_alike, dumped

RANDOM = np.random.default_rng(7)
ROWS = RANDOM.normal(size=(80, 4))
LABELS = np.array(["ham", "spam", "other"])[RANDOM.integers(0, 3, 80)]
NUMBERS = RANDOM.normal(size=(80, 2))
ASKED = np.vstack([RANDOM.normal(size=(12, 4)), RANDOM.normal(size=(3, 4)) * 50])
# Whole numbers, of which many are equally far apart.
GRID = RANDOM.integers(0, 4, size=(200, 3)).astype(float)
GRID_LABELS = RANDOM.integers(0, 2, 200)
METRICS: list[dict[str, Any]] = [
    {}, {"p": 1}, {"p": 3}, {"metric": "chebyshev"}, {"metric": "manhattan"},
    {"metric": "euclidean"}, {"p": np.inf},
]  # fmt: skip


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
@pytest.mark.parametrize("metric", METRICS, ids=repr)
def test_metrics_and_algorithms(algorithm: str, metric: dict[str, Any]) -> None:
    for weights in ("uniform", "distance"):
        options = {"algorithm": algorithm, "weights": weights, "leaf_size": 5, **metric}
        assert_predicts_alike(KNeighborsClassifier(**options).fit(ROWS, LABELS), ASKED)
        assert_predicts_alike(KNeighborsRegressor(**options).fit(ROWS, NUMBERS), ASKED)
        radius = {"radius": 100.0, **options}
        assert_predicts_alike(RadiusNeighborsClassifier(**radius).fit(ROWS, LABELS), ASKED[:12])
        assert_predicts_alike(RadiusNeighborsRegressor(**radius).fit(ROWS, NUMBERS), ASKED[:12])


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
@pytest.mark.parametrize("p", [1, 2, 3])
@pytest.mark.parametrize("neighbors", [1, 7])
def test_which_of_equally_near_rows_count(algorithm: str, p: int, neighbors: int) -> None:
    options = {"n_neighbors": neighbors, "p": p, "algorithm": algorithm, "leaf_size": 3}
    asked: NDArray[Any] = np.vstack([GRID[:30], GRID[:30] + 1.0, -GRID[:9]])
    for weights in ("uniform", "distance"):
        model = KNeighborsClassifier(weights=weights, **options)
        assert_predicts_alike(model.fit(GRID, GRID_LABELS), asked)
    assert_predicts_alike(KNeighborsRegressor(**options).fit(GRID, GRID_LABELS), asked)


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
def test_a_radius_that_ends_on_training_rows(algorithm: str) -> None:
    options: dict[str, Any] = {"radius": 1.0, "algorithm": algorithm, "leaf_size": 3}
    asked = np.vstack([GRID[:30], GRID[:30] + 1.0, GRID[:5] + 20.0])
    for label in ("most_frequent", 1):
        model = RadiusNeighborsClassifier(outlier_label=label, **options)
        assert_predicts_alike(model.fit(GRID, GRID_LABELS), asked)
    lonely = load(dumped(RadiusNeighborsClassifier(**options).fit(GRID, GRID_LABELS)))
    with pytest.raises(UnusableRow, match="within the radius"):
        lonely.predict([90.0, 90.0, 90.0])


def test_cosine_distances() -> None:
    wide = RANDOM.normal(size=(60, 20))
    model = KNeighborsClassifier(metric="cosine", weights="distance").fit(wide, LABELS[:60])
    assert_predicts_alike(model, RANDOM.normal(size=(20, 20)))


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("metric", ["minkowski", "cosine"])
def test_rows_that_were_kept_sparse(metric: str, weights: Any) -> None:
    wide = RANDOM.normal(size=(92, 20))
    rows, asked = np.split(np.where(np.abs(wide) > 0.6, wide, 0.0), [80])
    rows, asked = sparse.csr_matrix(rows), sparse.csr_matrix(asked)
    options: dict[str, Any] = {"metric": metric, "weights": weights}
    assert_predicts_alike(KNeighborsClassifier(**options).fit(rows, LABELS), asked)
    assert_predicts_alike(KNeighborsRegressor(**options).fit(rows, NUMBERS), asked)
    options["radius"] = 0.9 if metric == "cosine" else 100.0
    assert_predicts_alike(RadiusNeighborsClassifier(**options).fit(rows, LABELS), asked[:12])


def test_texts_by_their_neighbours() -> None:
    texts = [f"{'free prize' if at % 2 else 'lunch friends'} {at} day {at % 7}" for at in range(60)]
    labels = np.arange(60) % 2
    for classifier in (KNeighborsClassifier(3), KNeighborsClassifier(metric="cosine")):
        model = make_pipeline(TfidfVectorizer(), classifier).fit(texts, labels)
        assert_predicts_alike(model, ["free prize 11 day", "lunch 12 friends", "prize prize"])
    counted = make_pipeline(CountVectorizer(), KNeighborsClassifier(1)).fit(texts, labels)
    model = assert_predicts_alike(counted, texts[10:20])
    with pytest.raises(UnusableRow, match="equally far away"):
        model.predict("unseen words")


def test_sparse_rows_by_another_distance_are_refused() -> None:
    model = KNeighborsClassifier(p=1).fit(sparse.csr_matrix(ROWS), LABELS)
    with pytest.raises(UnsupportedModel, match="another distance"):
        load(dumped(model))


def test_equals_that_only_rounding_tells_apart_are_refused() -> None:
    rows = np.array([[0.1] * 20, [0.3] * 20, [0.1] * 20, [0.9] * 20])
    model = KNeighborsClassifier(1, algorithm="brute").fit(rows, [0, 1, 1, 0])
    portable = load(dumped(model))
    assert portable.predict([0.85] * 20)[0] == 0
    with pytest.raises(UnusableRow, match="equally far away"):
        portable.predict([0.11] * 20)


@pytest.mark.parametrize("weights", ["uniform", "distance"])
def test_labels_of_several_outputs(weights: Any) -> None:
    several = np.c_[LABELS, np.where(NUMBERS[:, 0] > 0, "big", "small")]
    assert_predicts_alike(KNeighborsClassifier(5, weights=weights).fit(ROWS, several), ASKED[:12])
    within = RadiusNeighborsClassifier(2.0, weights=weights, outlier_label=["ham", "big"])
    assert_predicts_alike(within.fit(ROWS, several), ASKED)
    with pytest.raises(UnusableRow, match="within the radius"):
        load(dumped(RadiusNeighborsClassifier(0.1).fit(ROWS, several))).predict([9.0] * 4)


def test_outliers() -> None:
    for options in ({}, {"n_neighbors": 5, "contamination": 0.1}, {"algorithm": "brute"}):
        assert_predicts_alike(LocalOutlierFactor(novelty=True, **options).fit(ROWS), ASKED)
    with pytest.raises(UnsupportedModel, match="novelty"):
        load(dumped(LocalOutlierFactor().fit(ROWS)))


def test_centroids() -> None:
    for options in (
        {},
        {"metric": "manhattan"},
        {"shrink_threshold": 0.1},
        {"priors": "empirical"},
    ):
        for labels in (LABELS, np.where(LABELS == "ham", 1.0, 2.0)):
            assert_predicts_alike(NearestCentroid(**options).fit(ROWS, labels), ASKED)


def test_what_costs_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    model = dumped(KNeighborsClassifier().fit(ROWS, LABELS))
    load(model)
    monkeypatch.setattr(reading, "MAX_NUMBERS", ROWS.size - 1)
    with pytest.raises(UnsupportedModel, match="scikit-learn runtime"):
        load(model)


@pytest.mark.parametrize(
    "metric", ["canberra", "braycurtis", lambda one, two: abs(one - two).sum()]
)
def test_other_metrics_are_refused(metric: Any) -> None:
    rows = [[1.0, 2.0], [2.0, 1.0], [3.0, 3.0], [4.0, 4.0]]
    model = KNeighborsClassifier(2, metric=metric, algorithm="brute").fit(rows, [0, 1, 0, 1])
    if callable(metric):
        model.effective_metric_ = model.metric = 3
    with pytest.raises(UnsupportedModel, match="metric is"):
        load(dumped(model))
