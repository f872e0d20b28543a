"""What live answers are compared with, and what stands in where a manifest has none."""

from __future__ import annotations

import numpy as np
import pytest

from model_training.publishing import reference
from model_training.reports.answered import Answered

MANIFEST = {"labels": [0, 1], "classes": {"0": "stayed", "1": "left"}}
ROWS = np.array([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3], [0.2, 0.8]])


def test_answers_are_counted_and_confidence_is_measured() -> None:
    truth = np.array([1, 1, 1, 1])
    answered = Answered(truth, ROWS.argmax(axis=1), ("stayed", "left"), ROWS)
    known = reference.read({**MANIFEST, reference.ENTRY: reference.entry(answered)})
    assert known is not None
    assert known.rows == 4
    assert known.shares == {"class_0": 0.75, "class_1": 0.25}, "as answered, not as is true"
    assert known.confidence == (pytest.approx(0.75), pytest.approx(np.std([0.9, 0.6, 0.7, 0.8])))


def test_scores_are_no_confidence() -> None:
    answered = Answered(np.array([0, 1]), np.array([0, 1]), ("a", "b"), ROWS[:2], probable=False)
    assert "confidence" not in reference.entry(answered)


def test_the_trainings_labels_stand_in() -> None:
    counted = {**MANIFEST, "data": {"labels": {"stayed": 30, "left": 10}}}
    assert reference.read(counted) == (40, {"class_0": 0.75, "class_1": 0.25}, None)
    assert reference.read({**MANIFEST, "data": None}) is None
