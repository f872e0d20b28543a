"""The rows of the proof, and that the proof can fail."""

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from model_training.publishing import (
    artifacts,
    pickling,
)
from model_training.publishing import (
    tabular_proof as tabular_parity,
)
from model_training.publishing import (
    text_proof as parity,
)
from model_training.publishing.generated_rows import (
    LARGEST,
    generated_rows,
    neighbours,
    rows_for,
    thresholds_of,
)

SOURCE = np.random.default_rng(1)
ROWS = SOURCE.normal(size=(60, 3))
LABELS = (ROWS[:, 0] + ROWS[:, 1] > 0).astype(int)


@pytest.fixture(scope="module")
def estimator() -> Any:
    return GradientBoostingClassifier(n_estimators=6, random_state=0).fit(ROWS, LABELS)


@pytest.fixture(autouse=True)
def one_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parity, "pythons_at_hand", lambda: [Path(sys.executable)])


def test_thresholds_and_their_neighbours_are_asked(estimator: Any) -> None:
    known = thresholds_of(estimator)
    assert set(known) <= {0, 1, 2}
    assert sum(map(len, known.values())) >= 6
    rows = rows_for(estimator, ROWS.tolist(), 3, 100)
    for feature, thresholds in known.items():
        asked = {row[feature] for row in rows}
        for threshold in thresholds:
            assert {threshold, math.nextafter(threshold, math.inf)} <= asked
            assert math.nextafter(threshold, -math.inf) in asked
            assert float(np.float32(threshold)) in asked


def test_neighbours_fall_on_both_sides() -> None:
    for threshold in (0.1, 1.0, -3.7, 677.9000244140625, 1e-12):
        sides = {bool(np.float32(value) <= threshold) for value in neighbours(threshold)}
        assert sides == {True, False}


def test_rows_are_reproducible_and_finite() -> None:
    thresholds = {0: [0.5], 2: [LARGEST]}
    first = generated_rows(9, ROWS.tolist(), thresholds, 500)
    assert first == generated_rows(9, ROWS.tolist(), thresholds, 500)
    assert first != generated_rows(8, ROWS.tolist(), thresholds, 500)
    assert len(first) == 500
    assert all(abs(value) <= LARGEST for row in first for value in row)
    assert [LARGEST] * 3 in first
    assert [LARGEST] * 3 not in generated_rows(9, ROWS.tolist(), {}, 500, huge=False)


def test_thresholds_behind_a_scaler_are_asked_as_they_were_given() -> None:
    bare = GradientBoostingClassifier(n_estimators=1, max_depth=1, random_state=0)
    scaled = make_pipeline(StandardScaler(), "passthrough", bare).fit(ROWS, LABELS)
    ((feature, (threshold,)),) = thresholds_of(scaled).items()
    assert ROWS[:, feature].min() < threshold < ROWS[:, feature].max()
    assert thresholds_of(LogisticRegression().fit(ROWS, LABELS)) == {}


@pytest.mark.parametrize("kind", ["boosting", "linear"])
def test_the_proof(kind: str, estimator: Any) -> None:
    if kind == "linear":
        estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, LABELS)
    facts = tabular_parity.facts(pickling.dumps(estimator), estimator, ROWS.tolist())
    assert facts["rows"] >= 10_000
    assert facts["label_mismatches"] == 0
    assert facts["max_abs_difference"] <= 1e-12
    assert facts["pythons"] == [sys.version.split()[0]]


def test_the_proof_fails_for_another_model(estimator: Any) -> None:
    other = GradientBoostingClassifier(n_estimators=7, random_state=0).fit(ROWS, LABELS)
    with pytest.raises(artifacts.ArtifactError, match=r"differs from scikit-learn .* \(row "):
        tabular_parity.facts(pickling.dumps(other), estimator, ROWS.tolist())


def test_one_threshold_that_is_off_by_one_step_is_found(estimator: Any) -> None:
    """What the generated rows are for."""
    changed = pickling.dumps(estimator)
    tree = estimator.estimators_[0, 0].tree_
    threshold = float(tree.threshold[0])
    old, new = (
        np.float64(threshold).tobytes(),
        np.float64(np.nextafter(np.float32(threshold), np.float32(-np.inf))).tobytes(),
    )
    assert changed.count(old) >= 1
    with pytest.raises(artifacts.ArtifactError, match="differs from scikit-learn"):
        tabular_parity.facts(changed.replace(old, new, 1), estimator, ROWS.tolist())


def test_a_pickle_that_does_not_load_is_refused_with_its_reason(estimator: Any) -> None:
    with pytest.raises(artifacts.ArtifactError, match="not a pickle"):
        tabular_parity.facts(b"", estimator, ROWS.tolist())


def test_in_this_process_too(estimator: Any) -> None:
    report = tabular_parity.prove(pickling.dumps(estimator), estimator, ROWS.tolist())
    assert (report.texts, report.max_abs_difference) == (60, 0.0)
