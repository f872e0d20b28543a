"""What the network is compared with: scikit-learn's usual two, and always the commonest grade."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from model_training.loan_grade.fields import GRADES

Array = NDArray[Any]
Answer = Callable[[Array, Array, Array], Array]
"""Training inputs, their grades, and the inputs to answer: rows of probabilities."""
SEED = 0


def majority(_: Array, actual: Array, rows: Array) -> Array:
    """The shares of the grades in training, whatever the loan."""
    shares = np.bincount(actual, minlength=len(GRADES)) / len(actual)
    return np.tile(shares, (len(rows), 1))


def logistic(inputs: Array, actual: Array, rows: Array) -> Array:
    """Multinomial logistic regression on the network's own inputs."""
    from sklearn.linear_model import LogisticRegression

    return _probabilities(LogisticRegression(C=0.1, solver="newton-cholesky"), inputs, actual, rows)


def boosting(inputs: Array, actual: Array, rows: Array) -> Array:
    """Histogram gradient boosting on the network's own inputs."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    estimator = HistGradientBoostingClassifier(
        learning_rate=0.08,
        max_iter=100,
        max_leaf_nodes=12,
        l2_regularization=1.0,
        random_state=SEED,
    )
    return _probabilities(estimator, inputs, actual, rows)


BASELINES: dict[str, Answer] = {
    "logistic regression": logistic,
    "histogram gradient boosting": boosting,
    "always the commonest grade": majority,
}


def _probabilities(estimator: Any, inputs: Array, actual: Array, rows: Array) -> Array:
    # One thread: on a busy machine several wait for each other more than they compute.
    with threadpool_limits(1):
        estimator.fit(inputs, actual)
    # A part of the loans may lack the rarest grade.
    probabilities = np.zeros((len(rows), len(GRADES)))
    probabilities[:, estimator.classes_] = estimator.predict_proba(rows)
    return probabilities
