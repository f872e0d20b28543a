"""StackingClassifier and StackingRegressor: an estimator that takes what others say of the row."""

from __future__ import annotations

from array import array

from portable.base import DENSE, SPARSE, Features, Predictor, SparseRow, Transformer, dense
from portable.errors import UnsupportedModel
from portable.estimators import PredictorPipeline, read_predictor, read_predictors
from portable.pickles.attributes import choice, read_labels, read_state
from portable.responses import (
    DECISION,
    PREDICT,
    PROBA,
    check_numbers,
    response_method,
    value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator

_REQUIRED = ("_n_feature_outs", "estimators_", "final_estimator_", "passthrough", "stack_method_")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A StackingClassifier or a StackingRegressor."""
    name = type(estimator).__name__
    state = read_state(estimator, _REQUIRED)
    stack = StackTransformer(estimator, features)
    final = read_predictor(state["final_estimator_"], stack.features)
    answering = PredictorPipeline([stack], final)
    if name == "StackingClassifier":
        classes = read_labels(name, state)
        # The last one was fitted on the places of the labels.
        if final.classes_ != tuple(range(len(classes))):
            raise UnsupportedModel(f"The {name}'s final estimator was fitted on other labels.")
        answering.classes_ = classes
    return answering


def read_transforming(estimator: Estimator, features: Features) -> Transformer:
    """What the estimators of a stack say, for the step that follows."""
    return StackTransformer(estimator, features)


class StackTransformer(Transformer):
    """What each estimator says of a row, and the row itself where it passes through."""

    __slots__ = ("_answers", "_passes", "_width")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        predictors = read_predictors(name, state["estimators_"], features)
        methods, widths = state["stack_method_"], state["_n_feature_outs"]
        if not (
            type(methods) is list
            and type(widths) is list
            and len(methods) == len(widths) == len(predictors)
            and all(type(width) is int and width > 0 for width in widths)
        ):
            raise UnsupportedModel(f"The {name} asks its estimators for several outputs each.")
        two = name == "StackingClassifier" and len(read_labels(name, state)) == 2
        for predictor, method in zip(predictors, methods, strict=True):
            response_method(predictor, (method,))
            if method == PREDICT:
                check_numbers(name, predictor)
        self._answers = [
            (predictor, method, 1 if two and method == PROBA else 0)
            for predictor, method in zip(predictors, methods, strict=True)
        ]
        count = sum(widths)
        self._passes = choice(name, state, "passthrough", (False, True)) is True
        self._width = features.count if self._passes else 0
        if self._width is None:
            raise UnsupportedModel(f"Nothing says how many columns the {name} takes.")
        form = SPARSE if self._passes and features.form == SPARSE else DENSE
        self.features = Features(form, count + self._width)
        self.origins = None

    def transform(self, row: Row) -> Row:
        """The row of what each says; raises UnusableRow."""
        said = array("d")
        for predictor, method, first in self._answers:
            if method == PROBA:
                said.extend(predictor.predict_proba(row)[first:])
            elif method == DECISION:
                said.extend(predictor.decision_function(row))
            else:
                said.append(value(predictor, row))
        if not self._passes:
            return said
        if type(row) is not SparseRow:
            return said + dense(row, self._width or 0)
        start = len(said)
        return SparseRow(
            [*range(start), *(column + start for column in row.columns)],
            [*said, *row.values],
            start + row.width,
        )
