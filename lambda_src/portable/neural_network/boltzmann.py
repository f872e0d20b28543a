"""BernoulliRBM: how probable it is that each hidden unit is on."""

from __future__ import annotations

from array import array

from portable.arithmetic.links import expit
from portable.base import DENSE, Features, Transformer
from portable.linear_model.coefficients import Coefficients, read_intercepts, read_weights
from portable.pickles.attributes import column_count, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Transformer:
    """A BernoulliRBM."""
    return BernoulliRBM(estimator, features)


class BernoulliRBM(Transformer):
    """The logistic function of each hidden unit's weighted sum."""

    __slots__ = ("_units",)

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("components_", "intercept_hidden_", "n_features_in_"))
        count = column_count(name, state, features)
        weights, _ = read_weights(name, state, "components_", count, features)
        intercepts = read_intercepts(name, state, len(weights), "intercept_hidden_")
        self._units = Coefficients(weights, intercepts, count)
        self.features = Features(DENSE, len(weights))
        self.origins = None

    def transform(self, row: Row) -> array[float]:
        """The probability of each hidden unit; raises UnusableRow."""
        return array("d", map(expit, self._units.scores(row)))
