"""Which terms speak loudest for spam and for ham."""

from typing import Any

import numpy as np

Weights = list[tuple[str, float]]


def most_telling(vectorizer: Any, classifier: Any, count: int = 15) -> tuple[Weights, Weights]:
    """The `count` heaviest terms for spam and for ham, each with its weight, heaviest first.

    For a multinomial model the weight is what one occurrence adds to the log-odds before the
    message's length is accounted for: idf times the difference of the log-probabilities. For a
    Gaussian model, which is not linear, it is the difference of the class means in units of the
    pooled standard deviation.
    """
    names = vectorizer.get_feature_names_out()
    labels = [str(label) for label in classifier.classes_]
    spam, ham = labels.index("spam"), labels.index("ham")
    if hasattr(classifier, "feature_log_prob_"):
        logs = classifier.feature_log_prob_
        weights = (logs[spam] - logs[ham]) * getattr(vectorizer, "idf_", 1.0)
    else:
        deviation = np.sqrt(classifier.var_.mean(axis=0))
        weights = (classifier.theta_[spam] - classifier.theta_[ham]) / deviation
    # By weight, then by name, so that equal weights come out in the same order everywhere.
    order = sorted(range(len(names)), key=lambda index: (-weights[index], names[index]))
    top = [(str(names[index]), float(weights[index])) for index in order[:count]]
    bottom = [(str(names[index]), float(weights[index])) for index in order[: -count - 1 : -1]]
    return (
        [(term, weight) for term, weight in top if weight > 0],
        [(term, weight) for term, weight in bottom if weight < 0],
    )
