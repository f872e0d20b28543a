"""libsvm's probabilities: of each pair by Platt's logistic function, then of all together."""

from __future__ import annotations

from itertools import combinations
from math import exp

from portable.arithmetic.dot import dot

_LEAST = 1e-7
"""Of a pair's probabilities."""
_TOLERANCE = 0.005
_STEPS = 100


def platt(decision: float, slope: float, offset: float) -> float:
    """The probability of the first of two classes."""
    score = decision * slope + offset
    if score >= 0.0:
        return exp(-score) / (1.0 + exp(-score))
    return 1.0 / (1.0 + exp(score))


def couple(pairs: list[float], size: int) -> list[float]:
    """The probability of each of `size` classes, of the probabilities in pairs.

    By Wu, Lin and Weng's second method, with libsvm's steps and where it stops.
    """
    against = [[0.0] * size for _ in range(size)]
    for (first, second), probability in zip(combinations(range(size), 2), pairs, strict=True):
        bounded = min(max(probability, _LEAST), 1.0 - _LEAST)
        against[first][second] = bounded
        against[second][first] = 1.0 - bounded
    products = [[-against[j][t] * against[t][j] for j in range(size)] for t in range(size)]
    for t in range(size):
        products[t][t] = sum(against[j][t] * against[j][t] for j in range(size) if j != t)
    shares = [1.0 / size] * size
    for _ in range(max(_STEPS, size)):
        gradients = [dot(row, shares) for row in products]
        total = dot(shares, gradients)
        if max(abs(gradient - total) for gradient in gradients) < _TOLERANCE / size:
            break
        for t in range(size):
            row = products[t]
            step = (total - gradients[t]) / row[t]
            shares[t] += step
            grown = 1.0 + step
            total = (total + step * (step * row[t] + 2.0 * gradients[t])) / grown / grown
            gradients = [
                (one + step * other) / grown for one, other in zip(gradients, row, strict=True)
            ]
            shares = [share / grown for share in shares]
    return shares
