"""How far the probabilities a classifier says are from the shares that are seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Cases whose probability is in one tenth: how many, and said against seen."""

    count: int
    said: float
    seen: float


def reliability(positive: NDArray[Any], probability: NDArray[Any]) -> list[Bin]:
    """Ten bins of equal width over the probability of the positive class, the empty left out."""
    index = np.minimum((probability * BINS).astype(int), BINS - 1)
    bins = []
    for number in range(BINS):
        inside = index == number
        if inside.any():
            bins.append(
                Bin(
                    int(inside.sum()),
                    float(probability[inside].mean()),
                    float(positive[inside].mean()),
                )
            )
    return bins


def calibration_error(positive: NDArray[Any], probability: NDArray[Any]) -> float:
    """Expected calibration error (https://arxiv.org/abs/1706.04599, equation 3) over ten bins."""
    bins = reliability(positive, probability)
    return sum(b.count / len(positive) * abs(b.said - b.seen) for b in bins)
