"""PowerTransformer: the power that makes each column most like a normal distribution."""

from __future__ import annotations

from array import array
from math import exp, expm1, isnan, log, log1p

from portable.base import DENSE, Features, Transformer, UnusableRow, without_infinities
from portable.errors import UnsupportedModel
from portable.pickles.attributes import choice, column_count, read_state, vector
from portable.pickles.tables import in_double
from portable.pickles.unpickler import Estimator
from portable.preprocessing.scalers import read as read_scaler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row

_EPSILON = 2.0**-52
_LARGEST_LOG = 709.78
"""From here on scipy's boxcox takes another formula, lest exp overflow."""


def read(estimator: Estimator, features: Features) -> Transformer:
    """A PowerTransformer."""
    return PowerTransformer(estimator, features)


class PowerTransformer(Transformer):
    """Each column by Yeo and Johnson's formula or Box and Cox's, then scaled. NaN stays NaN."""

    __slots__ = ("_power", "_powers", "_scale")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(estimator, ("lambdas_", "method", "standardize", "n_features_in_"))
        count = column_count(name, state, features)
        self._powers = vector(name, state, "lambdas_", count)
        method = choice(name, state, "method", ("yeo-johnson", "box-cox"))
        self._power = yeo_johnson if method == "yeo-johnson" else box_cox
        self.features = Features(DENSE, count, features.names)
        self.origins = range(count)
        self._scale = None
        if choice(name, state, "standardize", (True, False)):
            scaler = state.get("_scaler")
            if not isinstance(scaler, Estimator) or type(scaler).__name__ != "StandardScaler":
                raise UnsupportedModel(f"The {name} lacks its StandardScaler; fit it again.")
            self._scale = read_scaler(scaler, self.features).transform

    def transform(self, row: Row) -> array[float]:
        """The row; raises UnusableRow."""
        values = without_infinities(row, len(self._powers))
        try:
            powers = array("d", map(self._power, values, self._powers))
        except OverflowError:
            raise UnusableRow("The row holds a number whose power is infinite.") from None
        return powers if self._scale is None else self._scale(powers)


def yeo_johnson(value: float, power: float) -> float:
    """scipy.stats.yeojohnson."""
    if value >= 0.0:
        return log1p(value) if abs(power) < _EPSILON else expm1(power * log1p(value)) / power
    if abs(power - 2.0) > _EPSILON:
        return -expm1((2.0 - power) * log1p(-value)) / (2.0 - power)
    return -log1p(-value)


def box_cox(value: float, power: float) -> float:
    """scipy.special.boxcox; raises UnusableRow for what is not above 0."""
    if value <= 0.0:
        raise UnusableRow("The row holds a number that is not above 0, which Box-Cox requires.")
    if isnan(value):
        return value
    if abs(power) < 1e-19:
        return log(value)
    grown = power * log(value)
    if grown < _LARGEST_LOG:
        return expm1(grown) / power
    return (1.0 if power > 0 else -1.0) * exp(grown - log(abs(power))) - 1.0 / power
