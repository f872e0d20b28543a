"""EllipticEnvelope: outliers by their Mahalanobis distance from the centre."""

from __future__ import annotations

from math import sqrt

from portable.base import Predictor, finite
from portable.pickles.attributes import choice, column_count, matrix, number, read_state, vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_REQUIRED = ("location_", "n_features_in_", "offset_", "precision_", "store_precision")


def read(estimator: Estimator, features: Features) -> Predictor:
    """An EllipticEnvelope."""
    return EllipticEnvelope(estimator, features)


class EllipticEnvelope(Predictor):
    """-1 for outliers, 1 for inliers."""

    __slots__ = ("_columns", "_location", "_offset", "_precision")
    decision = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        choice(name, state, "store_precision", (True,))
        self.classes_ = (-1, 1)
        self._columns = column_count(name, state, features)
        self._location = vector(name, state, "location_", self._columns)
        self._precision = matrix(name, state, "precision_", self._columns, self._columns)
        self._offset = number(name, state, "offset_")

    def decision_function(self, row: Row) -> list[float]:
        """Below 0 for outliers; raises UnusableRow."""
        values = finite(row, self._columns)
        apart = [value - center for value, center in zip(values, self._location, strict=True)]
        total = 0.0
        for difference, weights in zip(apart, self._precision, strict=True):
            total += difference * sum([d * w for d, w in zip(apart, weights, strict=True)])
        distance = sqrt(max(total, 0.0))
        return [-(distance * distance) - self._offset]

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return int(self.decision_function(row)[0] >= 0.0)
