"""Which terms of texts speak loudest for each label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = list[tuple[str, float]]
MOST_LABELS = 6
# What tokenizing leaves of entities that were never decoded.
_ENTITIES = {"amp", "apos", "gt", "lt", "nbsp", "quot"}


def telling_terms(
    vectorizer: Any, predictor: Any, labels: Sequence[str], count: int = 15
) -> list[tuple[str, Weights]]:
    """Of each label its heaviest terms, heaviest first, each with its weight; of two labels both.

    A linear model's weights are its coefficients. A naive Bayes' are, for multinomial ones, a
    term's part of the Kullback-Leibler divergence from the other labels, p log(p / q): how much it
    says times how often it is said; for a Gaussian one the difference of the means. Importances of
    trees speak for no label: theirs is called "". Nothing where the model has no weight per term.
    """
    if not hasattr(vectorizer, "get_feature_names_out"):
        return []
    names = vectorizer.get_feature_names_out()
    weights = _weights(predictor)
    if weights is None or weights.shape[-1] != len(names):
        return []
    if weights.ndim == 1:
        return [("", _heaviest(names, weights, count))]
    if len(weights) == 1:
        weights = np.vstack([-weights[0], weights[0]]) if len(labels) == 2 else weights
    if len(weights) != len(labels):
        if labels:
            return []
        # A regression's coefficients.
        return [
            ("a larger number", _heaviest(names, weights[0], count)),
            ("a smaller number", _heaviest(names, -weights[0], count)),
        ]
    return [
        (label, _heaviest(names, row, count))
        for label, row in list(zip(labels, weights, strict=True))[:MOST_LABELS]
    ]


def _weights(predictor: Any) -> NDArray[Any] | None:
    """A row of weights per label, one for two labels, or a single list of importances."""
    logs = getattr(predictor, "feature_log_prob_", None)
    if logs is not None and len(logs) > 1 and type(predictor).__name__ == "ComplementNB":
        # Minus the logarithm of a term's share in all the other labels.
        others = np.exp(-logs)
        own = _mean_of_others(others)
        return np.asarray(own * np.log(own / others))
    if logs is not None and len(logs) > 1:
        others = np.log(_mean_of_others(np.exp(logs)))
        return np.asarray(np.exp(logs) * (logs - others))
    means = getattr(predictor, "theta_", None)
    if means is not None and len(means) > 1:
        return np.asarray(means - _mean_of_others(means))
    coefficients = getattr(predictor, "coef_", None)
    if coefficients is not None:
        dense = coefficients.toarray() if hasattr(coefficients, "toarray") else coefficients
        return np.atleast_2d(np.asarray(dense, dtype=float))
    try:
        importances = predictor.feature_importances_
    # Some ensembles have them only if their members do.
    except (AttributeError, ValueError, TypeError):
        return None
    return np.asarray(importances, dtype=float)


def _mean_of_others(rows: NDArray[Any]) -> NDArray[Any]:
    return np.asarray((rows.sum(axis=0) - rows) / (len(rows) - 1))


def _heaviest(names: Any, weights: Any, count: int) -> Weights:
    """By weight, then by name, so that equal weights come out in the same order everywhere."""
    candidates = np.flatnonzero(weights > 0)
    order = sorted(candidates, key=lambda place: (-weights[place], names[place]))
    found: Weights = []
    for place in order:
        if not _is_entity(str(names[place])):
            found.append((str(names[place]), float(weights[place])))
        if len(found) == count:
            break
    return found


def _is_entity(term: str) -> bool:
    words = re.findall(r"\w+", term.lower())
    return bool(words) and all(word in _ENTITIES or word == "39" for word in words)
