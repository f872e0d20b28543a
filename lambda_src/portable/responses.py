"""A classifier's answer as numbers, as sklearn.utils._response and sklearn.multiclass take it."""

from __future__ import annotations

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Predictor, Row

PREDICT, PROBA, DECISION = "predict", "predict_proba", "decision_function"


def response_method(predictor: Predictor, methods: Sequence[str]) -> str:
    """The first of `methods` that the predictor has; raises UnsupportedModel where it has none."""
    for method in methods:
        if (
            method == PREDICT
            or (method == PROBA and predictor.proba)
            or (method == DECISION and predictor.decision)
        ):
            return method
    raise UnsupportedModel(f"The model's estimator has none of {', '.join(methods)[:80]}.")


def responses(predictor: Predictor, method: str, row: Row) -> list[float]:
    """One number of two classes, which speaks for the second; one for each of more; the label or
    value alone where `method` is PREDICT."""
    if method == PREDICT:
        return [value(predictor, row)]
    if method == DECISION:
        return predictor.decision_function(row)
    probabilities = predictor.predict_proba(row)
    return probabilities[1:] if len(probabilities) == 2 else probabilities


def value(predictor: Predictor, row: Row) -> float:
    """What is predicted, as a number: a regressor's value or a classifier's label."""
    answer = predictor.predict(row)
    number: float = predictor.classes_[answer] if predictor.classes_ else answer
    return number


def check_numbers(name: str, predictor: Predictor) -> None:
    """Raise UnsupportedModel where what the predictor predicts is no number."""
    if any(type(label) is str for label in predictor.classes_):
        raise UnsupportedModel(
            f"The {name} computes with the labels of an estimator, which are text; fit it on "
            "numbers."
        )


def positive_score(predictor: Predictor, row: Row) -> float:
    """How much speaks for the second of two classes, or a regressor's value: what one versus rest
    and its kin compare."""
    if not predictor.classes_:
        return predictor.predict(row)  # type: ignore[no-any-return]
    if predictor.decision:
        return predictor.decision_function(row)[0]
    return predictor.predict_proba(row)[1]


def check_binary(name: str, predictors: Sequence[Predictor]) -> None:
    """Raise UnsupportedModel unless `positive_score` can be asked of each."""
    for predictor in predictors:
        if predictor.classes_ and (
            len(predictor.classes_) != 2 or not (predictor.decision or predictor.proba)
        ):
            raise UnsupportedModel(f"An estimator of the {name} does not score two classes.")
