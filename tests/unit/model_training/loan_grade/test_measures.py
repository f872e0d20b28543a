"""The figures, against scikit-learn's; the split and the folds."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, cohen_kappa_score, confusion_matrix, log_loss

from model_training.loan_grade import splitting
from model_training.loan_grade.fields import GRADES
from model_training.loan_grade.measures import calibration_error, measure


@pytest.mark.parametrize("seed", range(5))
def test_as_scikit_learn_measures(seed: int) -> None:
    random_source = np.random.default_rng(seed)
    actual = random_source.integers(0, 7, size=300)
    chances = random_source.dirichlet(np.ones(7), size=300)
    chances[np.arange(300), actual] += random_source.random(300)
    chances /= chances.sum(axis=1, keepdims=True)
    predicted = chances.argmax(axis=1)
    measured = measure(chances, actual)
    assert measured.accuracy == accuracy_score(actual, predicted)
    assert measured.kappa == pytest.approx(
        cohen_kappa_score(actual, predicted, weights="quadratic"), abs=1e-12
    )
    assert measured.log_loss == pytest.approx(log_loss(actual, chances, labels=range(7)), abs=1e-12)
    expected = confusion_matrix(actual, predicted, labels=range(7))
    assert measured.confusion.tolist() == expected.tolist()
    assert measured.within_one == np.mean(np.abs(actual - predicted) <= 1)
    assert measured.manifest_entry()["rows"] == 300


def test_always_the_same_grade_has_no_kappa() -> None:
    actual = np.array([0, 1, 1, 2])
    chances = np.tile([0.2, 0.5, 0.3], (4, 1))
    measured = measure(chances, actual)
    assert measured.kappa == pytest.approx(0.0)
    assert measured.within_one == 1.0


def test_all_right_is_a_kappa_of_one() -> None:
    assert measure(np.eye(7), np.arange(7)).kappa == 1.0


def test_the_calibration_error_is_the_mean_gap() -> None:
    confidence = np.array([0.95, 0.95, 0.55, 1.0])
    right = np.array([True, True, False, True])
    assert calibration_error(confidence, right) == pytest.approx((0.05 * 2 + 0.0 + 0.55) / 4)


def test_the_test_part_has_every_grade_in_its_share_and_is_the_same_each_time() -> None:
    grades = [grade for grade, count in zip(GRADES, (250, 300, 260, 140, 35, 10, 5), strict=True)
              for _ in range(count)]  # fmt: skip
    train, test = splitting.parts(grades)
    assert (train, test) == splitting.parts(grades)
    assert sorted(train + test) == list(range(1000))
    assert Counter(grades[index] for index in test) == {
        "A": 50, "B": 60, "C": 52, "D": 28, "E": 7, "F": 2, "G": 1,
    }  # fmt: skip


def test_folds_share_no_loan_and_leave_none_out() -> None:
    grades = [GRADES[at % 7] for at in range(105)]
    train, _ = splitting.parts(grades)
    folds = splitting.folds(train, grades, 5)
    assert sorted(index for fold in folds for index in fold) == train
    assert max(map(len, folds)) - min(map(len, folds)) <= 1
    for fold in folds:
        assert {grades[index] for index in fold} == set(GRADES)
