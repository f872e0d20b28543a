"""Several outputs by an estimator for each: apart, or each taking what those before it said.

Where the outputs are classes there is a list of labels, and of each output's probabilities.
"""

from __future__ import annotations

from array import array

from portable.base import SPARSE, Features, Predictor, SparseRow, UnusableRow, finite
from portable.compose.columns import read_indices
from portable.errors import UnsupportedModel
from portable.estimators import read_predictor, read_predictors
from portable.pickles.attributes import column_count, read_state
from portable.responses import DECISION, PREDICT, PROBA, check_numbers, response_method, responses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from portable.base import Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Predictor:
    """A MultiOutputClassifier, MultiOutputRegressor, ClassifierChain or RegressorChain."""
    name = type(estimator).__name__
    if name in ("ClassifierChain", "RegressorChain"):
        return Chain(estimator, features)
    state = read_state(estimator, ("estimators_",))
    return SeveralOutputs(read_predictors(name, state["estimators_"], features))


class SeveralOutputs(Predictor):
    """MultiOutputClassifier and MultiOutputRegressor."""

    __slots__ = ("_predictors", "proba")

    def __init__(self, predictors: list[Predictor]) -> None:
        self.classes_ = ()
        self._predictors = predictors
        self.proba = all(one.proba for one in predictors)

    def predict(self, row: Row) -> list[Any]:
        """The label or value of each output; raises UnusableRow."""
        answers = [(one, one.predict(row)) for one in self._predictors]
        return [one.classes_[answer] if one.classes_ else answer for one, answer in answers]

    def predict_proba(self, row: Row) -> list[Any]:
        """For each output, the probability of each of its classes."""
        return [one.predict_proba(row) for one in self._predictors]


class Chain(Predictor):
    """ClassifierChain and RegressorChain: outputs are answered in the chain's own order."""

    __slots__ = ("_count", "_method", "_order", "_predictors", "decision", "proba")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("estimators_", "n_features_in_", "order_"))
        self.classes_ = ()
        self._count = column_count(name, state, features)
        estimators = state["estimators_"]
        if type(estimators) is not list or not estimators:
            raise UnsupportedModel(f"The {name} holds no fitted estimators; fit it first.")
        order = state["order_"]
        self._order = read_indices(name, order, len(estimators))
        if sorted(self._order) != list(range(len(estimators))):
            raise UnsupportedModel(f"The {name}'s order_ is none of its estimators.")
        form = SPARSE if features.form == SPARSE else "dense"
        self._predictors = [
            read_predictor(one, Features(form, self._count + place))
            for place, one in enumerate(estimators)
        ]
        asked = state.get("chain_method_", PREDICT)
        if asked not in (PREDICT, PROBA, DECISION):
            raise UnsupportedModel(
                f"The {name}'s chain_method_ is {str(asked)[:40]!r}; serve it by the scikit-learn "
                "runtime."
            )
        self._method = str(asked)
        for one in self._predictors:
            check_numbers(name, one)
            response_method(one, (self._method,))
        binary = all(len(one.classes_) == 2 for one in self._predictors)
        if self._method != PREDICT and not binary:
            raise UnsupportedModel(f"An estimator of the {name} has not two classes.")
        self.proba = binary and all(one.proba for one in self._predictors)
        self.decision = binary and all(one.decision for one in self._predictors)

    def predict(self, row: Row) -> list[float]:
        """The value of each output, or its label as a number; raises UnusableRow."""
        return self._outputs(row, PREDICT)

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of the second class of each output."""
        return self._outputs(row, PROBA)

    def decision_function(self, row: Row) -> list[float]:
        """The score of each output."""
        return self._outputs(row, DECISION)

    def _outputs(self, row: Row, method: str) -> list[float]:
        if type(row) is SparseRow:
            finite(array("d", row.values), len(row.values))
        else:
            row = finite(row, self._count)
        outputs = [0.0] * len(self._predictors)
        for predictor, place in zip(self._predictors, self._order, strict=True):
            said = responses(predictor, self._method, row)
            wanted = said if method == self._method else responses(predictor, method, row)
            if len(said) != 1 or len(wanted) != 1:
                raise UnusableRow("An estimator of the chain answers more than one number.")
            outputs[place] = float(wanted[0])
            row = _appended(row, float(said[0]))
        return outputs


def _appended(row: Row, value: float) -> Row:
    if type(row) is not SparseRow:
        return row + array("d", (value,))
    if not value:
        return SparseRow(row.columns, row.values, row.width + 1)
    return SparseRow([*row.columns, row.width], [*row.values, value], row.width + 1)
