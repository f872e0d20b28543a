"""Projections, kernels kept and random features, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from portable.base import DENSE, RECORD, SPARSE, Features, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.pickles.unpickler import loads
from scipy import sparse
from sklearn.datasets import load_iris
from sklearn.decomposition import (
    PCA,
    FactorAnalysis,
    FastICA,
    IncrementalPCA,
    KernelPCA,
    TruncatedSVD,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_approximation import (
    AdditiveChi2Sampler,
    Nystroem,
    RBFSampler,
    SkewedChi2Sampler,
)
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.neural_network import BernoulliRBM
from sklearn.pipeline import make_pipeline
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

from tests.unit.portable.parity import assert_predicts_alike, assert_transforms_alike, dumped

IRIS, KINDS = load_iris(return_X_y=True)
ROWS = np.hstack([IRIS, IRIS[:, :2] ** 2 + np.random.default_rng(0).uniform(0, 1, (150, 2))])
ASKED = np.vstack([ROWS[::6], ROWS[:4] * 30.0, np.zeros((1, 6))])
THIN = sparse.csr_array(np.where(ROWS > 3.0, ROWS, 0.0)[::5])
PROJECTIONS = [
    PCA(),
    PCA(3, whiten=True),
    PCA(0.9),
    IncrementalPCA(2, whiten=True),
    IncrementalPCA(),
    TruncatedSVD(3),
    FactorAnalysis(2),
    FactorAnalysis(4, rotation="varimax"),
    FastICA(3, random_state=0, max_iter=1000),
    FastICA(3, whiten="arbitrary-variance", random_state=0, max_iter=1000),
    FastICA(whiten=False, random_state=0, max_iter=20),
    GaussianRandomProjection(4, random_state=0),
    SparseRandomProjection(4, random_state=0),
    NeighborhoodComponentsAnalysis(2, max_iter=5),
    BernoulliRBM(5, n_iter=2, random_state=0),
    RBFSampler(n_components=20, random_state=0, gamma=0.5),
    RBFSampler(gamma="scale", n_components=7, random_state=0),
    SkewedChi2Sampler(n_components=9, skewedness=0.1, random_state=0),
    *(AdditiveChi2Sampler(sample_steps=steps) for steps in (1, 2, 3)),
    AdditiveChi2Sampler(sample_steps=5, sample_interval=0.3),
]
KERNELS = [
    {"kernel": "rbf"},
    {"kernel": "rbf", "gamma": 0.05},
    {"kernel": "linear"},
    {"kernel": "poly", "degree": 2, "gamma": 0.1, "coef0": 2},
    {"kernel": "sigmoid", "gamma": 0.001},
    {"kernel": "cosine"},
    {"kernel": "laplacian", "gamma": 0.1},
]


@pytest.mark.parametrize("transformer", PROJECTIONS, ids=repr)
@pytest.mark.filterwarnings("ignore")
def test_rows_of_numbers(transformer: Any) -> None:
    asked = ASKED / 100 if isinstance(transformer, BernoulliRBM) else ASKED
    step = assert_transforms_alike(transformer.fit(ROWS, KINDS), asked)
    assert step.features.form == DENSE
    with pytest.raises(UnusableRow, match="NaN"):
        step.transform([None, *ROWS[0, 1:]])
    single = transformer.fit(ROWS.astype(np.float32), KINDS)
    if type(transformer) is PCA:
        with pytest.raises(UnsupportedModel, match="single precision"):
            assert_transforms_alike(single, asked)
    else:
        assert_transforms_alike(single, asked)


@pytest.mark.parametrize(
    "transformer",
    [
        TruncatedSVD(3),
        PCA(2),
        GaussianRandomProjection(4, random_state=0),
        SparseRandomProjection(4, random_state=0),
        SparseRandomProjection(4, dense_output=True, random_state=0),
        RBFSampler(n_components=5, random_state=0),
        AdditiveChi2Sampler(),
        Nystroem(n_components=9, random_state=0),
    ],
    ids=repr,
)
def test_sparse_rows(transformer: Any) -> None:
    step = assert_transforms_alike(transformer.fit(THIN), THIN, sparse=True)
    is_sparse = sparse.issparse(transformer.transform(THIN))
    assert step.features.form == (SPARSE if is_sparse else DENSE)
    assert_transforms_alike(transformer, sparse.csr_array((2, 6)), sparse=True)


@pytest.mark.parametrize("kernel", KERNELS, ids=repr)
def test_kernels_with_rows_that_were_kept(kernel: dict[str, Any]) -> None:
    size = 5 if kernel["kernel"] in ("cosine", "linear", "poly", "sigmoid") else 20
    assert_transforms_alike(Nystroem(n_components=size, random_state=0, **kernel).fit(ROWS), ASKED)
    if kernel["kernel"] != "laplacian":
        analysis = KernelPCA(3, **kernel).fit(ROWS)
        assert_transforms_alike(analysis, ASKED)


def test_text_by_its_components() -> None:
    texts = ["free money now", "hello my friend", "win money", "lunch, my friend, today?"] * 5
    labels = ["spam", "ham", "spam", "ham"] * 5
    model = make_pipeline(TfidfVectorizer(), TruncatedSVD(3), LogisticRegression())
    assert_predicts_alike(model.fit(texts, labels), [*texts[:4], "", "money friend unknown"])


def test_what_cannot_be_met_is_refused() -> None:
    twice = np.hstack([ROWS, ROWS])
    with pytest.raises(UnsupportedModel, match="rounding"):
        read_transformer(loads(dumped(PCA(whiten=True).fit(twice))), Features(RECORD, 12))
    for rank in (
        Nystroem(kernel="linear", n_components=20, random_state=0).fit(ROWS),
        # Far from 0 a distance is the little that is left of large squared lengths.
        Nystroem(gamma=0.5, n_components=50, random_state=0).fit(ROWS[:, :2] + 100.0),
        KernelPCA().fit(ROWS[:, :2] + 100.0),
    ):
        with pytest.raises(UnsupportedModel, match="rounding"):
            read_transformer(loads(dumped(rank)), Features(RECORD, rank.n_features_in_))
    assert_transforms_alike(KernelPCA(2).fit(1e4 * ROWS), 1e4 * ASKED)
    many = KernelPCA(2).fit(np.random.default_rng(0).normal(0, 1, (600, 2000)))
    with pytest.raises(UnsupportedModel, match="compares 1,000,000;"):
        read_transformer(loads(dumped(many)), Features(RECORD, 2000))
    with pytest.raises(UnsupportedModel, match="kernel is not one"):
        read_transformer(
            loads(dumped(Nystroem(kernel="chi2", n_components=9).fit(ROWS))), Features(RECORD, 6)
        )
    step = assert_transforms_alike(SkewedChi2Sampler(random_state=0).fit(ROWS), ROWS[:3])
    with pytest.raises(UnusableRow, match="not above"):
        step.transform([-1.0] * 6)
