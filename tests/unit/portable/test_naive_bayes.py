"""Naive Bayes on rows of numbers, against scikit-learn; on texts see test_options.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from portable.base import UnusableRow
from portable.model import load
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB

from tests.unit.portable.parity import assert_predicts_alike, dumped

RANDOM = np.random.default_rng(3)
COUNTS = RANDOM.integers(0, 5, size=(80, 6)).astype(float)
ROWS = RANDOM.normal(size=(80, 6)) * [1, 10, 0.1, 1e6, 1, 1]
WEIGHTS = RANDOM.random(80)
LABELS: list[Any] = [
    RANDOM.integers(0, 2, 80),
    np.array(["ham", "spam", "other"])[RANDOM.integers(0, 3, 80)],
    RANDOM.integers(0, 2, 80).astype(bool),
]


@pytest.mark.parametrize("labels", LABELS, ids=["two", "three", "booleans"])
@pytest.mark.parametrize(
    "classifier",
    [
        MultinomialNB(alpha=0.1),
        MultinomialNB(fit_prior=False),
        ComplementNB(),
        ComplementNB(norm=True),
        BernoulliNB(),
        BernoulliNB(binarize=2.0),
    ],
    ids=repr,
)
def test_discrete(classifier: Any, labels: Any) -> None:
    asked = np.vstack([COUNTS[:20], -COUNTS[:5], np.zeros((1, 6)), COUNTS[:5] * 1e5])
    assert_predicts_alike(classifier.fit(COUNTS, labels, sample_weight=WEIGHTS), asked)


def test_bernoulli_on_rows_that_are_binary_already() -> None:
    binary = (COUNTS > 2).astype(float)
    assert_predicts_alike(BernoulliNB(binarize=None).fit(binary, LABELS[0]), binary)


@pytest.mark.parametrize("labels", LABELS, ids=["two", "three", "booleans"])
def test_gaussian(labels: Any) -> None:
    wide = np.hstack([ROWS] * 30)
    # A column that is the same in all rows has a variance of next to nothing.
    wide[:, 7] = 3.0
    for options in (
        {},
        {"var_smoothing": 1e-3},
        {"priors": np.full(len(set(labels)), 1 / len(set(labels)))},
    ):
        for rows in (ROWS, wide):
            model = GaussianNB(**options).fit(rows, labels, sample_weight=WEIGHTS)
            assert_predicts_alike(model, np.vstack([rows[:20], rows[:5] * 3, rows[:1] * 0]))


def test_categories() -> None:
    for labels in LABELS:
        for options in ({}, {"alpha": 0.5, "min_categories": 9}, {"fit_prior": False}):
            model = CategoricalNB(**options).fit(COUNTS, labels)
            portable = assert_predicts_alike(model, np.vstack([COUNTS[:20], COUNTS[:9] * 0 + 0.7]))
    for unknown in ([9.0] + [0.0] * 5, [-1.0] + [0.0] * 5, [float("nan")] * 6):
        with pytest.raises(UnusableRow):
            portable.predict(unknown)


@pytest.mark.parametrize("classifier", [MultinomialNB(), GaussianNB(), CategoricalNB()], ids=repr)
def test_a_row_of_another_length_is_refused(classifier: Any) -> None:
    model = load(dumped(classifier.fit(COUNTS, LABELS[0])))
    for length in (5, 7):
        with pytest.raises(UnusableRow, match=f"{length} values where the model takes 6"):
            model.predict([1.0] * length)
