"""BaggingClassifier and BaggingRegressor: the mean of estimators, each on columns of its own."""

from __future__ import annotations

from portable.base import ByProbability, Predictor
from portable.compose.columns import columns_features, picker, read_indices
from portable.errors import UnsupportedModel
from portable.estimators import read_predictor
from portable.pickles.attributes import column_count, read_labels, read_state
from portable.pickles.tables import label_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

    Member = tuple[Predictor, Callable[[Row], Row] | None]


def read(estimator: Estimator, features: Features) -> Predictor:
    """A BaggingClassifier or a BaggingRegressor."""
    members = _members(estimator, features)
    if type(estimator).__name__ == "BaggingRegressor":
        return BaggingRegressor(members)
    return BaggingClassifier(estimator, members)


class BaggingClassifier(ByProbability):
    """The mean of the probabilities, or the shares of the votes where there are none."""

    __slots__ = ("_members", "_places", "decision")

    def __init__(self, estimator: Estimator, members: list[Member]) -> None:
        name = type(estimator).__name__
        self.classes_ = read_labels(name, read_state(estimator, ("classes_",)))
        self._members = members
        # Each was fitted on the places of the labels, of which it may have seen some only.
        codes = tuple(range(len(self.classes_)))
        self._places = [label_places(name, one.classes_, codes) for one, _ in members]
        self.decision = members[0][0].decision
        if not all(one.decision == self.decision and one.classes_ for one, _ in members):
            raise UnsupportedModel(f"The estimators of the {name} are not of one kind.")

    def predict_proba(self, row: Row) -> list[float]:
        """The mean over the estimators; raises UnusableRow."""
        totals = [0.0] * len(self.classes_)
        for (predictor, pick), places in zip(self._members, self._places, strict=True):
            taken = row if pick is None else pick(row)
            if predictor.proba:
                for place, share in zip(places, predictor.predict_proba(taken), strict=True):
                    totals[place] += share
            else:
                totals[places[predictor.predict(taken)]] += 1.0
        return [total / len(self._members) for total in totals]

    def decision_function(self, row: Row) -> list[float]:
        """The mean over the estimators; raises UnusableRow."""
        totals: list[float] = []
        for predictor, pick in self._members:
            scores = predictor.decision_function(row if pick is None else pick(row))
            totals = (
                [total + score for total, score in zip(totals, scores, strict=True)]
                if totals
                else scores
            )
        return [total / len(self._members) for total in totals]


class BaggingRegressor(Predictor):
    """The mean of the values."""

    __slots__ = ("_members",)

    def __init__(self, members: list[Member]) -> None:
        self.classes_ = ()
        self._members = members
        if any(one.classes_ for one, _ in members):
            raise UnsupportedModel("An estimator of the BaggingRegressor gives labels.")

    def predict(self, row: Row) -> float:
        """The mean over the estimators; raises UnusableRow."""
        total = 0.0
        for predictor, pick in self._members:
            total += predictor.predict(row if pick is None else pick(row))
        return total / len(self._members)


def _members(estimator: Estimator, features: Features) -> list[Member]:
    """Each estimator, and what takes its columns of a row: None where it has them all in order."""
    name = type(estimator).__name__
    state = read_state(estimator, ("estimators_", "estimators_features_", "n_features_in_"))
    count = column_count(name, state, features)
    estimators, columns = state["estimators_"], state["estimators_features_"]
    if not (
        type(estimators) is list and type(columns) is list and 0 < len(estimators) == len(columns)
    ):
        raise UnsupportedModel(f"The {name} has not as many estimators as choices of columns.")
    members: list[Member] = []
    for one, chosen in zip(estimators, columns, strict=True):
        indices = read_indices(name, chosen, count)
        if indices == list(range(count)):
            members.append((read_predictor(one, features), None))
        else:
            taken = columns_features(features, indices)
            members.append((read_predictor(one, taken), picker(indices, count)))
    return members
