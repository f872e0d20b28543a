"""TransformedTargetRegressor: a regressor's values, taken back from the scale it was fitted on."""

from __future__ import annotations

from portable.base import Features, Predictor, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_predictor
from portable.pickles.attributes import choice, read_state
from portable.preprocessing.inverses import read_inverse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from portable.base import Row
    from portable.pickles.unpickler import Estimator

_NAME = "TransformedTargetRegressor"


def read(estimator: Estimator, features: Features) -> Predictor:
    """A TransformedTargetRegressor."""
    return TransformedTarget(estimator, features)


class TransformedTarget(Predictor):
    """TransformedTargetRegressor."""

    __slots__ = ("_alone", "_inverse", "_regressor")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        state = read_state(estimator, ("_training_dim", "regressor_", "transformer_"))
        self.classes_ = ()
        self._regressor = read_predictor(state["regressor_"], features)
        if self._regressor.classes_:
            raise UnsupportedModel(f"The {_NAME} holds a classifier where numbers are expected.")
        self._inverse = read_inverse(state["transformer_"])
        self._alone = choice(_NAME, state, "_training_dim", (1, 2)) == 1

    def predict(self, row: Row) -> Any:
        """The value, or a list of several; raises UnusableRow."""
        predicted = self._regressor.predict(row)
        values = predicted if isinstance(predicted, list) else [predicted]
        try:
            values = self._inverse(values)
        except OverflowError:
            raise UnusableRow(
                "The row holds numbers so large that the value is infinite."
            ) from None
        return values[0] if self._alone and len(values) == 1 else values
