"""Discriminant analysis and cross decomposition, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.errors import UnsupportedModel
from portable.model import load
from sklearn.cross_decomposition import CCA, PLSSVD, PLSCanonical, PLSRegression
from sklearn.datasets import load_iris, load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline

from tests.unit.portable.parity import assert_predicts_alike, dumped

ROWS, KINDS = load_iris(return_X_y=True)
ASKED = np.vstack([ROWS[::7], ROWS[::7] + 0.5, np.zeros(4), -ROWS[:2], np.full(4, 50.0)])
LABELS = (KINDS == 1, KINDS, np.array(["a", "b", "c"])[KINDS], KINDS.astype(float))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"solver": "eigen", "n_components": 1},
        {"solver": "lsqr", "shrinkage": "auto"},
        {"solver": "eigen", "shrinkage": 0.3, "priors": [0.2, 0.3, 0.5]},
        {"store_covariance": True, "tol": 0.01},
    ],
)
def test_linear_discriminants(options: dict[str, Any]) -> None:
    for labels in LABELS:
        if "priors" not in options or len(set(labels)) == 3:
            assert_predicts_alike(LinearDiscriminantAnalysis(**options).fit(ROWS, labels), ASKED)
    single = LinearDiscriminantAnalysis(**options).fit(ROWS.astype(np.float32), KINDS)
    assert_predicts_alike(single, ASKED)
    frame = pd.DataFrame(ROWS, columns=list("abcd"))
    if options.get("solver") != "lsqr":
        for rows in (frame, ROWS.astype(np.float32)):
            model = make_pipeline(LinearDiscriminantAnalysis(**options), LogisticRegression())
            model.fit(rows, KINDS)
            assert_predicts_alike(model, frame if rows is frame else ASKED)
        assert load(dumped(model)).explain(ROWS[0].tolist()) is None
    explanation = load(dumped(single)).explain(ROWS[80].tolist())
    assert explanation is not None
    scores = np.sort(single.decision_function(ROWS[80:81])[0])
    assert explanation.score == pytest.approx(scores[-1] - scores[-2], abs=1e-9)


@pytest.mark.parametrize(
    "options",
    [{}, {"reg_param": 0.3}, {"solver": "eigen", "shrinkage": 0.1}, {"store_covariance": True}],
)
def test_quadratic_discriminants(options: dict[str, Any]) -> None:
    for labels in LABELS:
        assert_predicts_alike(QuadraticDiscriminantAnalysis(**options).fit(ROWS, labels), ASKED)
    model = QuadraticDiscriminantAnalysis(**options).fit(ROWS.astype(np.float32), KINDS)
    rows, kinds = load_wine(return_X_y=True)
    assert_predicts_alike(QuadraticDiscriminantAnalysis(**options).fit(rows, kinds), rows[::9])
    with pytest.raises(UnsupportedModel, match="transformer"):
        load(dumped(make_pipeline(model, LogisticRegression())))
    model.scalings_[1][2] = 0.0
    with pytest.raises(UnsupportedModel, match="spread"):
        load(dumped(model))


@pytest.mark.parametrize("kind", [CCA, PLSCanonical, PLSRegression])
def test_cross_decomposition(kind: Any) -> None:
    for scale in (True, False):
        for targets in (ROWS[:, 3], ROWS[:, 3:], ROWS[:, 2:] ** 2):
            components = 1 if targets.ndim == 1 else targets.shape[1]
            for rows in (ROWS[:, :2], ROWS[:, :2].astype(np.float32)):
                model = kind(components, scale=scale).fit(rows, targets)
                assert_predicts_alike(model, ASKED[:, :2])
                assert_predicts_alike(
                    make_pipeline(model, Ridge().fit(model.transform(rows), targets)), ASKED[:, :2]
                )
    model = kind(1).fit(ROWS[:, :3], ROWS[:, 3])
    explanation = load(dumped(model)).explain(ROWS[80, :3].tolist())
    assert explanation is not None
    assert explanation.score == pytest.approx(model.predict(ROWS[80:81, :3])[0], abs=1e-9)


def test_plssvd_transforms() -> None:
    model = PLSSVD(2).fit(ROWS[:, :3], ROWS[:, 1:])
    ridge = Ridge().fit(model.transform(ROWS[:, :3]), KINDS)
    assert_predicts_alike(make_pipeline(model, ridge), ASKED[:, :3])
    with pytest.raises(UnsupportedModel, match="predicts nothing"):
        load(dumped(model))
