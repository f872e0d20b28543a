"""What an estimator must be to answer rows of numbers; what it lacks is one sentence."""

import warnings
from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
from serving.runtimes import scores_by_class
from sklearn.base import is_outlier_detector
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from model_training.command_line import in_one_line
from model_training.publishing.kinds.kind import LABEL, NUMBER, PROBABILITIES, SCORES
from model_training.publishing.manifests import ArtifactError
from model_training.publishing.parity import Answers
from model_training.publishing.tabular_rows import Matrix

Label = str | int | float


def labels(estimator: Any, names: Sequence[str]) -> list[Label]:
    """The labels of a fitted classifier of rows with these features; none of what answers numbers.

    Raises `ArtifactError` for an estimator that no service can ask.
    """
    try:
        return _labels(estimator, names)
    except ArtifactError:
        raise
    # What is not scikit-learn's own may raise anything when it is looked at.
    except Exception as error:
        raise ArtifactError(
            f"The {type(estimator).__name__} cannot be asked ({in_one_line(error)}); "
            "expected a fitted estimator of scikit-learn"
        ) from None


def _labels(estimator: Any, names: Sequence[str]) -> list[Label]:
    name = type(estimator).__name__
    if isinstance(estimator, type):
        raise ArtifactError(f"{estimator.__name__} is a class; make an estimator of it and fit it")
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict")):
        raise ArtifactError(
            f"A {name} was given; expected a fitted estimator of scikit-learn, one that predicts"
        )
    try:
        check_is_fitted(estimator)
    except NotFittedError:
        raise ArtifactError(f"The {name} is not fitted; fit it, then publish it") from None
    except (TypeError, AttributeError):
        pass  # No estimator of scikit-learn's; what it lacks is found below.
    _check_features(estimator, names)
    classes = getattr(estimator, "classes_", None)
    if classes is None:
        return [-1, 1] if is_outlier_detector(estimator) else []
    return _checked(name, classes)


def _checked(name: str, classes: Any) -> list[Label]:
    if not isinstance(classes, np.ndarray) or classes.ndim != 1:
        raise ArtifactError(
            f"The {name} gives several labels at once; a service answers one: fit a classifier for "
            "each and publish them apart"
        )
    labels: list[Label] = classes.tolist()
    for label in labels:
        if not isinstance(label, str | int | float) or label != label or label in (np.inf, -np.inf):
            raise ArtifactError(
                f"The {name} has the label {label!r}; expected text, finite numbers or booleans, "
                "which JSON has: fit it again on such labels"
            )
    if len(labels) < 2:
        raise ArtifactError(f"The {name} knows one label only, {labels}; fit it on two or more")
    return labels


def _check_features(estimator: Any, names: Sequence[str]) -> None:
    name = type(estimator).__name__
    count = getattr(estimator, "n_features_in_", len(names))
    if count != len(names):
        raise ArtifactError(
            f"The {name} was fitted on {count} columns and features names {len(names)}; name those "
            "it was fitted on, in order"
        )
    fitted = list(getattr(estimator, "feature_names_in_", names))
    if fitted != list(names):
        odd = next(
            index
            for index, pair in enumerate(zip(fitted, names, strict=True))
            if pair[0] != pair[1]
        )
        raise ArtifactError(
            f"The {name} was fitted on a data frame whose column {odd} is {fitted[odd]!r}, and "
            f"features calls it {names[odd]!r}; name the columns as it knows them, in its order"
        )


def answers(
    estimator: Any, rows: Matrix, labels: Sequence[Label], runtime: str
) -> tuple[str, Answers]:
    """Which of `kinds.kind.ANSWERS` the estimator gives, and its own answers to rows as a function
    asks it.

    Raises `ArtifactError` where it has none, or none that could be sent.
    """
    name = type(estimator).__name__
    kind, method = _method(estimator, labels)
    table: Any = rows.tolist()
    if runtime == "portable" and hasattr(estimator, "feature_names_in_"):
        import pandas

        table = pandas.DataFrame(rows, columns=list(estimator.feature_names_in_))
    try:
        # It may have been fitted on a data frame; a request has no other names than the manifest's.
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            predicted = np.asarray(estimator.predict(table))
            numbers = np.asarray(getattr(estimator, method)(table)) if method else None
    # What an estimator raises of rows it does not take is its own affair.
    except Exception as error:
        raise ArtifactError(
            f"The {name} does not answer rows of bare numbers ({in_one_line(error)}); "
            "fit it on numbers alone, its columns chosen by place and not by name"
        ) from None
    if len(predicted) != len(table) or (labels and predicted.ndim != 1):
        raise ArtifactError(
            f"The {name} gives answers of shape {predicted.shape} to {len(table)} rows; expected "
            "one of each: fit an estimator of one output"
        )
    if numbers is None:
        own_answers = Answers(predicted.tolist(), [[]] * len(table))
        _check_finite(name, predicted if kind == NUMBER else np.zeros(1), "answers")
        return kind, own_answers
    each = [scores_by_class(row, labels) for row in numbers.reshape(len(table), -1).tolist()]
    if any(row is None for row in each):
        # One number for each pair of classes, say: the label is all that can be told.
        return LABEL, Answers(predicted.tolist(), [[]] * len(table))
    _check_finite(name, numbers, kind)
    return kind, Answers(predicted.tolist(), [list(row or ()) for row in each])


def _method(estimator: Any, labels: Sequence[Label]) -> tuple[str, str | None]:
    """What is told beside the label, and by which method."""
    if not labels:
        return NUMBER, None
    if hasattr(estimator, "predict_proba"):
        return PROBABILITIES, "predict_proba"
    if hasattr(estimator, "decision_function"):
        return SCORES, "decision_function"
    return LABEL, None


def _check_finite(name: str, numbers: Any, what: str) -> None:
    if not all(map(isfinite, np.ravel(numbers).tolist())):
        raise ArtifactError(
            f"The {name} answers some rows with {what} that are no numbers (NaN); fit it "
            "again, on finite numbers and with every label in the data"
        )
