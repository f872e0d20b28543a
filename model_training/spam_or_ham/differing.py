"""Whether a pair that another scikit-learn wrote looks like a pair that is fitted here."""

import warnings
from collections.abc import Sequence
from typing import Any

from sklearn.base import clone

from model_training.attributes import difference, lacking_parameter
from model_training.command_line import in_one_line


def of_pair(vectorizer: Any, classifier: Any, texts: Sequence[str]) -> str | None:
    """In what a pair differs from one of the same parameters, fitted here on `texts`.

    What it is fitted on is no matter: which attributes a fitted estimator has is compared, and
    not their values.
    """
    for estimator in (vectorizer, classifier):
        if parameter := lacking_parameter(estimator):
            return parameter
    labels = [classifier.classes_[index % len(classifier.classes_)] for index in range(len(texts))]
    # However rare the terms of a few texts are, all are kept.
    here = clone(vectorizer).set_params(min_df=1, max_df=1.0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = here.fit_transform(texts)
            dense = type(classifier).__name__ == "GaussianNB"
            other = clone(classifier).fit(rows.toarray() if dense else rows, labels)
    # scikit-learn's checks of parameters and texts differ from version to version.
    except Exception as error:
        return f"one of the same parameters cannot be fitted here ({in_one_line(error)})"
    return difference(vectorizer, here) or difference(classifier, other)
