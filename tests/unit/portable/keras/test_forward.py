"""The forward pass, against numpy and against scikit-learn's own networks."""

from __future__ import annotations

import random
from math import erf
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from portable.arithmetic.dot import dot
from portable.arithmetic.links import expit, softmax
from portable.keras import layers
from portable.keras.classifier import NetworkClassifier, load
from portable.keras.heads import cumulative
from sklearn.neural_network import MLPClassifier

from tests.unit.portable.keras.artifacts import (
    INPUTS,
    LABELS,
    artifact,
    as_bytes,
    layer,
    softmax_artifact,
    weights,
)

Array = NDArray[Any]
ACTIVATIONS: dict[str, Any] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "gelu": lambda x: 0.5 * x * (1 + np.vectorize(erf)(x / np.sqrt(2))),
}


def loans(count: int) -> list[dict[str, Any]]:
    chance = random.Random(11)  # noqa: S311 - repeatable, no secret
    return [
        {
            "amount": chance.uniform(-5, 120),
            "income": chance.choice([None, chance.uniform(0, 90)]),
            "both": chance.choice([None, 0, chance.uniform(0, 90)]),
            "home": chance.choice([None, "OWN", "RENT", "YURT"]),
        }
        for _ in range(count)
    ]


def matrix(model: NetworkClassifier, asked: list[dict[str, Any]]) -> Array:
    return np.array([model.columns.row(loan) for loan in asked])


def agree(model: NetworkClassifier, asked: list[dict[str, Any]], expected: Array) -> None:
    for loan, row in zip(asked, expected, strict=True):
        label, chances = model.predict(loan)
        assert chances == pytest.approx(row.tolist(), abs=1e-12)
        assert label == LABELS[int(row.argmax())]
        assert sum(chances) == pytest.approx(1.0, abs=1e-12)


def test_all_activations_are_tested() -> None:
    assert set(layers.ACTIVATIONS) == set(ACTIVATIONS)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("widths", [(), (4,), (6, 3)])
def test_dense_layers_and_softmax(activation: str, widths: tuple[int, ...]) -> None:
    model = load(as_bytes(softmax_artifact(widths, activation, seed=len(widths))))
    made = weights(INPUTS, *widths, len(LABELS), seed=len(widths))
    asked = loans(40)
    values = matrix(model, asked)
    for at, (kernel, bias) in enumerate(made):
        values = values @ kernel.astype(float) + bias.astype(float)
        if at < len(made) - 1:
            values = ACTIVATIONS[activation](values)
    grown = np.exp(values - values.max(axis=1, keepdims=True))
    agree(model, asked, grown / grown.sum(axis=1, keepdims=True))


def test_the_shortcut_and_the_cumulative_head() -> None:
    model = load(as_bytes(artifact()))
    (hidden, last, past) = (*weights(INPUTS, 5, 1), *weights(INPUTS, 1, seed=4))
    asked = loans(60)
    inputs = matrix(model, asked)
    inside = ACTIVATIONS["gelu"](inputs @ hidden[0].astype(float) + hidden[1])
    score = inside @ last[0].astype(float) + last[1] + inputs @ past[0].astype(float) + past[1]
    up_to = ACTIVATIONS["sigmoid"](np.array([-0.5, 1.5]) - score)
    agree(model, asked, np.diff(up_to, axis=1, prepend=0.0, append=1.0))


def test_as_scikit_learn_s_network() -> None:
    asked = loans(200)
    columns = load(as_bytes(artifact())).columns
    inputs = np.array([columns.row(loan) for loan in asked], dtype=np.float32)
    grades = np.array([LABELS[at % 3] for at in range(len(asked))])
    theirs = MLPClassifier((7, 5), activation="tanh", max_iter=5, random_state=1)
    with pytest.warns(UserWarning, match="Maximum iterations"):
        theirs.fit(inputs, grades)
    pairs = list(zip(theirs.coefs_, theirs.intercepts_, strict=True))
    made = [layer(*pair, "tanh") for pair in pairs[:-1]] + [layer(*pairs[-1], "linear")]
    document = artifact(layers=made, head={"kind": "softmax"})
    del document["shortcut"]
    model = load(as_bytes(document))
    expected = theirs.predict_proba(inputs)
    for loan, row in zip(asked, expected, strict=True):
        assert model.predict(loan)[1] == pytest.approx(row.tolist(), abs=2e-6)


@pytest.mark.parametrize("length", [0, 1, 2, 64, 300])
def test_products_are_added_as_numpy_adds_them(length: int) -> None:
    chance = random.Random(length)  # noqa: S311 - repeatable, no secret
    first, second = ([chance.gauss(0, 1) for _ in range(length)] for _ in range(2))
    assert dot(first, second) == pytest.approx(float(np.dot(first, second)), abs=1e-12)


@pytest.mark.parametrize("score", [-1e6, -800.0, -1.0, 0.0, 1.0, 800.0, 1e6])
def test_far_scores_overflow_nothing(score: float) -> None:
    assert 0.0 <= expit(score) <= 1.0
    for chances in (cumulative(score, [-1.0, 2.0]), softmax([score, 0.0, -score])):
        assert sum(chances) == pytest.approx(1.0)
        assert all(0.0 <= chance <= 1.0 for chance in chances)


def test_a_prediction_changes_nothing() -> None:
    model = load(as_bytes(artifact()))
    asked = loans(20)
    first = [model.predict(loan) for loan in asked]
    assert [model.predict(loan) for loan in reversed(asked)][::-1] == first
