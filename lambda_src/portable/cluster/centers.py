"""KMeans and its kin, Birch, MeanShift, AffinityPropagation: the nearest of the fitted centres."""

from __future__ import annotations

from math import dist
from operator import mul

from portable.base import DENSE, Features, Predictor, Transformer, UnusableRow, finite
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import column_count, matrix, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Row
    from portable.pickles.unpickler import Estimator

NOISE = 1e-13
"""Of squared lengths: scikit-learn takes squared distances from a matrix product, whose rounding
differs from one processor to another."""
UNCERTAIN = 1e-6
"""Of squared lengths: distances below it show that rounding in their ninth digit."""
_TRANSFORMERS = ("Birch", "BisectingKMeans", "KMeans", "MiniBatchKMeans")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A clusterer that keeps centres."""
    return NearestCenter(estimator, features)


def read_transforming(estimator: Estimator, features: Features) -> Predictor | Transformer:
    """As a step before others, where scikit-learn's transforms: the distances."""
    clusterer = NearestCenter(estimator, features)
    if type(estimator).__name__ not in _TRANSFORMERS:
        return clusterer
    return CenterDistances(clusterer.centers)


class Centers:
    """The centres as `count` numbers each, and how far a row is from them."""

    __slots__ = ("_lengths", "_points", "_whole", "count")

    def __init__(self, points: Sequence[Sequence[float]], count: int) -> None:
        self.count = count
        self._points = list(map(tuple, points))
        self._lengths = max(sum(map(mul, point, point)) for point in self._points)
        self._whole = all(all(map(float.is_integer, point)) for point in self._points)

    def __len__(self) -> int:
        return len(self._points)

    def distances(self, row: Row) -> tuple[list[float], float]:
        """The distance of each, and the squared length that rounding is to be measured by: none
        where all numbers are whole. Raises UnusableRow."""
        given = tuple(finite(row, self.count))
        scale = sum(map(mul, given, given)) + self._lengths
        if self._whole and scale < 2.0**48 and all(map(float.is_integer, given)):
            scale = 0.0
        return [dist(given, point) for point in self._points], scale

    def nearest(self, row: Row, labels: Sequence[int] | None = None) -> int:
        """The place of the nearest, the first of equals, or its label; raises UnusableRow where
        rounding alone would decide between two labels."""
        distances, scale = self.distances(row)
        least = min(distances)
        place = distances.index(least)
        limit = least * least + NOISE * scale
        for other, distance in enumerate(distances):
            alike = labels is not None and labels[other] == labels[place]
            if least < distance and distance * distance <= limit and not alike:
                raise UnusableRow("The row is equally near to two clusters.")
        return place if labels is None else labels[place]


class NearestCenter(Predictor):
    """The cluster of a row."""

    __slots__ = ("_labels", "centers")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        attribute = "subcluster_centers_" if name == "Birch" else "cluster_centers_"
        state = read_state(estimator, (attribute, "n_features_in_"))
        self.classes_ = ()
        count = column_count(name, state, features)
        value = state[attribute]
        size = value.shape[0] if type(value) is Array and value.shape else 0
        if not size:
            raise UnsupportedModel(f"The {name} has no centres of clusters; fit it again.")
        self.centers = Centers(matrix(name, state, attribute, size, count), count)
        self._labels: Sequence[int] | None = None
        if name == "Birch":
            labels = read_state(estimator, ("subcluster_labels_",))["subcluster_labels_"]
            if type(labels) is not Array or labels.shape != (size,):
                raise UnsupportedModel(
                    "The Birch's subcluster_labels_ are not one for each centre."
                )
            self._labels = labels.integers()

    def predict(self, row: Row) -> int:
        """The number of the cluster; raises UnusableRow."""
        return self.centers.nearest(row, self._labels)


class CenterDistances(Transformer):
    """The distance of a row from each centre."""

    __slots__ = ("_centers",)

    def __init__(self, centers: Centers) -> None:
        self._centers = centers
        self.features = Features(DENSE, len(centers))
        self.origins = None

    def transform(self, row: Row) -> list[float]:
        """The distances; raises UnusableRow."""
        distances, scale = self._centers.distances(row)
        if min(distances) <= UNCERTAIN * scale:
            raise UnusableRow("The row is so near to a centre that the distance is only rounding.")
        return distances
