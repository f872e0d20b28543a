"""Explanations: parts that add up to the answer, and for stumps the exact Shapley values."""

from itertools import combinations, pairwise
from math import factorial, log
from typing import Any

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from tests.unit.portable.tabular_models import (
    BOOSTING,
    DATA,
    LINEAR,
    REGRESSORS,
    SCALERS,
    TREES,
    fitted,
    load,
    numbers,
    three_classes,
    two_classes,
)

KINDS = {
    **BOOSTING,
    **TREES,
    **LINEAR,
    "scaled boosting": make_pipeline(SCALERS["robust"], BOOSTING["deep boosting"]),
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_parts_add_up_to_the_answer(kind: Any, data: Any) -> None:
    rows, labels = data()
    model = load(fitted(kind, (rows, labels)))
    for row in rows[::23].tolist():
        label, probabilities, _ = model.predict(row)
        chance = dict(zip(model.classes_, probabilities, strict=True))
        explanation = model.explain(row)
        parts = [part for _, _, part in explanation.contributions]
        assert explanation.base + sum(parts) == pytest.approx(explanation.score, abs=1e-9)
        assert [abs(part) for part in parts] == sorted(map(abs, parts), reverse=True)
        assert {name: value for name, value, _ in explanation.contributions} == dict(
            zip(model.feature_names, row, strict=True)
        )
        if len(model.classes_) == 2:
            assert (explanation.label, explanation.against) == model.classes_[::-1]
        else:
            assert explanation.label == label
            assert chance[explanation.against] == max(
                share for name, share in chance.items() if name != label
            )
        if explanation.unit == "log-odds":
            expected = chance[explanation.label], chance[explanation.against]
            if min(expected) > 1e-9:
                assert explanation.score == pytest.approx(log(expected[0] / expected[1]), abs=1e-6)
        elif explanation.unit == "probability":
            assert explanation.score == pytest.approx(chance[explanation.label], abs=1e-9)
        else:
            assert explanation.unit == "decision"


def test_stumps_get_exact_shapley_values() -> None:
    rows, labels = two_classes()
    estimator = fitted(BOOSTING["stumps"], (rows, labels))
    model = load(estimator)
    for row in rows[::97].tolist():
        found = {name: part for name, _, part in model.explain(row).contributions}
        for feature in range(5):
            assert found[f"x{feature}"] == pytest.approx(shapley(estimator, row, feature), abs=1e-9)


def shapley(estimator: Any, row: list[float], feature: int) -> float:
    """By the definition: over all sets of other features, what knowing this one as well adds."""
    others = [other for other in range(len(row)) if other != feature]
    total = 0.0
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(row))
        for known in combinations(others, size):
            total += weight * (
                expected(estimator, row, {*known, feature}) - expected(estimator, row, set(known))
            )
    return total


def expected(estimator: Any, row: list[float], known: set[int]) -> float:
    """The raw score where only `known` features decide and the rest by their training shares."""

    def below(tree: Any, node: int) -> float:
        left, right = tree.children_left[node], tree.children_right[node]
        if left < 0:
            return float(tree.value[node].item())
        if (feature := tree.feature[node]) in known:
            goes_left = np.float32(row[feature]) <= tree.threshold[node]
            return below(tree, left if goes_left else right)
        weights = tree.weighted_n_node_samples
        return float(
            (weights[left] * below(tree, left) + weights[right] * below(tree, right))
            / (weights[left] + weights[right])
        )

    return sum(estimator.learning_rate * below(one.tree_, 0) for one in estimator.estimators_.flat)


def test_a_tree_is_explained_along_its_path() -> None:
    rows, labels = three_classes()
    estimator = fitted(TREES["tree"], (rows, labels))
    tree = estimator.tree_
    model = load(estimator)
    for row in rows[::31].tolist():
        explanation = model.explain(row)
        column = list(estimator.classes_).index(explanation.label)
        path = estimator.decision_path([row]).indices
        parts = dict.fromkeys(range(4), 0.0)
        for node, child in pairwise(path):
            parts[tree.feature[node]] += tree.value[child, 0, column] - tree.value[node, 0, column]
        assert explanation.base == pytest.approx(tree.value[0, 0, column], abs=1e-12)
        for name, _, part in explanation.contributions:
            assert part == pytest.approx(parts[int(name[1:])], abs=1e-9)


def test_a_linear_model_is_explained_against_the_mean_row_after_scaling() -> None:
    rows, labels = two_classes()
    estimator = fitted(make_pipeline(SCALERS["standard"], LINEAR["logistic"]), (rows, labels))
    explanation = load(estimator).explain(rows.mean(axis=0).tolist())
    assert explanation.base == pytest.approx(estimator[-1].intercept_[0], abs=1e-12)
    assert explanation.score == pytest.approx(explanation.base, abs=1e-9)


@pytest.mark.parametrize("kind", REGRESSORS.values(), ids=REGRESSORS)
def test_regressions_too(kind: Any) -> None:
    rows, target = numbers()
    model = load(fitted(kind, (rows, target)))
    for row in rows[::71].tolist():
        explanation = model.explain(row)
        assert explanation.unit == "value"
        assert explanation.score == pytest.approx(model.predict(row)[0], rel=1e-9)
