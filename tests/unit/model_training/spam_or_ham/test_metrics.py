"""The figures against scikit-learn's own, and at their edges."""

import math

import numpy as np
import pytest
from sklearn import metrics as oracle

from model_training.reports.calibration import reliability
from model_training.spam_or_ham import metrics


@pytest.fixture
def answers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(3)
    spam = chance.random(400) < 0.2
    # Rounded, so that probabilities repeat.
    probability = np.round(np.clip(0.35 * chance.random(400) + 0.6 * spam, 0, 1), 2)
    return spam, probability > 0.5, probability


def test_every_score_is_scikit_learns(
    answers: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    spam, flagged, probability = answers
    flagged[:7] = True
    scores = metrics.scores(spam, flagged, probability)
    recall = oracle.recall_score(spam, flagged)
    expected = {
        "accuracy": oracle.accuracy_score(spam, flagged),
        "spam_precision": oracle.precision_score(spam, flagged),
        "spam_recall": recall,
        "spam_f1": oracle.f1_score(spam, flagged),
        "mcc": oracle.matthews_corrcoef(spam, flagged),
        "spam_caught_percent": 100 * recall,
        "ham_blocked_percent": 100 * (1 - oracle.recall_score(~spam, ~flagged)),
        "brier": oracle.brier_score_loss(spam, probability),
    }
    error = scores.pop("calibration_error")
    assert scores == pytest.approx(expected)
    assert 0 < error < 1


def test_calibration_error_by_hand() -> None:
    spam = np.array([True, False, True, True])
    probability = np.array([0.05, 0.05, 0.95, 1.0])
    # One bin says 0.05 and sees 0.5, the other says 0.975 and sees 1, of two messages each.
    assert math.isclose(metrics.calibration_error(spam, probability), 0.5 * 0.45 + 0.5 * 0.025)
    assert [b.count for b in reliability(spam, probability)] == [2, 2]


def test_ratios_without_anything_to_count_are_zero() -> None:
    nothing = np.zeros(3, dtype=bool)
    scores = metrics.scores(nothing, nothing, np.zeros(3))
    assert scores["accuracy"] == 1
    assert scores["spam_precision"] == scores["spam_recall"] == scores["spam_f1"] == 0
    assert scores["mcc"] == 0
