"""What of an estimator that wraps another is published: what answers, and no way of fitting.

A search for parameters carries the table of all that it tried, scorers, functions and
distributions; an ensemble the estimator that it made copies of, which may be fitted or hold
functions of one's own. No answer depends on them, and no other process can read some of them.
"""

from typing import Any

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.model_selection._search import BaseSearchCV

from model_training.publishing.manifests import ArtifactError

# Parameter → where the fitted ones are, of which it was the pattern.
_PATTERNS = {
    "base_estimator": ("estimator_", "estimators_", "calibrated_classifiers_"),
    "estimator": ("estimator_", "estimators_", "calibrated_classifiers_"),
    "estimators": ("estimators_",),
    "final_estimator": ("final_estimator_",),
    "regressor": ("regressor_",),
    "remainder": ("transformers_",),
    "transformer": ("transformer_",),
    "transformers": ("transformers_",),
}
_OF_FITTING = ("cv", "scoring")
"""Parameters that may be objects or functions, and that only fitting (and `score`) reads."""
_PLAIN = (str, int, float, type(None))


def answering(estimator: BaseEstimator) -> BaseEstimator:
    """What answers as `estimator` does: of a search its best estimator, of a tuned threshold the
    threshold found, else the estimator itself; a pattern's own pattern where it is not fitted.

    Raises `ArtifactError`, one sentence, for a search that was told to keep no estimator.
    """
    while isinstance(estimator, BaseSearchCV):
        if hasattr(estimator, "cv_results_") and not hasattr(estimator, "best_estimator_"):
            raise ArtifactError(
                f"The {type(estimator).__name__} was fitted with refit=False, so it holds no "
                "fitted estimator; fit it with refit=True"
            )
        estimator = getattr(estimator, "best_estimator_", estimator.estimator)
    if isinstance(estimator, TunedThresholdClassifierCV):
        return _fixed(estimator)
    return estimator


def _fixed(tuned: TunedThresholdClassifierCV) -> FixedThresholdClassifier:
    fixed = FixedThresholdClassifier(tuned.estimator, response_method=tuned.response_method)
    if hasattr(tuned, "best_threshold_"):
        # The label comes of the scorer, a function whose parameters only scikit-learn reads.
        fixed.pos_label = tuned._curve_scorer._get_pos_label()
        fixed.threshold = tuned.best_threshold_
        fixed.estimator_ = tuned.estimator_
    for name in ("feature_names_in_", "n_features_in_"):
        if hasattr(tuned, name):
            setattr(fixed, name, getattr(tuned, name))
    return fixed


def is_pattern(estimator: BaseEstimator, name: str) -> bool:
    """Whether the attribute is what copies were made of, which are fitted elsewhere in it."""
    # Not hasattr: a FrozenEstimator has the attributes of what it holds.
    return any(fitted in vars(estimator) for fitted in _PATTERNS.get(name, ()))


def without_fit(pattern: BaseEstimator) -> dict[str, Any]:
    """What a pattern was made with: what it may have been fitted to, and functions, are left out.

    That is more than its parameters: a forest makes a pattern of its own.
    """
    made = type(pattern)(**pattern.get_params(deep=False))
    return {name: None if _is_function(value) else value for name, value in vars(made).items()}


def served_attribute(estimator: BaseEstimator, name: str, value: Any) -> Any:
    """The attribute's value as it is published: columns as they were found, nothing of fitting."""
    if name in _OF_FITTING and not isinstance(value, _PLAIN):
        return None
    if not isinstance(estimator, ColumnTransformer):
        return value
    if name == "verbose_feature_names_out" and callable(value):
        return True
    if name == "transformers" and hasattr(estimator, "_columns"):
        return [
            (one, transformer, _plain_columns(columns))
            for (one, transformer, _), columns in zip(value, estimator._columns, strict=True)
        ]
    if name == "_columns":
        return list(map(_plain_columns, value))
    if name == "transformers_":
        return [(one, transformer, _plain_columns(columns)) for one, transformer, columns in value]
    return value


def _plain_columns(columns: Any) -> Any:
    """The same columns, in a list where a function chose them from an index of pandas."""
    is_of_pandas = type(columns).__module__.partition(".")[0] == "pandas"
    return columns.tolist() if is_of_pandas else columns


def _is_function(value: Any) -> bool:
    return callable(value) and not isinstance(value, type | BaseEstimator)
