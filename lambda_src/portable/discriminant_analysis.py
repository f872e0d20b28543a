"""Linear and quadratic discriminant analysis."""

from __future__ import annotations

from math import exp, log, sqrt

from portable.arithmetic.dot import dot
from portable.base import Features, Predictor, Transformer, UnusableRow, finite
from portable.errors import UnsupportedModel
from portable.linear_model.classifiers import linear_classifier, logistic
from portable.pickles.arrays import Array
from portable.pickles.attributes import (
    check_finite,
    choice,
    column_count,
    read_labels,
    read_state,
    vector,
)
from portable.pickles.tables import columns
from portable.projection import Projection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from portable.base import Row
    from portable.pickles.unpickler import Estimator

    # For a class: its mean, its axes with each divided by how far the class reaches along it, and
    # the part of its score that no row changes.
    Shape = tuple[array[float], list[array[float]], float]


def read(estimator: Estimator, features: Features) -> Predictor:
    """A LinearDiscriminantAnalysis or QuadraticDiscriminantAnalysis that predicts."""
    name = type(estimator).__name__
    if name == "QuadraticDiscriminantAnalysis":
        return QuadraticDiscriminantAnalysis(estimator, features)
    state = read_state(estimator, ("coef_", "intercept_", "n_features_in_"))
    return linear_classifier(name, state, features, logistic)


def read_transforming(estimator: Estimator, features: Features) -> Transformer | Predictor:
    """A LinearDiscriminantAnalysis that others follow: a projection."""
    name = type(estimator).__name__
    if name == "QuadraticDiscriminantAnalysis":
        return read(estimator, features)
    state = read_state(estimator, ("scalings_", "solver", "_max_components", "n_features_in_"))
    count = column_count(name, state, features)
    centers = None
    if choice(name, state, "solver", ("svd", "eigen")) == "svd":
        centers = vector(name, read_state(estimator, ("xbar_",)), "xbar_", count)
    kept = state["_max_components"]
    if type(kept) is not int or kept < 1:
        raise UnsupportedModel(f"The {name} keeps no components; fit it again.")
    axes = columns(name, state, "scalings_", count)[:kept]
    return Projection(axes, count, centers=centers)


class QuadraticDiscriminantAnalysis(Predictor):
    """The class whose own Gaussian makes the row likeliest."""

    __slots__ = ("_count", "_shapes")
    proba = True
    decision = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        required = ("classes_", "means_", "n_features_in_", "priors_", "rotations_", "scalings_")
        state = read_state(estimator, required)
        self.classes_ = read_labels(name, state)
        size = len(self.classes_)
        self._count = column_count(name, state, features)
        means = state["means_"]
        if type(means) is not Array or means.shape != (size, self._count):
            raise UnsupportedModel(f"The {name}'s means_ are not {size} rows; fit it again.")
        priors = vector(name, state, "priors_", size)
        rotations, scalings = state["rotations_"], state["scalings_"]
        if type(rotations) is not list or type(scalings) is not list or size < 2:
            raise UnsupportedModel(f"The {name} has no rotations of two or more classes.")
        if len(rotations) != size or len(scalings) != size:
            raise UnsupportedModel(f"The {name} has not a rotation for each class; fit it again.")
        self._shapes = [
            _shape(name, check_finite(name, "means_", mean), prior, rotation, scaling)
            for mean, prior, rotation, scaling in zip(
                means.rows(), priors, rotations, scalings, strict=True
            )
        ]

    def _scores(self, row: Row) -> list[float]:
        row = finite(row, self._count)
        scores = []
        for means, axes, constant in self._shapes:
            offset = [value - mean for value, mean in zip(row, means, strict=True)]
            reach = [dot(axis, offset) for axis in axes]
            scores.append(constant - 0.5 * dot(reach, reach))
        if not max(scores) > float("-inf"):
            raise UnusableRow("The row holds numbers so large that no class is likely at all.")
        return scores

    def predict(self, row: Row) -> int:
        """The place of the label."""
        scores = self._scores(row)
        return scores.index(max(scores))

    def decision_function(self, row: Row) -> list[float]:
        """The log of how much likelier the second class is than the first; of more classes, that
        of each."""
        scores = self._scores(row)
        return [scores[1] - scores[0]] if len(scores) == 2 else scores

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class."""
        return self.answer(row)[1]

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label, and the probability of each class."""
        scores = self._scores(row)
        best = max(scores)
        evidence = log(sum([exp(score - best) for score in scores]))
        return scores.index(best), [exp(score - best - evidence) for score in scores], None


def _shape(
    name: str, means: array[float], prior: float, rotation: object, scaling: object
) -> Shape:
    if type(scaling) is not Array or len(scaling.shape) != 1:
        raise UnsupportedModel(f"The {name}'s scalings_ are no arrays of numbers; fit it again.")
    scales = check_finite(name, "scalings_", scaling.numbers())
    axes = columns(name, {"rotations_": rotation}, "rotations_", len(means))
    if len(axes) != len(scales) or not min(scales, default=0.0) > 0.0 or not prior > 0.0:
        raise UnsupportedModel(
            f"The {name} has a class without a spread along every axis, or without a share of the "
            "rows; fit it with reg_param above 0."
        )
    for axis, scale in zip(axes, scales, strict=True):
        for at, value in enumerate(axis):
            axis[at] = value / sqrt(scale)
    return means, axes, log(prior) - 0.5 * sum(map(log, scales))
