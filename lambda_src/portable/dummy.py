"""DummyClassifier and DummyRegressor; gradient boosting starts from their answers."""

from __future__ import annotations

from math import log

from portable.arithmetic.links import clipped, logit
from portable.base import Predictor
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import (
    check_finite,
    choice,
    number,
    read_labels,
    read_state,
    vector,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from portable.base import Features, Row
    from portable.pickles.arrays import Label
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Predictor:  # noqa: ARG001
    """A DummyClassifier or DummyRegressor."""
    if type(estimator).__name__ == "DummyClassifier":
        state = read_state(estimator, ("n_outputs_",))
        several = state["n_outputs_"] != 1
        return DummyLabels(estimator) if several else DummyClassifier(estimator)
    return DummyRegressor(estimator)


class DummyClassifier(Predictor):
    """The same answer for every row, whatever is in it."""

    __slots__ = ("_place", "_probabilities")
    proba = True

    def __init__(self, estimator: Estimator) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("class_prior_", "classes_", "n_outputs_", "strategy"))
        choice(name, state, "n_outputs_", (1,))
        strategy = choice(name, state, "strategy", ("prior", "most_frequent", "constant"))
        self.classes_ = read_labels(name, state)
        prior = vector(name, state, "class_prior_", len(self.classes_)).tolist()
        self._place = prior.index(max(prior))
        if strategy == "constant":
            self._place = self._constant(read_state(estimator, ("constant",))["constant"])
        if strategy != "prior":
            prior = [float(place == self._place) for place in range(len(prior))]
        self._probabilities = prior

    def _constant(self, constant: object) -> int:
        if isinstance(constant, Array) and constant.shape == (1,):
            constant = constant.labels()[0]
        elif type(constant) is list and len(constant) == 1:
            constant = constant[0]
        if constant not in self.classes_:
            raise UnsupportedModel("The DummyClassifier's constant is none of its classes.")
        return self.classes_.index(constant)

    def predict(self, row: Row) -> int:  # noqa: ARG002
        """The place of the label."""
        return self._place

    def predict_proba(self, row: Row) -> list[float]:  # noqa: ARG002
        """The probability of each class."""
        return self._probabilities


class DummyLabels(Predictor):
    """The same labels and probabilities of several outputs for every row, whatever is in it."""

    __slots__ = ("_labels", "_probabilities")
    proba = True

    def __init__(self, estimator: Estimator) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("class_prior_", "classes_", "constant", "strategy"))
        strategy = choice(name, state, "strategy", ("prior", "most_frequent", "constant"))
        outputs, priors, constant = state["classes_"], state["class_prior_"], state["constant"]
        if not (type(outputs) is type(priors) is list and len(outputs) == len(priors) > 0):
            raise UnsupportedModel(f"The {name}'s classes_ are not those of several outputs.")
        self.classes_ = ()
        given: list[Label] | None = None
        if strategy == "constant":
            given = _constants(name, constant, len(outputs))
        self._labels: list[Label] = []
        self._probabilities: list[list[float]] = []
        for at, (classes, prior) in enumerate(zip(outputs, priors, strict=True)):
            labels = read_labels(name, {"classes_": classes})
            shares = vector(name, {"class_prior_": prior}, "class_prior_", len(labels)).tolist()
            label = labels[shares.index(max(shares))]
            if given is not None:
                label = given[at]
            if strategy != "prior":
                shares = [float(one == label) for one in labels]
            self._labels.append(label)
            self._probabilities.append(shares)

    def predict(self, row: Row) -> list[Label]:  # noqa: ARG002
        """A label of each output."""
        return self._labels

    def predict_proba(self, row: Row) -> list[Any]:  # noqa: ARG002
        """For each output, the probability of each of its labels."""
        return self._probabilities


def _constants(name: str, constant: object, count: int) -> list[Label]:
    constants = list(constant.labels()) if isinstance(constant, Array) else constant
    if type(constants) is not list or len(constants) != count:
        raise UnsupportedModel(f"The {name}'s constant is not a label of each output.")
    return constants


class DummyRegressor(Predictor):
    """The same number, or numbers, for every row, whatever is in it."""

    __slots__ = ("_values",)

    def __init__(self, estimator: Estimator) -> None:
        name = type(estimator).__name__
        value = read_state(estimator, ("constant_",))["constant_"]
        self.classes_ = ()
        if type(value) is not Array or len(value.shape) != 2 or value.shape[0] != 1:
            raise UnsupportedModel(f"The {name}'s constant_ is not a row of numbers.")
        self._values = check_finite(name, "constant_", value.values()).tolist()

    def predict(self, row: Row) -> float | list[float]:  # noqa: ARG002
        """The number, or a list of them for several outputs."""
        return self._values[0] if len(self._values) == 1 else self._values


def starting_scores(estimator: object, size: int, factor: float) -> list[float]:
    """The raw scores of `size` classes a boosting starts from; `factor` is its link's."""
    if type(estimator).__name__ != "DummyClassifier":
        raise UnsupportedModel(
            "The gradient boosting starts from an estimator of its own (init); leave init out."
        )
    state = read_state(estimator, ("class_prior_", "strategy"))  # type: ignore[arg-type]
    if state["strategy"] != "prior":
        raise UnsupportedModel("The gradient boosting does not start from the classes' shares.")
    shares = [clipped(share) for share in vector("DummyClassifier", state, "class_prior_", size)]
    if size == 2:
        return [logit(shares[1]) / factor]
    # The geometric mean of the shares is the reference.
    mean = sum(map(log, shares)) / size
    return [log(share) - mean for share in shares]


def starting_value(estimator: object) -> float:
    """The number that a boosting of a regression starts from."""
    if type(estimator).__name__ != "DummyRegressor":
        raise UnsupportedModel(
            "The gradient boosting starts from an estimator of its own (init); leave init out."
        )
    value = read_state(estimator, ("constant_",))["constant_"]  # type: ignore[arg-type]
    if type(value) is not Array or value.shape != (1, 1):
        raise UnsupportedModel("The gradient boosting does not start from one number.")
    return number("DummyRegressor", {"constant_": value.numbers()[0]}, "constant_")
