"""What ten scores say: which is likeliest, and how likely each is."""

from __future__ import annotations

import math

Scores = dict[str, float]
"""By label, a network's raw output (logit): any finite number."""


def likeliest(scores: Scores) -> str:
    """The label with the largest score; the first of equal ones."""
    return max(scores, key=scores.__getitem__)


def probabilities(scores: Scores) -> Scores:
    """The softmax of the scores: the probabilities that training made them mean."""
    largest = max(scores.values())
    shares = {label: math.exp(score - largest) for label, score in scores.items()}
    total = sum(shares.values())
    return {label: share / total for label, share in shares.items()}
