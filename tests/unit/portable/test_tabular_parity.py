"""The portable runtime against scikit-learn, over kinds of models, labels, scalers and rows."""

import json
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from portable.base import UnusableRow
from portable.model import load as load_pickles
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from model_training.publishing.rows_on_thresholds import neighbours
from tests.unit.portable.tabular_models import (
    BOOSTING,
    DATA,
    LINEAR,
    REGRESSORS,
    SCALERS,
    TREES,
    asked,
    fitted,
    load,
    numbers,
    two_classes,
)

TOLERANCE = 1e-12
KINDS = {**BOOSTING, **TREES, **LINEAR}


def differences(estimator: Any, rows: list[list[float]]) -> float:
    """The largest difference of a probability; fails on a label that differs."""
    model = load(estimator)
    assert model.classes_ == tuple(estimator.classes_.tolist())
    with np.errstate(all="ignore"):
        labels = estimator.predict(rows).tolist()
        expected = estimator.predict_proba(rows)
    answers = [model.predict(row) for row in rows]
    assert [label for label, *_ in answers] == labels
    return float(np.max(np.abs(np.array([chances for _, chances, _ in answers]) - expected)))


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize("kind", {**BOOSTING, **TREES}.values(), ids={**BOOSTING, **TREES})
def test_trees_answer_bit_by_bit(kind: Any, data: Any) -> None:
    rows, labels = data()
    estimator = fitted(kind, (rows, labels))
    # Adding in another order would show here; numpy's vectorised exp may differ in the last bit.
    assert differences(estimator, asked(estimator, rows)) <= (0.0 if data is two_classes else 1e-15)


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize("kind", LINEAR.values(), ids=LINEAR)
def test_linear_models(kind: Any, data: Any) -> None:
    rows, labels = data()
    estimator = fitted(kind, (rows, labels))
    assert differences(estimator, asked(estimator, rows)) < TOLERANCE


@pytest.mark.parametrize("scaler", SCALERS.values(), ids=SCALERS)
@pytest.mark.parametrize(
    "last", [LogisticRegression(max_iter=5000), BOOSTING["stumps"], TREES["tree"]]
)
def test_pipelines(scaler: Any, last: Any) -> None:
    rows, labels = two_classes()
    estimator = fitted(make_pipeline(scaler, last), (rows, labels))
    assert differences(estimator, asked(estimator, rows)) < TOLERANCE


def test_a_chain_of_scalers() -> None:
    rows, labels = two_classes()
    chain = make_pipeline(SCALERS["robust"], "passthrough", SCALERS["minimum and maximum"])
    estimator = fitted(make_pipeline(chain[0], *chain[1:], BOOSTING["stumps"]), (rows, labels))
    assert differences(estimator, asked(estimator, rows)) < TOLERANCE


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("dtype", [bool, float, np.float32])
def test_labels_keep_their_type(kind: Any, dtype: Any) -> None:
    """Callers tell 1, 1.0 and true apart, so the answers do."""
    rows, names = two_classes()
    estimator = fitted(kind, (rows, (names == "malignant").astype(dtype)))
    assert differences(estimator, rows[::20].tolist()) < TOLERANCE
    model = load(estimator)
    labels = [model.predict(row)[0] for row in rows[::20]]
    assert json.dumps(labels) == json.dumps(estimator.predict(rows[::20]).tolist())
    assert json.dumps(model.classes_) == json.dumps(estimator.classes_.tolist())


@pytest.mark.parametrize("scaler", [s for s in SCALERS.values() if s != "passthrough"])
def test_what_transform_gives_is_no_matter(scaler: Any) -> None:
    """Someone who has looked at scaled rows as a data frame publishes the same model."""
    estimator = make_pipeline(scaler, LogisticRegression(max_iter=5000))
    estimator = fitted(estimator.set_output(transform="default"), two_classes())
    assert b"_sklearn_output_config" in pickle.dumps(estimator)
    plain = load_pickles(pickle.dumps(estimator, protocol=4))
    for row in two_classes()[0][::20].tolist():
        assert plain.predict(row) == load(estimator).predict(row)
    assert differences(estimator, two_classes()[0][::20].tolist()) < TOLERANCE


@pytest.mark.parametrize("kind", REGRESSORS.values(), ids=REGRESSORS)
def test_regressors(kind: Any) -> None:
    rows, target = numbers()
    estimator = fitted(kind, (rows, target))
    model = load(estimator)
    questions = asked(estimator, rows)
    with np.errstate(all="ignore"):
        expected = estimator.predict(questions)
    found = [model.predict(row)[0] for row in questions]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_exponential_loss() -> None:
    estimator = fitted(
        GradientBoostingClassifier(loss="exponential", n_estimators=12, random_state=0),
        two_classes(),
    )
    assert differences(estimator, asked(estimator, two_classes()[0])) == 0.0


def test_the_side_of_a_threshold_is_decided_in_single_precision() -> None:
    rows, labels = two_classes()
    estimator = fitted(TREES["tree"], (rows, labels))
    model = load(estimator)
    feature, threshold = int(estimator.tree_.feature[0]), float(estimator.tree_.threshold[0])
    row = rows[0].tolist()
    sides = set()
    for value in neighbours(threshold):
        row[feature] = value
        label, chances, _ = model.predict(row)
        assert label == estimator.predict([row])[0]
        assert chances == estimator.predict_proba([row])[0].tolist()
        sides.add(bool(np.float32(value) <= threshold))
    assert sides == {True, False}
    # In double precision this one is above; as a single it falls on the threshold's side.
    between = [v for v in neighbours(threshold) if v > threshold and np.float32(v) <= threshold]
    assert between


@given(
    rows=arrays(
        np.float64, (20, 3), elements=st.floats(-1e6, 1e6, allow_subnormal=True), unique=False
    ),
    asked=arrays(np.float64, (30, 3), elements=st.floats(-3e38, 3e38)),
    pattern=st.lists(st.sampled_from(["a", "b", "c"]), min_size=20, max_size=20),
    kind=st.sampled_from(
        [
            GradientBoostingClassifier(n_estimators=4, max_depth=2, random_state=0),
            RandomForestClassifier(n_estimators=4, random_state=0),
        ]
    ),
)
def test_any_rows(rows: Any, asked: Any, pattern: list[str], kind: Any) -> None:
    pattern[:2] = ["a", "b"]
    estimator = fitted(kind, (rows, np.array(pattern)))
    assert differences(estimator, [*rows.tolist(), *asked.tolist()]) <= 1e-15


def test_a_plain_pickle_is_read_as_well() -> None:
    for kind in (BOOSTING["boosting on samples"], TREES["forest"], LINEAR["descent"]):
        rows, labels = two_classes()
        estimator = fitted(kind, (rows, labels))
        model = load_pickles(pickle.dumps(estimator, protocol=4))
        assert model.predict(rows[3])[0] == estimator.predict(rows[3:4])[0]


def test_names_and_counts() -> None:
    rows, labels = two_classes()
    estimator = fitted(BOOSTING["stumps"], (rows, labels))
    assert load(estimator).feature_names == ["x0", "x1", "x2", "x3", "x4"]
    assert load(estimator).n_features == 5
    estimator.feature_names_in_ = np.array(list("abcde"), dtype=object)
    assert load(estimator).feature_names == tuple("abcde")
    pipeline = fitted(make_pipeline(SCALERS["standard"], BOOSTING["stumps"]), (rows, labels))
    pipeline[0].feature_names_in_ = np.array(list("vwxyz"), dtype=object)
    assert load(pipeline).feature_names == tuple("vwxyz")


@pytest.mark.parametrize(
    "row",
    [
        [],
        [1.0] * 4,
        [1.0] * 6,
        [1.0, 2.0, float("nan"), 4.0, 5.0],
        [1.0, 2.0, float("inf"), 4.0, 5.0],
        [1.0, -float("inf"), float("inf"), 4.0, 5.0],
        [1.0, 2.0, 3.5e38, 4.0, 5.0],
        [1.0, 2.0, 10**400, 4.0, 5.0],
        [1.0, 2.0, "3", 4.0, 5.0],
        [1.0, 2.0, None, 4.0, 5.0],
        [1.0, 2.0, 1j, 4.0, 5.0],
        None,
        "12345",
    ],
)
def test_rows_that_cannot_be_answered(row: Any) -> None:
    model = load(fitted(BOOSTING["stumps"], two_classes()))
    for ask in (model.predict, model.explain):
        with pytest.raises(UnusableRow, match=r"^The row ") as refusal:
            ask(row)
        assert str(refusal.value).endswith(".")


def test_linear_models_refuse_what_becomes_infinite() -> None:
    model = load(fitted(LINEAR["logistic"], two_classes()))
    with pytest.raises(UnusableRow, match="infinite"):
        model.predict([1.7e308] * 5)
    scaled = load(fitted(LINEAR["descent"], two_classes()))
    with pytest.raises(UnusableRow, match="becomes infinite"):
        scaled.predict([1.7e308] * 5)
