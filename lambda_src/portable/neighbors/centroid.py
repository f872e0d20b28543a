"""NearestCentroid: the class whose centre is nearest, or by what its prior adds to that."""

from __future__ import annotations

from math import exp, log

from portable.base import Predictor, finite
from portable.errors import UnsupportedModel
from portable.neighbors.metrics import Metric
from portable.pickles.attributes import (
    choice,
    column_count,
    matrix,
    read_labels,
    read_state,
    vector,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Predictor:
    """A NearestCentroid; releases before 1.7 know no priors and only predict."""
    state = read_state(estimator, ("metric",))
    name = type(estimator).__name__
    euclidean = choice(name, state, "metric", ("euclidean", "manhattan")) == "euclidean"
    if euclidean and "class_prior_" in state:
        return DiscriminantCentroid(estimator, features)
    return NearestCentroid(estimator, features)


class NearestCentroid(Predictor):
    """Labels alone: the nearest centre, or the highest discriminant where priors differ."""

    __slots__ = ("_centers", "_columns", "_metric", "_priors", "_scaled", "_spreads")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("centroids_", "classes_", "metric", "n_features_in_"))
        self.classes_ = read_labels(name, state)
        self._columns = column_count(name, state, features)
        size = len(self.classes_)
        self._centers = matrix(name, state, "centroids_", size, self._columns)
        self._metric = Metric(2.0 if state["metric"] == "euclidean" else 1.0)
        self._priors: list[float] | None = None
        if "class_prior_" not in state:
            return
        read_state(estimator, ("within_class_std_dev_",))
        spreads = vector(name, state, "within_class_std_dev_", self._columns)
        # A column that no class varies in is not scaled.
        self._spreads = [spread or 1.0 for spread in spreads]
        self._scaled = [self._divided(center) for center in self._centers]
        self._priors = vector(name, state, "class_prior_", size).tolist()
        if min(self._priors) <= 0.0:
            raise UnsupportedModel(
                f"The {name} has a class of prior 0; fit it without that class or serve it by the "
                "scikit-learn runtime."
            )

    def _divided(self, row: Sequence[float]) -> list[float]:
        return [value / spread for value, spread in zip(row, self._spreads, strict=True)]

    def predict(self, row: Row) -> int:
        """The place of the label; raises UnusableRow."""
        values = finite(row, self._columns)
        priors = self._priors
        if priors is not None:
            even = 1.0 / len(priors)
            # numpy.isclose, as scikit-learn asks it.
            if not all(abs(prior - even) <= 1e-8 + 1e-5 * even for prior in priors):
                scores = self.scores(row)
                return scores.index(max(scores))
        distances = [self._metric.reduced(values, center) for center in self._centers]
        return distances.index(min(distances))

    def scores(self, row: Row) -> list[float]:
        """The discriminant of every class."""
        values = self._divided(finite(row, self._columns))
        metric = self._metric
        return [
            -(metric.distance(metric.reduced(values, center)) ** 2) + 2.0 * log(prior)
            for center, prior in zip(self._scaled, self._priors or (), strict=True)
        ]


class DiscriminantCentroid(NearestCentroid):
    """With euclidean distances, probabilities too."""

    __slots__ = ()
    proba = True
    decision = True

    def decision_function(self, row: Row) -> list[float]:
        """The discriminant of each class; of two, the second's less the first's."""
        scores = self.scores(row)
        return [scores[1] - scores[0]] if len(scores) == 2 else scores

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        scores = self.scores(row)
        best = max(scores)
        likelihoods = [score - best for score in scores]
        evidence = log(sum(map(exp, likelihoods)))
        return [exp(likelihood - evidence) for likelihood in likelihoods]
