"""The rows of the proof, and that the proof can fail."""

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    RobustScaler,
    StandardScaler,
)
from sklearn.tree import DecisionTreeClassifier

from model_training.publishing import (
    artifacts,
    pickling,
    proof,
    pythons,
)
from model_training.publishing.generated_rows import generated_rows, rows_for
from model_training.publishing.manifests import ArtifactError
from model_training.publishing.rows_on_thresholds import (
    LARGEST,
    neighbours,
    thresholds_of,
    values_near_thresholds,
)

SOURCE = np.random.default_rng(1)
ROWS = SOURCE.normal(size=(60, 3))
LABELS = (ROWS[:, 0] + ROWS[:, 1] > 0).astype(int)


@pytest.fixture(scope="module")
def estimator() -> Any:
    return GradientBoostingClassifier(n_estimators=6, random_state=0).fit(ROWS, LABELS)


@pytest.fixture(autouse=True)
def one_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pythons, "pythons_at_hand", lambda: [Path(sys.executable)])


FIELDS = ("a", "b", "c")


def described(pickled: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    """A model's files, and what its manifest says of them and of its inputs."""
    files = {"model_clf.pkl": pickled}
    fields = [{"name": name, "type": "number"} for name in FIELDS]
    labels = [0, 1]
    return files, {
        "kind": "fields",
        "runtime": "portable",
        "fields": fields,
        "labels": labels,
        **artifacts.entries(files),
    }


def proven(pickled: bytes, estimator: Any) -> dict[str, Any]:
    """The manifest's entry of a proof over real rows and generated ones."""
    files, manifest = described(pickled)
    rows = [*ROWS.tolist(), *rows_for(estimator, ROWS.tolist(), 20260103, 10_000)]
    records = [dict(zip(FIELDS, row, strict=True)) for row in rows]
    expected = proof.oracle([estimator], manifest, records)
    return proof.proven_entry(files, manifest, records, expected)


def test_thresholds_and_their_neighbours_are_asked(estimator: Any) -> None:
    known = thresholds_of(estimator)
    assert set(known) <= {0, 1, 2}
    assert sum(map(len, known.values())) >= 6
    rows = rows_for(estimator, ROWS.tolist(), 3, 100)
    for feature, thresholds in known.items():
        values = {row[feature] for row in rows}
        for threshold in thresholds:
            assert {threshold, math.nextafter(threshold, math.inf)} <= values
            assert math.nextafter(threshold, -math.inf) in values
            assert float(np.float32(threshold)) in values


def test_neighbours_fall_on_both_sides() -> None:
    for threshold in (0.1, 1.0, -3.7, 677.9000244140625, 1e-12):
        sides = {bool(np.float32(value) <= threshold) for value in neighbours(threshold)}
        assert sides == {True, False}


def test_rows_are_reproducible_and_finite() -> None:
    near = {0: neighbours(0.5), 2: neighbours(LARGEST)}
    first = generated_rows(9, ROWS.tolist(), near, 500)
    assert first == generated_rows(9, ROWS.tolist(), near, 500)
    assert first != generated_rows(8, ROWS.tolist(), near, 500)
    assert len(first) == 500
    assert all(abs(value) <= LARGEST for row in first for value in row)
    assert [LARGEST] * 3 in first
    assert [LARGEST] * 3 not in generated_rows(9, ROWS.tolist(), {}, 500, huge=False)


SCALERS = [StandardScaler(), MinMaxScaler(), RobustScaler(), MaxAbsScaler()]


@pytest.mark.parametrize("scaler", SCALERS, ids=lambda scaler: type(scaler).__name__)
def test_thresholds_behind_a_scaler_are_met_on_both_sides(scaler: Any) -> None:
    rows = ROWS * [1.0, 100.0, 0.001] + [5.0, 1000.0, 0.0]
    bare = GradientBoostingClassifier(n_estimators=6, random_state=0)
    pipeline = make_pipeline(scaler, "passthrough", bare).fit(rows, LABELS)
    inputs = np.array(rows_for(pipeline, rows.tolist(), 3, 100))
    seen = pipeline[:-1].transform(inputs).astype(np.float32)
    for feature, thresholds in thresholds_of(bare).items():
        for threshold in thresholds:
            values = seen[:, feature]
            below = np.max(values[values <= threshold])
            above = np.min(values[values > threshold])
            # No single-precision number is between them, or none that a row could reach.
            assert np.nextafter(below, above) == above or above - below < 1e-12


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Binarizer(threshold=0.25), {0: [0.25], 1: [0.25], 2: [0.25]}),
        (BernoulliNB(binarize=0.5), {0: [0.5], 1: [0.5], 2: [0.5]}),
        (KBinsDiscretizer(2, strategy="uniform"), {0: 3, 1: 3, 2: 3}),
        (MinMaxScaler(clip=True), {0: 2, 1: 2, 2: 2}),
        (MinMaxScaler(), {}),
        (HistGradientBoostingClassifier(max_iter=1, min_samples_leaf=5), {0: 3, 1: 2}),
        (LogisticRegression(), {}),
    ],
    ids=str,
)
def test_whatever_a_step_compares_with(step: Any, expected: dict[int, Any]) -> None:
    known = thresholds_of(step.fit(ROWS, LABELS))
    counts = {feature: len(thresholds) for feature, thresholds in known.items()}
    assert expected in (known, counts)


def test_a_step_that_cannot_be_turned_back_hides_what_follows() -> None:
    tree = DecisionTreeClassifier(random_state=0)
    pipeline = make_pipeline(StandardScaler(), Binarizer(threshold=0.25), tree).fit(ROWS, LABELS)
    near = values_near_thresholds(pipeline)
    assert set(near) == {0, 1, 2}
    for feature, values in near.items():
        scaled = (np.array(values) - pipeline[0].mean_[feature]) / pipeline[0].scale_[feature]
        assert np.abs(scaled - 0.25).max() < 1e-6


@pytest.mark.parametrize("kind", ["boosting", "linear"])
def test_the_proof(kind: str, estimator: Any) -> None:
    if kind == "linear":
        estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, LABELS)
    proven_entry = proven(pickling.dumps(estimator), estimator)
    assert proven_entry["rows"] >= 10_000
    assert proven_entry["label_mismatches"] == 0
    assert proven_entry["max_abs_difference"] <= 1e-12
    assert proven_entry["pythons"] == [sys.version.split()[0]]


def test_the_proof_fails_for_another_model(estimator: Any) -> None:
    other = GradientBoostingClassifier(n_estimators=7, random_state=0).fit(ROWS, LABELS)
    with pytest.raises(ArtifactError, match=r"differs from the oracle .* \(record "):
        proven(pickling.dumps(other), estimator)


@pytest.mark.parametrize("scalers", [[], SCALERS], ids=["bare", "scaled"])
def test_one_threshold_that_is_off_by_one_step_is_found(scalers: list[Any]) -> None:
    """What the generated rows are for."""
    boosting = GradientBoostingClassifier(n_estimators=6, random_state=0)
    estimator = make_pipeline(*scalers, boosting).fit(ROWS, LABELS)
    changed = pickling.dumps(estimator)
    tree = boosting.estimators_[0, 0].tree_
    threshold = float(tree.threshold[0])
    old, new = (
        np.float64(threshold).tobytes(),
        np.float64(np.nextafter(np.float32(threshold), np.float32(-np.inf))).tobytes(),
    )
    assert changed.count(old) >= 1
    with pytest.raises(ArtifactError, match="differs from the oracle"):
        proven(changed.replace(old, new, 1), estimator)


def test_a_pickle_that_does_not_load_is_refused_with_its_reason(estimator: Any) -> None:
    with pytest.raises(ArtifactError, match="not a pickle"):
        proven(b"", estimator)


def test_in_this_process_too(estimator: Any) -> None:
    files, manifest = described(pickling.dumps(estimator))
    records = [dict(zip(FIELDS, row, strict=True)) for row in ROWS.tolist()]
    expected = proof.oracle([estimator], manifest, records)
    report = proof.prove(files, manifest, records, expected)
    assert (report.inputs, report.max_abs_difference) == (60, 0.0)
