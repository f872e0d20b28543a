"""What a model is asked about: texts, or records of fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portable.model import first_within

from model_training.command_line import DataError

_VECTORIZERS = ("CountVectorizer", "HashingVectorizer", "TfidfVectorizer")


def takes_text(estimators: Sequence[Any]) -> bool:
    """Whether the first step that sees an input is a vectorizer of texts."""
    first: Any = estimators[0]
    for _ in range(20):
        if type(first).__name__ in _VECTORIZERS:
            return getattr(first, "input", "content") == "content"
        following = _first_within(first)
        if following is None:
            return False
        first = following
    return False


def text_steps(estimators: Sequence[Any]) -> tuple[Any, Any, int]:
    """The first transformer of texts, what predicts last, and how many steps there are, whatever
    wraps them: of an ensemble, those of its first member."""
    first, steps = estimators[0], list(estimators)
    for _ in range(20):
        if hasattr(first, "steps"):
            inner = [one for _, one in first.steps if one not in (None, "passthrough")]
            steps = inner if len(steps) == 1 else [*inner, *steps[1:]]
        following = _first_within(first)
        if following is None or type(first).__name__ in _VECTORIZERS:
            break
        if len(steps) == 1:
            steps = [following]
        first = following
    last = steps[-1]
    for _ in range(20):
        following = None if hasattr(last, "steps") else _first_within(last)
        if following is None:
            break
        last = following
    return first, last, len(steps)


def _first_within(estimator: Any) -> Any:
    steps = None
    if hasattr(estimator, "steps"):
        steps = [one for _, one in estimator.steps if one not in (None, "passthrough")]
    return first_within(
        steps,
        lambda name: getattr(estimator, name, None),
        # What a calibration made of one is no estimator, and has it as its own.
        lambda one: hasattr(one, "get_params") or hasattr(one, "estimator"),
    )


def check(estimators: Sequence[Any], names: Sequence[str]) -> None:
    """Raise `DataError` unless these are fitted estimators of which the last one predicts.

    `names` are those of the files that they came from.
    """
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    if not estimators:
        raise DataError(
            f"{names[0]} holds an empty list; expected a fitted estimator or Pipeline, or several"
        )
    for estimator in estimators:
        what = type(estimator).__name__
        if isinstance(estimator, type):
            raise DataError(f"{names[0]} holds the class {estimator.__name__}; save a fitted one")
        if not hasattr(estimator, "get_params") and not hasattr(estimator, "predict"):
            raise DataError(
                f"{names[0]} holds a {what}; expected a fitted estimator or Pipeline, or several "
                "files in the order in which an input goes through them"
            )
        try:
            check_is_fitted(estimator)
        except NotFittedError:
            raise DataError(f"the {what} is not fitted; fit it, and save it then") from None
        except (TypeError, AttributeError):
            continue  # No estimator of scikit-learn's own.
    last = estimators[-1]
    if not hasattr(last, "predict"):
        raise DataError(
            f"the {type(last).__name__} transforms and predicts nothing; add the file of what "
            'comes after it: MODEL="vectorizer.pkl classifier.pkl"'
        )


def columns(estimators: Sequence[Any]) -> tuple[list[str], int | None]:
    """The names of the columns that a model was fitted with, if any, and their number, if known."""
    first = estimators[0]
    for _ in range(20):
        count = getattr(first, "n_features_in_", None)
        if count is not None:
            names = getattr(first, "feature_names_in_", None)
            return ([] if names is None else list(map(str, names))), int(count)
        if type(first).__name__ == "DictVectorizer":
            return _dictionary_fields(first), None
        following = _first_within(first)
        if following is None:
            break
        first = following
    return [], None


def _dictionary_fields(vectorizer: Any) -> list[str]:
    """The keys of the dictionaries that a DictVectorizer was fitted on."""
    separator = vectorizer.separator
    return list(dict.fromkeys(name.partition(separator)[0] for name in vectorizer.feature_names_))
