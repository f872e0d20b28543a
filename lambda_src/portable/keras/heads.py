"""From the last layer's values to one probability per label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from portable.arithmetic.links import expit, softmax
from portable.errors import UnsupportedModel
from portable.keras.reading import Piece

Head = Callable[[Sequence[float]], list[float]]


def head(piece: Piece, labels: int, units: int) -> Head:
    """The head a network names. Raises `UnsupportedModel` where it does not fit the labels."""
    kind = piece.text("kind")
    if kind == "softmax":
        if units != labels:
            raise UnsupportedModel(f"The network has {units} outputs for {labels} labels.")
        return softmax
    if kind != "cumulative":
        raise piece.refused("kind", "softmax or cumulative")
    thresholds = piece.numbers("thresholds")
    if units != 1 or len(thresholds) != labels - 1:
        raise UnsupportedModel(
            f"The network has {units} outputs and {len(thresholds)} thresholds where a cumulative "
            f"head of {labels} labels takes 1 and {labels - 1}."
        )
    if any(low >= high for low, high in pairwise(thresholds)):
        raise piece.refused("thresholds", "in ascending order")
    return lambda values: cumulative(values[0], thresholds)


def cumulative(score: float, thresholds: Sequence[float]) -> list[float]:
    """Ordered labels on one scale: P(label <= k) = sigmoid(thresholds[k] - score).

    P. McCullagh, "Regression models for ordinal data", Journal of the Royal Statistical Society B
    42 (1980).
    """
    below = 0.0
    probabilities = []
    for threshold in thresholds:
        up_to = expit(threshold - score)
        probabilities.append(up_to - below)
        below = up_to
    probabilities.append(1.0 - below)
    return probabilities
