"""FixedThresholdClassifier: of two classes, the label by a threshold of one's own.

A TunedThresholdClassifierCV is published as the FixedThresholdClassifier it came to, and a search
for parameters as its best estimator.
"""

from __future__ import annotations

from portable.base import Predictor
from portable.errors import UnsupportedModel
from portable.estimators import read_predictor
from portable.pickles.attributes import choice, number, read_state
from portable.responses import DECISION, PROBA, response_method, responses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.attribution import Attribution
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_NAME = "FixedThresholdClassifier"


def read(estimator: Estimator, features: Features) -> Predictor:
    """A FixedThresholdClassifier."""
    return ThresholdClassifier(estimator, features)


class ThresholdClassifier(Predictor):
    """The positive label from the threshold on, the other one below it."""

    __slots__ = ("_above", "_below", "_method", "_predictor", "_threshold", "decision", "proba")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        state = read_state(estimator, ("estimator", "pos_label", "response_method", "threshold"))
        predictor = read_predictor(state.get("estimator_", state["estimator"]), features)
        self._predictor = predictor
        self.classes_ = predictor.classes_
        self.proba = predictor.proba
        self.decision = predictor.decision
        if len(self.classes_) != 2:
            raise UnsupportedModel(f"The {_NAME} does not hold a classifier of two classes.")
        asked = choice(_NAME, state, "response_method", ("auto", PROBA, DECISION))
        methods = (PROBA, DECISION) if asked == "auto" else (str(asked),)
        self._method = response_method(predictor, methods)
        if state["threshold"] == "auto":
            self._threshold = 0.5 if self._method == PROBA else 0.0
        else:
            self._threshold = number(_NAME, state, "threshold")
        positive = state["pos_label"]
        if positive is not None and positive not in self.classes_:
            raise UnsupportedModel(f"The {_NAME}'s pos_label is none of its labels.")
        self._above = 1 if positive is None else self.classes_.index(positive)
        self._below = 1 - self._above

    def predict(self, row: Row) -> int:
        """The place of the label; raises UnusableRow."""
        score = responses(self._predictor, self._method, row)[0]
        if self._above == 0:
            score = self.predict_proba(row)[0] if self._method == PROBA else -score
        return self._above if score >= self._threshold else self._below

    def predict_proba(self, row: Row) -> list[float]:
        """The probabilities of the classifier within."""
        return self._predictor.predict_proba(row)

    def decision_function(self, row: Row) -> list[float]:
        """The decision function of the classifier within."""
        return self._predictor.decision_function(row)

    def explain(self, row: Row) -> Attribution | None:
        """The score of the classifier within in parts, the threshold apart."""
        return self._predictor.explain(row)
