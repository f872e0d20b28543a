"""Classifiers and regressors by the targets of the neighbours, nearest or within a radius."""

from __future__ import annotations

from math import inf

from portable.arithmetic.pairwise import pairwise_sum
from portable.base import Predictor, UnusableRow, finite
from portable.errors import UnsupportedModel
from portable.neighbors.reading import FITTED, neighbor_count, read_search, sample_count
from portable.pickles.arrays import Array
from portable.pickles.attributes import (
    check_finite,
    choice,
    column_count,
    number,
    read_labels,
    read_state,
)
from portable.pickles.sparse import SparseMatrix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence
    from typing import Any

    from portable.base import Features, Row
    from portable.neighbors.reading import Search
    from portable.pickles.arrays import Label
    from portable.pickles.attributes import State
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Predictor:
    """A KNeighbors or RadiusNeighbors classifier or regressor."""
    if type(estimator).__name__.endswith("Regressor"):
        return NeighborsRegressor(estimator, features)
    if read_state(estimator, ("outputs_2d_",))["outputs_2d_"] is True:
        return NeighborsLabels(estimator, features)
    return NeighborsClassifier(estimator, features)


class Neighborhood:
    """The neighbours that an estimator asks: so many, or all within a radius."""

    __slots__ = ("_columns", "_neighbors", "_radius", "_search", "_sparse", "weighted")

    def __init__(
        self, name: str, state: State, features: Features, targets: Sequence[object]
    ) -> None:
        self._columns = column_count(name, state, features)
        self.weighted = choice(name, state, "weights", ("uniform", "distance", None)) == "distance"
        self._neighbors = self._radius = None
        if name.startswith("Radius"):
            self._radius = number(name, state, "radius")
        else:
            self._neighbors = neighbor_count(name, state)
        # Those rows the search itself takes as they come.
        self._sparse = type(state["_fit_X"]) is SparseMatrix
        self._search: Search = read_search(
            name, state, self._columns, targets, weighted=self.weighted
        )

    def of(self, row: Row) -> tuple[list[int], list[float]]:
        """The places of the neighbours and their weights; raises UnusableRow."""
        values = row if self._sparse else finite(row, self._columns)
        if self._radius is None:
            found = self._search.nearest(values, self._neighbors or 0)
        else:
            found = self._search.within(values, self._radius)
        places = [place for _, place in found]
        return places, _weights([d for d, _ in found]) if self.weighted else [1.0] * len(found)


def _weights(distances: list[float]) -> list[float]:
    """One over the distance; where some are none, those alone count."""
    weights = [1.0 / distance if distance else inf for distance in distances]
    return [float(weight == inf) for weight in weights] if inf in weights else weights


class NeighborsClassifier(Predictor):
    """The share of each class among the neighbours."""

    __slots__ = ("_exact", "_neighborhood", "_outlier", "_targets")
    proba = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, (*FITTED, "_y", "classes_", "outputs_2d_", "weights"))
        choice(name, state, "outputs_2d_", (False,))
        self.classes_ = read_labels(name, state)
        targets = state["_y"]
        if type(targets) is not Array or targets.shape != (sample_count(name, state),):
            raise UnsupportedModel(f"The {name}'s _y are not the classes of its training rows.")
        self._targets = targets.integers()
        if not 0 <= min(self._targets) <= max(self._targets) < len(self.classes_):
            raise UnsupportedModel(f"The {name}'s _y are not places in its classes_.")
        self._neighborhood = Neighborhood(name, state, features, self._targets)
        # The weighted mode of k neighbours is summed apart from the probabilities.
        self._exact = name == "KNeighborsClassifier" and self._neighborhood.weighted
        self._outlier = self._outlier_of(name, state) if name.startswith("Radius") else None

    def _outlier_of(self, name: str, state: State) -> int | None:
        """The place of the class of a row without neighbours, None where it is refused."""
        labels = state.get("outlier_label_")
        if labels is None:
            return None
        if isinstance(labels, Array):
            labels = list(labels.labels())
        if type(labels) is not list or len(labels) != 1 or labels[0] not in self.classes_:
            raise UnsupportedModel(
                f"The {name}'s outlier_label is none of its classes; serve it by the scikit-learn "
                "runtime."
            )
        return self.classes_.index(labels[0])

    def predict(self, row: Row) -> int:
        """The place of the class with most votes, the first of equals."""
        return self.answer(row)[0]

    def predict_proba(self, row: Row) -> list[float]:
        """The share of each class."""
        return self.answer(row)[1]

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label and the share of each class; raises UnusableRow."""
        places, weights = self._neighborhood.of(row)
        size = len(self.classes_)
        if not places:
            if self._outlier is None:
                raise UnusableRow("No training row is within the radius of the row.")
            return self._outlier, [float(place == self._outlier) for place in range(size)], None
        labels = [self._targets[place] for place in places]
        shares = _shares(labels, weights, size)
        deciding = _modes(labels, weights, size) if self._exact else shares
        return deciding.index(max(deciding)), shares, None


def _shares(labels: list[int], weights: list[float], size: int) -> list[float]:
    """The share of each of `size` classes among weighted labels, which are places of theirs."""
    votes = [0.0] * size
    for label, weight in zip(labels, weights, strict=True):
        votes[label] += weight
    total = pairwise_sum(votes) or 1.0
    return [vote / total for vote in votes]


def _modes(labels: list[int], weights: list[float], size: int) -> list[float]:
    """The weight of each class, added as scikit-learn's weighted mode adds."""
    return [
        pairwise_sum([w if one == label else 0.0 for one, w in zip(labels, weights, strict=True)])
        for label in range(size)
    ]


class NeighborsLabels(Predictor):
    """The label of each of several outputs that most neighbours have, and each label's share."""

    __slots__ = ("_exact", "_neighborhood", "_outliers", "_outputs")
    proba = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, (*FITTED, "_y", "classes_", "weights"))
        self.classes_ = ()
        targets, classes = state["_y"], state["classes_"]
        count = sample_count(name, state)
        if type(targets) is not Array or len(targets.shape) != 2 or targets.shape[0] != count:
            raise UnsupportedModel(f"The {name}'s _y are not the classes of its training rows.")
        outputs = targets.shape[1]
        if type(classes) is not list or not 0 < len(classes) == outputs:
            raise UnsupportedModel(f"The {name}'s classes_ are not those of several outputs.")
        places = targets.integers()
        self._outputs = [
            (read_labels(name, {"classes_": one}), places[at::outputs])
            for at, one in enumerate(classes)
        ]
        for labels, known in self._outputs:
            if not 0 <= min(known) <= max(known) < len(labels):
                raise UnsupportedModel(f"The {name}'s _y are not places in its classes_.")
        rows = list(zip(*(known for _, known in self._outputs), strict=True))
        self._neighborhood = Neighborhood(name, state, features, rows)
        self._exact = name == "KNeighborsClassifier" and self._neighborhood.weighted
        self._outliers = state.get("outlier_label_")
        if self._outliers is not None and (
            type(self._outliers) is not list or len(self._outliers) != outputs
        ):
            raise UnsupportedModel(f"The {name}'s outlier_label is not a label of each output.")

    def predict(self, row: Row) -> list[Label]:
        """A label of each output; raises UnusableRow."""
        return self.answer(row)[0]

    def predict_proba(self, row: Row) -> list[Any]:
        """For each output, the share of each of its labels; raises UnusableRow."""
        return self.answer(row)[1]

    def answer(self, row: Row) -> tuple[list[Label], list[Any], None]:
        """The label and the shares of each output."""
        places, weights = self._neighborhood.of(row)
        if not places:
            if type(self._outliers) is not list:
                raise UnusableRow("No training row is within the radius of the row.")
            ours = zip(self._outliers, self._outputs, strict=True)
            alone = [[float(one == label) for one in labels] for label, (labels, _) in ours]
            return self._outliers, alone, None
        answers, shares = [], []
        for labels, known in self._outputs:
            near = [known[place] for place in places]
            shares.append(_shares(near, weights, len(labels)))
            votes = _modes(near, weights, len(labels)) if self._exact else shares[-1]
            answers.append(labels[votes.index(max(votes))])
        return answers, shares, None


class NeighborsRegressor(Predictor):
    """The mean of the neighbours' numbers."""

    __slots__ = ("_neighborhood", "_outputs", "_single")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, (*FITTED, "_y", "weights"))
        self.classes_ = ()
        targets, count = state["_y"], sample_count(name, state)
        if type(targets) is not Array or not targets.shape or targets.shape[0] != count:
            raise UnsupportedModel(f"The {name}'s _y are not the numbers of its training rows.")
        self._single = len(targets.shape) == 1
        self._outputs: list[array[float]] = (
            [targets.values()] if self._single else _columns_of(targets)
        )
        for output in self._outputs:
            check_finite(name, "_y", output)
        rows = list(zip(*self._outputs, strict=True))
        self._neighborhood = Neighborhood(name, state, features, rows)

    def predict(self, row: Row) -> float | list[float]:
        """The mean, or a list of them for several outputs; raises UnusableRow."""
        places, weights = self._neighborhood.of(row)
        if not places:
            raise UnusableRow("No training row is within the radius of the row.")
        total = pairwise_sum(weights)
        means = [
            pairwise_sum([output[p] * w for p, w in zip(places, weights, strict=True)]) / total
            for output in self._outputs
        ]
        return means[0] if self._single else means


def _columns_of(targets: Array) -> list[array[float]]:
    rows = targets.rows() if len(targets.shape) == 2 else []
    if not rows or not rows[0]:
        raise UnsupportedModel("The regressor's _y are not rows of numbers.")
    columns = [rows[0][:0] for _ in rows[0]]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns
