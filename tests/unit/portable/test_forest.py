"""Trees, forests and isolation forests, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable import tree
from portable.base import UnusableRow
from portable.model import load
from scipy import sparse
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    RandomTreesEmbedding,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import BernoulliNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from tests.unit.portable.parity import (
    assert_predicts_alike,
    assert_transforms_alike,
    dumped,
)
from tests.unit.portable.tree_rows import around

FEATURES = 6
CLASSIFIERS = [
    RandomForestClassifier(12, random_state=0),
    RandomForestClassifier(5, random_state=0, max_depth=3, criterion="entropy"),
    ExtraTreesClassifier(8, random_state=0),
    DecisionTreeClassifier(random_state=0, max_leaf_nodes=9),
    DecisionTreeClassifier(random_state=0, monotonic_cst=[1, -1, 0, 0, 0, 0]),
    ExtraTreeClassifier(random_state=0),
]
REGRESSORS = [
    RandomForestRegressor(12, random_state=0),
    RandomForestRegressor(4, random_state=0, criterion="absolute_error", max_depth=4),
    ExtraTreesRegressor(8, random_state=0),
    DecisionTreeRegressor(random_state=0, criterion="poisson"),
    DecisionTreeRegressor(random_state=0, monotonic_cst=[1, -1, 0, 0, 0, 0]),
    ExtraTreeRegressor(random_state=0),
]


@pytest.fixture(params=["compiled", "packed"])
def layout(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small models are compiled, large ones walked where their nodes lie."""
    if request.param == "packed":
        monkeypatch.setattr("portable.ensemble.forest.MAX_COMPILED", 0)


def rows_and_labels(classes: int, *, missing: bool = False) -> tuple[Any, Any]:
    rows, labels = make_classification(
        200, FEATURES, n_informative=5, n_redundant=0, n_classes=classes, random_state=classes
    )
    if missing:
        rows[np.random.default_rng(0).random(rows.shape) < 0.2] = np.nan
    return rows, labels


def thresholds(estimator: Any) -> Any:
    trees = getattr(estimator, "estimators_", [estimator])
    return np.concatenate([one.tree_.threshold for one in trees])


@pytest.mark.usefixtures("layout")
@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=repr)
def test_classifiers_on_and_beside_their_thresholds(estimator: Any, classes: int) -> None:
    rows, labels = rows_and_labels(classes)
    if classes > 2 and getattr(estimator, "monotonic_cst", None):
        estimator = DecisionTreeClassifier(random_state=1)
    estimator.fit(rows, np.array(list("abcd"))[labels], sample_weight=1.0 + labels)
    # Without missing values in training they go where most rows went.
    assert_predicts_alike(estimator, around(thresholds(estimator), FEATURES, missing=True))


@pytest.mark.usefixtures("layout")
@pytest.mark.parametrize("estimator", REGRESSORS, ids=repr)
def test_regressors_on_and_beside_their_thresholds(estimator: Any) -> None:
    rows, target = make_regression(150, FEATURES, random_state=0)
    estimator.fit(rows.astype(np.float32), np.abs(target))
    assert_predicts_alike(estimator, around(thresholds(estimator), FEATURES, missing=True))


@pytest.mark.usefixtures("layout")
@pytest.mark.parametrize(
    "estimator",
    [
        RandomForestClassifier(8, random_state=0),
        ExtraTreesClassifier(8, random_state=0, splitter="random")
        if hasattr(ExtraTreesClassifier(), "splitter")
        else ExtraTreesClassifier(8, random_state=0),
        DecisionTreeClassifier(random_state=0),
    ],
    ids=repr,
)
def test_values_missing_in_training(estimator: Any) -> None:
    rows, labels = rows_and_labels(3, missing=True)
    estimator.fit(pd.DataFrame(rows, columns=list("abcdef")), labels)
    asked = around(thresholds(estimator), FEATURES, missing=True)
    assert_predicts_alike(estimator, pd.DataFrame(asked, columns=list("abcdef")))


@pytest.mark.usefixtures("layout")
@pytest.mark.parametrize(
    "estimator",
    [
        RandomForestClassifier(6, random_state=0),
        DecisionTreeClassifier(random_state=0),
        RandomForestRegressor(6, random_state=0),
        ExtraTreeRegressor(random_state=0),
    ],
    ids=repr,
)
def test_several_outputs_are_a_list(estimator: Any) -> None:
    rows, labels = rows_and_labels(4)
    outputs = np.stack([labels, labels % 2, labels // 2 + 5], axis=1)
    estimator.fit(rows, outputs)
    asked = around(thresholds(estimator), FEATURES)
    model = assert_predicts_alike(estimator, asked)
    assert model.explain(asked[0].tolist()) is None


@pytest.mark.usefixtures("layout")
def test_text_before_a_forest() -> None:
    texts = ["free money now", "hello my friend", "win money", "lunch my friend"] * 5
    model = make_pipeline(TfidfVectorizer(), RandomForestClassifier(9, random_state=0))
    asked = [*texts[:4], "", "money friend unknown", "free free win"]
    assert_predicts_alike(model.fit(texts, [1, 0, 1, 0] * 5), asked)


def test_a_sparse_matrix_in_training() -> None:
    rows, labels = rows_and_labels(3)
    rows[rows < 0.5] = 0.0
    forest = RandomForestClassifier(7, random_state=0).fit(sparse.csr_matrix(rows), labels)
    assert_predicts_alike(forest, around(thresholds(forest), FEATURES))


@pytest.mark.parametrize(
    "options",
    [{}, {"max_features": 0.5}, {"contamination": 0.1}, {"max_samples": 1}],
    ids=str,
)
def test_isolation_forests(options: Any) -> None:
    rows, _ = rows_and_labels(2)
    forest = IsolationForest(n_estimators=15, random_state=0, **options).fit(rows)
    asked = around(thresholds(forest), FEATURES, missing=True)
    asked[1:3] = [[np.inf] * FEATURES, [-np.inf] * FEATURES]
    assert_predicts_alike(forest, np.concatenate([asked, rows[:40]]))


@pytest.mark.parametrize("sparse_output", [True, False])
def test_embeddings(sparse_output: bool) -> None:
    rows, labels = rows_and_labels(2)
    embedding = RandomTreesEmbedding(7, max_depth=3, random_state=0, sparse_output=sparse_output)
    assert_transforms_alike(embedding.fit(rows), around(thresholds(embedding), FEATURES))
    model = make_pipeline(embedding, BernoulliNB()).fit(rows, labels)
    assert_predicts_alike(model, around(thresholds(embedding), FEATURES))


def test_what_single_precision_cannot_hold_is_refused() -> None:
    rows, labels = rows_and_labels(2)
    model = load(dumped(DecisionTreeClassifier().fit(rows, labels)))
    for value in (1e39, float("inf"), float("-inf")):
        with pytest.raises(UnusableRow, match="too large for single precision"):
            model.predict([value] + [0.0] * (FEATURES - 1))


def test_an_extra_tree_that_looks_for_the_best_split_takes_nothing_missing() -> None:
    rows, labels = rows_and_labels(2)
    model = load(dumped(ExtraTreeClassifier(splitter="best").fit(rows, labels)))
    with pytest.raises(UnusableRow, match="missing value"):
        model.predict([None] * FEATURES)


def test_an_explanation_adds_up_where_values_are_missing() -> None:
    rows, labels = rows_and_labels(2, missing=True)
    forest = RandomForestClassifier(8, random_state=0).fit(rows, labels)
    model = load(dumped(forest))
    expected = forest.predict_proba(rows[:30])
    for place, row in enumerate(rows[:30].tolist()):
        explanation = model.explain(row)
        label = list(forest.classes_).index(explanation.label)
        assert explanation.score == pytest.approx(expected[place][label], abs=1e-9)


def test_trees_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_NODES", 200)
    rows, labels = rows_and_labels(2)
    with pytest.raises(Exception, match="more than 200 nodes"):
        load(dumped(RandomForestClassifier(30, random_state=0).fit(rows, labels)))


@pytest.mark.usefixtures("layout")
@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("estimator", [CLASSIFIERS[0], REGRESSORS[0]], ids=repr)
def test_many_rows_are_answered_as_one_by_one(estimator: Any, outputs: int, missing: bool) -> None:
    for classes in (2, 3):
        rows, labels = rows_and_labels(classes)
        target = labels if outputs == 1 else np.stack([labels, labels + 1], axis=1)
        whole = estimator if missing else make_pipeline(StandardScaler(), estimator)
        model = load(dumped(whole.fit(rows, target)))
        for count in (0, 1, 7, 8, 60):
            asked = rows[:count].tolist()
            if missing and count:
                asked[count // 2][1] = None
            assert model.predict_many(asked) == [model.predict(row) for row in asked]
