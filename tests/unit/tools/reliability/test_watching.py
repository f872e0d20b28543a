"""What the alarms on answers see: quiet months and jumps, by the expressions that are deployed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from stacks.config.published_model import Reference
from stacks.constructs.log_metrics import confidence_far_from, shares_far_from
from tools.reliability.report import DOCUMENT, watching
from tools.reliability.watching import complaints, run, share_windows, verdict

REFERENCE = Reference(rows=2000, shares={"class_0": 0.7, "class_1": 0.3}, confidence=(0.8, 0.1))


@pytest.mark.parametrize(
    ("counts", "far"),
    [((99, 50, 49), 0), ((100, 70, 30), 0), ((100, 50, 50), 1), ((100, 89, 11), 1)],
)
def test_shares_are_far_from_a_hundred_answers_on(counts: tuple[int, ...], far: int) -> None:
    expression = shares_far_from(REFERENCE, {}).expression
    assert verdict(expression, ("n", "c0", "c1"))(*counts) == far


def test_a_reference_is_a_sample_itself() -> None:
    """With endless traffic four standard deviations are those of the reference: 4.1 points here."""
    far = verdict(shares_far_from(REFERENCE, {}).expression, ("n", "c0", "c1"))
    assert far(10**7, 660 * 10**4, 340 * 10**4) == 0
    assert far(10**7, 655 * 10**4, 345 * 10**4) == 1


def test_confidence_is_far_from_a_hundred_requests_on() -> None:
    found = confidence_far_from(REFERENCE, {})
    assert found is not None
    far = verdict(found.expression, ("n", "confidence"))
    assert [far(99, 0.5), far(100, 0.77), far(100, 0.75), far(100, 0.85)] == [0, 0, 1, 1]
    assert confidence_far_from(Reference(rows=9, shares={}), {}) is None
    assert confidence_far_from(Reference(rows=9, shares={}, confidence=(1.0, 0.0)), {}) is None


def test_a_jump_is_seen_in_a_quarter_of_an_hour_and_quiet_days_are_not() -> None:
    rng = np.random.default_rng(3)
    jumped = share_windows(rng, lambda _: 0.30, 1_000)
    assert list(itertools.islice(jumped, 3)) == [1, 1, 1]
    outcome = run(1, seed=5)
    assert complaints(outcome) == []
    seen = {(row["what"], row["answers"], row["change"]): row["median"] for row in outcome["rows"]}
    assert seen["alarm on shares", "1,000 in 5 minutes", "13 % to 30 % at once"] == 15
    assert seen["alarm on shares", "20 in 5 minutes", "13 % to 30 % at once"] is None
    assert seen["alarm on confidence", "100 in 5 minutes", "0.48 to 0.40 at once"] == 15
    assert seen["stability index", "1,000 in a day", "a point a day"] < 30 * 24 * 60


@pytest.mark.judge
def test_the_document_says_what_the_simulation_does() -> None:
    assert watching(run(20, seed=1)) in DOCUMENT.read_text(encoding="utf-8")
