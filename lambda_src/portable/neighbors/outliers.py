"""LocalOutlierFactor with novelty=True: how much sparser it is around a row than around others."""

from __future__ import annotations

from portable.arithmetic.pairwise import pairwise_sum
from portable.base import Predictor, finite
from portable.errors import UnsupportedModel
from portable.neighbors.reading import FITTED, neighbor_count, read_search, sample_count
from portable.pickles.arrays import Array
from portable.pickles.attributes import (
    check_finite,
    choice,
    column_count,
    number,
    read_state,
    vector,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_REQUIRED = (*FITTED, "_distances_fit_X_", "_lrd", "n_neighbors_", "novelty", "offset_")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A LocalOutlierFactor."""
    return LocalOutlierFactor(estimator, features)


class LocalOutlierFactor(Predictor):
    """-1 for outliers, 1 for inliers, by the local reachability density of the neighbours."""

    __slots__ = ("_columns", "_densities", "_neighbors", "_offset", "_reaches", "_search")
    decision = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        choice(name, state, "novelty", (True,))
        self.classes_ = (-1, 1)
        self._columns = column_count(name, state, features)
        self._neighbors = neighbor_count(name, state, "n_neighbors_")
        self._offset = number(name, state, "offset_")
        count = sample_count(name, state)
        distances = state["_distances_fit_X_"]
        if type(distances) is not Array or distances.shape != (count, self._neighbors):
            raise UnsupportedModel(
                f"The {name}'s _distances_fit_X_ are not {self._neighbors} distances for each "
                "training row."
            )
        self._reaches = [
            check_finite(name, "_distances_fit_X_", row)[-1] for row in distances.rows()
        ]
        self._densities = vector(name, state, "_lrd", count)
        # Any two training rows may have different densities.
        self._search = read_search(name, state, self._columns, range(count), weighted=True)

    def decision_function(self, row: Row) -> list[float]:
        """Below 0 for outliers; raises UnusableRow."""
        found = self._search.nearest(finite(row, self._columns), self._neighbors)
        reach = pairwise_sum([max(d, self._reaches[place]) for d, place in found])
        density = 1.0 / (reach / self._neighbors + 1e-10)
        ratios = [self._densities[place] / density for _, place in found]
        return [-(pairwise_sum(ratios) / self._neighbors) - self._offset]

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return int(not self.decision_function(row)[0] < 0.0)
