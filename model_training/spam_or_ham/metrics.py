"""What a spam filter is judged by, from labels and probabilities; spam is the positive class."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.reports.calibration import calibration_error as calibration_error


@dataclass(frozen=True)
class Confusion:
    """Counts of messages: `caught` spam as spam, `missed` spam as ham, `blocked` ham as spam."""

    caught: int
    missed: int
    blocked: int
    passed: int


def confusion(spam: NDArray[Any], flagged: NDArray[Any]) -> Confusion:
    """Counts from two boolean arrays of n: is spam, was called spam."""
    return Confusion(
        caught=int(np.sum(spam & flagged)),
        missed=int(np.sum(spam & ~flagged)),
        blocked=int(np.sum(~spam & flagged)),
        passed=int(np.sum(~spam & ~flagged)),
    )


def scores(
    spam: NDArray[Any], flagged: NDArray[Any], probability: NDArray[Any]
) -> dict[str, float]:
    """All figures of one test part.

    `spam` and `flagged` are boolean arrays of n, `probability` holds n probabilities of spam.
    Shares and rates are between 0 and 1. A ratio without anything in its denominator is 0.
    """
    c = confusion(spam, flagged)
    precision = _ratio(c.caught, c.caught + c.blocked)
    recall = _ratio(c.caught, c.caught + c.missed)
    return {
        "accuracy": _ratio(c.caught + c.passed, len(spam)),
        "spam_precision": precision,
        "spam_recall": recall,
        "spam_f1": _ratio(2 * precision * recall, precision + recall),
        "mcc": matthews(c),
        "spam_caught_percent": 100 * recall,
        "ham_blocked_percent": 100 * _ratio(c.blocked, c.blocked + c.passed),
        "brier": float(np.mean((probability - spam) ** 2)),
        "calibration_error": calibration_error(spam, probability),
    }


def matthews(c: Confusion) -> float:
    """Matthews' correlation coefficient, -1 to 1 (https://doi.org/10.1016/0005-2795(75)90109-9)."""
    product = (
        (c.caught + c.blocked)
        * (c.caught + c.missed)
        * (c.passed + c.blocked)
        * (c.passed + c.missed)
    )
    return _ratio(c.caught * c.passed - c.blocked * c.missed, math.sqrt(product))


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else 0.0
