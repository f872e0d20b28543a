"""What a day's stability index sees, by simulation: no quiet day, and slow drift in time."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from tools.release.drift import DRIFTED, SHIFTED, Day, lines, stability_index

REFERENCE = {"class_0": 0.868, "class_1": 0.132}


def day(spam: int, answers: int, date: str = "2026-11-01") -> Day:
    return Day(date, answers, {"class_0": answers - spam, "class_1": spam})


def test_the_index_is_the_sum_over_classes() -> None:
    expected = (0.3 - 0.132) * log(0.3 / 0.132) + (0.7 - 0.868) * log(0.7 / 0.868)
    assert stability_index(REFERENCE, day(300, 1000)) == pytest.approx(expected)
    assert stability_index(REFERENCE, day(132, 1000)) == pytest.approx(0)


def test_classes_without_a_metric_are_one_more() -> None:
    reference = {"class_0": 0.4, "class_1": 0.3}
    as_trained = Day("2026-11-01", 1000, {"class_0": 400, "class_1": 300})
    assert stability_index(reference, as_trained) == pytest.approx(0)
    others = Day("2026-11-01", 1000, {"class_0": 200, "class_1": 150})
    assert stability_index(reference, others) > DRIFTED


def test_no_answers_of_a_class_are_a_number() -> None:
    assert stability_index(REFERENCE, day(0, 1000)) > DRIFTED


def test_thirty_quiet_days_raise_nothing_and_a_drift_is_seen() -> None:
    """A hundred times a month of days with a thousand answers, the fewest that count."""
    random = np.random.default_rng(7)
    quiet = random.binomial(1000, 0.132, size=3000)
    assert max(stability_index(REFERENCE, day(int(spam), 1000)) for spam in quiet) < SHIFTED
    # A share that grows by one point a day from 13 %.
    seen = []
    for _ in range(200):
        for after in range(40):
            spam = int(random.binomial(1000, 0.132 + after / 100))
            if stability_index(REFERENCE, day(spam, 1000)) >= SHIFTED:
                seen.append(after)
                break
    assert len(seen) == 200
    assert min(seen) >= 9
    assert max(seen) <= 17


def test_a_day_with_few_answers_says_nothing() -> None:
    few, quiet, far = lines(
        REFERENCE, [day(13, 100), day(132, 1000, "2026-11-02"), day(400, 1000, "2026-11-03")]
    )
    assert few.endswith("100 answers, fewer than 1,000")
    assert quiet.endswith("0.000  as expected")
    assert "drifted" in far
    assert far.endswith("█")
