"""Which terms speak loudest for spam and for ham."""

from typing import Any

import numpy as np

Weights = list[tuple[str, float]]


def top_terms(vectorizer: Any, classifier: Any, count: int = 15) -> tuple[Weights, Weights]:
    """The `count` heaviest terms for spam and for ham, each with its weight, heaviest first.

    For a multinomial model a term's weight for a class is its part of the Kullback-Leibler
    divergence from the other class, p log(p / q): how much it says times how often it is said. For
    a Gaussian model it is the difference of the class means.
    """
    names = vectorizer.get_feature_names_out()
    labels = [str(label) for label in classifier.classes_]
    spam, ham = labels.index("spam"), labels.index("ham")
    if hasattr(classifier, "feature_log_prob_"):
        logs = classifier.feature_log_prob_
        towards_spam = np.exp(logs[spam]) * (logs[spam] - logs[ham])
        towards_ham = np.exp(logs[ham]) * (logs[ham] - logs[spam])
    else:
        towards_spam = classifier.theta_[spam] - classifier.theta_[ham]
        towards_ham = -towards_spam
    return _heaviest(names, towards_spam, count), _heaviest(names, towards_ham, count)


def _heaviest(names: Any, weights: Any, count: int) -> Weights:
    # By weight, then by name, so that equal weights come out in the same order everywhere.
    order = sorted(range(len(names)), key=lambda index: (-weights[index], names[index]))
    return [(str(names[i]), float(weights[i])) for i in order[:count] if weights[i] > 0]
