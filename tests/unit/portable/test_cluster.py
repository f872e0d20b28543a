"""Clusterers, mixtures, the elliptic envelope and the dummies, against scikit-learn."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from portable.errors import UnsupportedModel
from portable.mixture import digamma
from portable.model import load
from scipy import special
from sklearn.cluster import (
    AffinityPropagation,
    Birch,
    BisectingKMeans,
    KMeans,
    MeanShift,
    MiniBatchKMeans,
)
from sklearn.covariance import EllipticEnvelope
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from model_training.publishing import pickling
from tests.unit.portable.parity import assert_predicts_alike, dumped

RANDOM = np.random.default_rng(5)
ROWS = np.vstack([RANDOM.normal(size=(40, 3)) + shift for shift in (0.0, 5.0, -7.0)])
ASKED = np.vstack([RANDOM.normal(size=(30, 3)) * 6, RANDOM.normal(size=(3, 3)) * 1e5])
LABELS = RANDOM.integers(0, 3, len(ROWS))


@pytest.mark.parametrize(
    "clusterer",
    [
        KMeans(4, n_init=1, random_state=0),
        MiniBatchKMeans(4, n_init=1, random_state=0),
        BisectingKMeans(5, random_state=0),
        Birch(n_clusters=3),
        Birch(n_clusters=None),
        MeanShift(bandwidth=3),
        AffinityPropagation(random_state=0),
    ],
    ids=repr,
)
def test_nearest_centres(clusterer: Any) -> None:
    published = pickling.dumps(clusterer.fit(ROWS))
    portable = load(published)
    for row, expected in zip(ASKED, clusterer.predict(ASKED), strict=True):
        assert portable.predict(row.tolist()) == (expected, None, None)


def test_distances_from_centres() -> None:
    for clusterer in (KMeans(4, n_init=1), MiniBatchKMeans(4, n_init=1), BisectingKMeans(4)):
        model = make_pipeline(clusterer, LogisticRegression(max_iter=1000))
        assert_predicts_alike(model.fit(ROWS, LABELS), ASKED[:30])
    nested = make_pipeline(
        make_pipeline(StandardScaler(), KMeans(3, n_init=1)), LogisticRegression()
    )
    assert_predicts_alike(nested.fit(ROWS, LABELS), ASKED[:30])


def test_a_clusterer_without_transform_is_the_last_step() -> None:
    model = make_pipeline(MeanShift(bandwidth=3), LogisticRegression())
    model.steps[0][1].fit(ROWS)
    model.steps[1][1].fit(ROWS, LABELS)
    with pytest.raises(UnsupportedModel, match="MeanShift stands where a transformer"):
        load(dumped(model))


@pytest.mark.parametrize("covariance", ["full", "tied", "diag", "spherical"])
def test_mixtures(covariance: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for mixture in (
            GaussianMixture(3, covariance_type=covariance, random_state=0),
            BayesianGaussianMixture(n_components=4, covariance_type=covariance, random_state=0),
            BayesianGaussianMixture(
                n_components=2,
                covariance_type=covariance,
                weight_concentration_prior_type="dirichlet_distribution",
                random_state=0,
            ),
        ):
            assert_predicts_alike(mixture.fit(ROWS), ASKED[:30])


def test_digamma() -> None:
    for value in (1e-6, 0.1, 0.5, 1.0, 1.4616321449683622, 3.0, 11.9, 12.0, 1e3, 1e9):
        expected = special.digamma(value)
        assert abs(digamma(value) - expected) <= 1e-14 * max(1.0, abs(expected))


def test_elliptic_envelope() -> None:
    assert_predicts_alike(EllipticEnvelope(random_state=0).fit(ROWS), ASKED)
    assert_predicts_alike(EllipticEnvelope(contamination=0.3, random_state=0).fit(ROWS), ROWS)
    with pytest.raises(UnsupportedModel, match="store_precision"):
        load(dumped(EllipticEnvelope(store_precision=False).fit(ROWS)))


@pytest.mark.parametrize(
    "labels", [LABELS, LABELS.astype(str), LABELS > 0], ids=["numbers", "texts", "booleans"]
)
def test_dummy_classifiers(labels: Any) -> None:
    weights = RANDOM.random(len(ROWS))
    for options in (
        {},
        {"strategy": "most_frequent"},
        {"strategy": "constant", "constant": labels[3].item()},
    ):
        model = DummyClassifier(**options).fit(ROWS, labels, sample_weight=weights)
        assert_predicts_alike(model, ASKED)
    for strategy in ("stratified", "uniform"):
        with pytest.raises(UnsupportedModel, match="strategy"):
            load(dumped(DummyClassifier(strategy=strategy).fit(ROWS, labels)))


def test_dummies_of_several_outputs() -> None:
    several = np.c_[LABELS.astype(int), LABELS.astype(int) % 2]
    constant = several[3].tolist()
    for strategy in ("prior", "most_frequent", "constant"):
        model = DummyClassifier(strategy=strategy, constant=constant).fit(ROWS, several)
        assert_predicts_alike(model, ASKED)


def test_dummy_regressors() -> None:
    for options in ({}, {"strategy": "median"}, {"strategy": "quantile", "quantile": 0.2}):
        assert_predicts_alike(DummyRegressor(**options).fit(ROWS, LABELS), ASKED)
        assert_predicts_alike(DummyRegressor(**options).fit(ROWS, ROWS[:, :2]), ASKED)
    assert_predicts_alike(DummyRegressor(strategy="constant", constant=7).fit(ROWS, LABELS), ASKED)
