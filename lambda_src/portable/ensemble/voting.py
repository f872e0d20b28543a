"""VotingClassifier and VotingRegressor: what most estimators say, or their mean."""

from __future__ import annotations

from array import array

from portable.base import DENSE, ByProbability, Features, Predictor, Transformer
from portable.errors import UnsupportedModel
from portable.estimators import read_predictors
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, choice, number, read_labels, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Predictor:
    """A VotingClassifier or a VotingRegressor."""
    name = type(estimator).__name__
    state = read_state(estimator, ("estimators", "estimators_", "weights"))
    predictors = read_predictors(name, state["estimators_"], features)
    weights = _weights(name, state, len(predictors))
    if name == "VotingRegressor":
        _check_values(name, predictors)
        return VotingRegressor(predictors, weights)
    classes = read_labels(name, read_state(estimator, ("classes_", "voting")))
    # Each was fitted on the places of the labels.
    _check_codes(name, predictors, len(classes))
    if choice(name, state, "voting", ("hard", "soft")) == "hard":
        return HardVotingClassifier(classes, predictors, weights)
    if not all(len(one.classes_) == len(classes) and one.proba for one in predictors):
        raise UnsupportedModel(f"An estimator of the {name} gives no probability of each label.")
    return SoftVotingClassifier(classes, predictors, weights)


def read_transforming(estimator: Estimator, features: Features) -> Transformer:
    """What each estimator of a voting says, for the step that follows."""
    voting = read(estimator, features)
    soft = isinstance(voting, SoftVotingClassifier)
    if soft:
        name = type(estimator).__name__
        choice(name, read_state(estimator, ("flatten_transform",)), "flatten_transform", (True,))
    return VotesTransformer(voting, soft=soft)  # type: ignore[arg-type]


class HardVotingClassifier(Predictor):
    """The label that the estimators of the most weight say."""

    __slots__ = ("_codes", "_weights", "predictors")

    def __init__(
        self, classes: tuple[object, ...], predictors: list[Predictor], weights: list[float]
    ) -> None:
        self.classes_ = classes  # type: ignore[assignment]
        self.predictors = predictors
        self._weights = weights

    def predict(self, row: Row) -> int:
        """The place of the first label of the most weight; raises UnusableRow."""
        votes = [0.0] * len(self.classes_)
        for predictor, weight in zip(self.predictors, self._weights, strict=True):
            code: int = predictor.classes_[predictor.predict(row)]
            votes[code] += weight
        return votes.index(max(votes))


class SoftVotingClassifier(ByProbability):
    """The mean of the estimators' probabilities."""

    __slots__ = ("_total", "_weights", "predictors")

    def __init__(
        self, classes: tuple[object, ...], predictors: list[Predictor], weights: list[float]
    ) -> None:
        self.classes_ = classes  # type: ignore[assignment]
        self.predictors = predictors
        self._weights = weights
        self._total = sum(weights)

    def predict_proba(self, row: Row) -> list[float]:
        """The weighted mean of the probabilities; raises UnusableRow."""
        totals = [0.0] * len(self.classes_)
        for predictor, weight in zip(self.predictors, self._weights, strict=True):
            shares = predictor.predict_proba(row)
            totals = [total + share * weight for total, share in zip(totals, shares, strict=True)]
        return [total / self._total for total in totals]


class VotingRegressor(Predictor):
    """The mean of the estimators' values."""

    __slots__ = ("_total", "_weights", "predictors")

    def __init__(self, predictors: list[Predictor], weights: list[float]) -> None:
        self.classes_ = ()
        self.predictors = predictors
        self._weights = weights
        self._total = sum(weights)

    def predict(self, row: Row) -> float:
        """The weighted mean; raises UnusableRow."""
        total = 0.0
        for predictor, weight in zip(self.predictors, self._weights, strict=True):
            total += predictor.predict(row) * weight
        return total / self._total


class VotesTransformer(Transformer):
    """Every estimator's probabilities, or the label's place or the value it says."""

    __slots__ = ("_predictors", "_soft")

    def __init__(
        self,
        voting: HardVotingClassifier | SoftVotingClassifier | VotingRegressor,
        *,
        soft: bool,
    ) -> None:
        self._predictors = voting.predictors
        self._soft = soft
        width = len(voting.classes_) if soft else 1
        self.features = Features(DENSE, width * len(self._predictors))
        self.origins = None

    def transform(self, row: Row) -> array[float]:
        """What each says of the row, in their order; raises UnusableRow."""
        if self._soft:
            numbers = array("d")
            for predictor in self._predictors:
                numbers.extend(predictor.predict_proba(row))
            return numbers
        said = []
        for predictor in self._predictors:
            answer = predictor.predict(row)
            said.append(predictor.classes_[answer] if predictor.classes_ else answer)
        return array("d", said)


def _weights(name: str, state: State, count: int) -> list[float]:
    """The weight of each of the `count` estimators that were not dropped."""
    weights, estimators = state["weights"], state["estimators"]
    if weights is None:
        return [1.0] * count
    if type(weights) is Array:
        weights = list(weights.labels())
    if type(weights) not in (list, tuple) or type(estimators) is not list:
        raise UnsupportedModel(f"The {name}'s weights are not a list of numbers.")
    kept = [
        number(name, {"weights": weight}, "weights")
        for (_, one), weight in zip(estimators, weights, strict=False)  # type: ignore[call-overload]
        if one != "drop"
    ]
    if len(kept) != count or not sum(kept):
        raise UnsupportedModel(f"The {name}'s weights are not one for each estimator, above 0.")
    return kept


def _check_values(name: str, predictors: list[Predictor]) -> None:
    if any(one.classes_ for one in predictors):
        raise UnsupportedModel(f"An estimator of the {name} gives labels instead of numbers.")


def _check_codes(name: str, predictors: list[Predictor], count: int) -> None:
    for one in predictors:
        codes = one.classes_
        if not codes or any(type(code) is not int or not 0 <= code < count for code in codes):
            raise UnsupportedModel(f"An estimator of the {name} was fitted on other labels.")
