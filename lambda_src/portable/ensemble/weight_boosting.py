"""AdaBoostClassifier and AdaBoostRegressor: weighted votes, and the weighted median."""

from __future__ import annotations

from itertools import accumulate
from math import isfinite

from portable.arithmetic.links import softmax
from portable.arithmetic.pairwise import pairwise_sum
from portable.base import Predictor, SparseRow, finite, sparse
from portable.errors import UnsupportedModel
from portable.estimators import read_predictors
from portable.pickles.arrays import Array
from portable.pickles.attributes import check_finite, column_count, read_labels, read_state
from portable.pickles.tables import label_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_REQUIRED = ("estimator_weights_", "estimators_", "n_features_in_")


def read(estimator: Estimator, features: Features) -> Predictor:
    """An AdaBoostClassifier or an AdaBoostRegressor."""
    if type(estimator).__name__ == "AdaBoostRegressor":
        return AdaBoostRegressor(estimator, features)
    return AdaBoostClassifier(estimator, features)


class _Boosted(Predictor):
    """Estimators with weights, each of which takes the whole row."""

    __slots__ = ("_count", "_predictors", "_total", "_weights")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        self.classes_ = ()
        self._count = column_count(name, state, features)
        self._predictors = read_predictors(name, state["estimators_"], features)
        weights = state["estimator_weights_"]
        size = len(self._predictors)
        if type(weights) is not Array or len(weights.shape) != 1 or weights.shape[0] < size:
            raise UnsupportedModel(f"The {name} has not as many weights as estimators.")
        every: array[float] = check_finite(name, "estimator_weights_", weights.numbers())
        self._weights = every[:size]
        self._total = pairwise_sum(every)
        if not (self._total > 0.0 or (size == 1 and isfinite(self._total))):
            raise UnsupportedModel(f"The {name}'s weights do not add up to more than 0.")

    def _checked(self, row: Row) -> Row:
        """The row, unless a number of it is not finite."""
        if type(row) is SparseRow:
            finite_row = sparse(row)
            if all(map(isfinite, finite_row.values)):
                return finite_row
        return finite(row, self._count)


class AdaBoostClassifier(_Boosted):
    """AdaBoostClassifier of two or more classes."""

    __slots__ = ("_against", "_places")
    proba = True
    decision = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        super().__init__(estimator, features)
        name = type(estimator).__name__
        state = read_state(estimator, ("classes_",))
        if state.get("algorithm") == "SAMME.R":
            raise UnsupportedModel(f"The {name} has the algorithm SAMME.R; fit it with SAMME.")
        self.classes_ = read_labels(name, state)
        size = len(self.classes_)
        if size < 2 or not self._total:
            raise UnsupportedModel(f"The {name} has one class or no weights; fit it on more.")
        self._places = [label_places(name, one.classes_, self.classes_) for one in self._predictors]
        self._against = [-1 / (size - 1) * weight for weight in self._weights]

    def _shares(self, row: Row) -> list[float]:
        row = self._checked(row)
        totals = [0.0] * len(self.classes_)
        for predictor, places, weight, against in zip(
            self._predictors, self._places, self._weights, self._against, strict=True
        ):
            said = places[predictor.predict(row)]
            for place in range(len(totals)):
                totals[place] += weight if place == said else against
        return [total / self._total for total in totals]

    def decision_function(self, row: Row) -> list[float]:
        """One score for two classes, else one for each; raises UnusableRow."""
        shares = self._shares(row)
        return [shares[1] - shares[0]] if len(shares) == 2 else shares

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return self.answer(row)[0]

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        return self.answer(row)[1]

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label and the probabilities."""
        scores = self.decision_function(row)
        if len(scores) == 1:
            half = scores[0] / 2
            return int(scores[0] > 0.0), softmax([-half, half]), None
        divisor = len(scores) - 1
        label = scores.index(max(scores))
        return label, softmax([score / divisor for score in scores]), None


class AdaBoostRegressor(_Boosted):
    """AdaBoostRegressor."""

    __slots__ = ()

    def __init__(self, estimator: Estimator, features: Features) -> None:
        super().__init__(estimator, features)
        if any(one.classes_ for one in self._predictors):
            raise UnsupportedModel("An estimator of the AdaBoostRegressor gives labels.")

    def predict(self, row: Row) -> float:
        """The first value, ascending, by which half of all weight is reached."""
        row = self._checked(row)
        said = [predictor.predict(row) for predictor in self._predictors]
        order = sorted(range(len(said)), key=said.__getitem__)
        reached = list(accumulate(self._weights[place] for place in order))
        half = 0.5 * reached[-1]
        value: float = said[order[next(at for at, one in enumerate(reached) if one >= half)]]
        return value
