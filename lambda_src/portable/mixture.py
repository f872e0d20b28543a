"""GaussianMixture and BayesianGaussianMixture: the component that a row most likely comes from."""

from __future__ import annotations

from math import exp, log, pi

from portable.base import Predictor, finite
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import (
    State,
    check_finite,
    choice,
    column_count,
    matrix,
    number,
    read_state,
    vector,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

    Factor = list[Sequence[float]]

_REQUIRED = ("covariance_type", "means_", "n_features_in_", "precisions_cholesky_", "weights_")
MAX_NUMBERS = 1_000_000
"""Components times the numbers of each one's precision: all of them are multiplied for a row."""


def read(estimator: Estimator, features: Features) -> Predictor:
    """A GaussianMixture or BayesianGaussianMixture."""
    return Mixture(estimator, features)


class Mixture(Predictor):
    """The log of a component's weight, plus that of its density at the row."""

    __slots__ = ("_bases", "_columns", "_diagonal", "_factors", "_means")
    proba = True

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, _REQUIRED)
        self.classes_ = ()
        count = self._columns = column_count(name, state, features)
        weights = state["weights_"]
        size = weights.shape[0] if type(weights) is Array and weights.shape else 0
        if not size or size * count * count > MAX_NUMBERS:
            raise UnsupportedModel(
                f"The {name} has {size} components of {count} features; the portable runtime "
                f"serves up to {MAX_NUMBERS:,} numbers: serve it by the scikit-learn runtime."
            )
        self._means = matrix(name, state, "means_", size, count)
        covariance = choice(name, state, "covariance_type", ("full", "tied", "diag", "spherical"))
        self._diagonal = covariance in ("diag", "spherical")
        self._factors = _factors(name, state, str(covariance), size, count)
        if name == "BayesianGaussianMixture":
            own = _bayesian_bases(name, estimator, size, count)
        else:
            own = [log(weight) for weight in _positive(name, state, "weights_", size)]
        constant = 0.5 * count * log(2.0 * pi)
        self._bases = [
            base - constant + self._log_determinant(factor)
            for base, factor in zip(own, self._factors, strict=True)
        ]

    def _log_determinant(self, factor: Factor) -> float:
        diagonal = factor[0] if self._diagonal else [row[at] for at, row in enumerate(factor)]
        if min(diagonal) <= 0.0:
            raise UnsupportedModel(
                "The mixture's precisions_cholesky_ are not positive; fit again."
            )
        return sum(map(log, diagonal))

    def _scores(self, row: Row) -> list[float]:
        values = finite(row, self._columns)
        scores = []
        for base, mean, factor in zip(self._bases, self._means, self._factors, strict=True):
            apart = [value - center for value, center in zip(values, mean, strict=True)]
            if self._diagonal:
                parts = [d * scale for d, scale in zip(apart, factor[0], strict=True)]
            else:
                parts = [0.0] * len(apart)
                # The factor is upper triangular: a row's numbers begin at its diagonal.
                for at, (d, scales) in enumerate(zip(apart, factor, strict=True)):
                    for column in range(at, len(parts)):
                        parts[column] += d * scales[column]
            scores.append(base - 0.5 * sum([part * part for part in parts]))
        return scores

    def predict(self, row: Row) -> int:
        """The number of the component; raises UnusableRow."""
        scores = self._scores(row)
        return scores.index(max(scores))

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each component."""
        scores = self._scores(row)
        best = max(scores)
        total = log(sum([exp(score - best) for score in scores])) + best
        return [exp(score - total) for score in scores]


def _positive(name: str, state: State, attribute: str, size: int) -> array[float]:
    values = vector(name, state, attribute, size)
    if min(values) <= 0.0:
        raise UnsupportedModel(f"The {name}'s {attribute} are not all positive; fit it again.")
    return values


def _factors(name: str, state: State, covariance: str, size: int, count: int) -> list[Factor]:
    """The Cholesky factor of each component's precision: its rows, or its diagonal alone."""
    attribute = "precisions_cholesky_"
    if covariance == "spherical":
        return [[[scale] * count] for scale in vector(name, state, attribute, size)]
    if covariance == "diag":
        return [[row] for row in matrix(name, state, attribute, size, count)]
    if covariance == "tied":
        shared: Factor = list(matrix(name, state, attribute, count, count))
        return [shared] * size
    value = state[attribute]
    if type(value) is not Array or value.shape != (size, count, count) or value.fortran:
        raise UnsupportedModel(f"The {name}'s {attribute} are not {size} square matrices.")
    numbers = check_finite(name, attribute, value.numbers())
    rows = [numbers[at : at + count] for at in range(0, len(numbers), count)]
    return [list(rows[at : at + count]) for at in range(0, len(rows), count)]


def _bayesian_bases(name: str, estimator: Estimator, size: int, count: int) -> list[float]:
    """The expected log of each weight, and what the uncertainty of its precision takes off."""
    state = read_state(
        estimator,
        (
            "degrees_of_freedom_", "mean_precision_", "weight_concentration_",
            "weight_concentration_prior_type",
        ),
    )  # fmt: skip
    if isinstance(state["degrees_of_freedom_"], float):
        # Of type "tied", all components share one.
        shared = number(name, state, "degrees_of_freedom_")
        freedoms: Sequence[float] = [shared] * size
    else:
        freedoms = _positive(name, state, "degrees_of_freedom_", size)
    precisions = _positive(name, state, "mean_precision_", size)
    if min(freedoms) <= count - 1:
        raise UnsupportedModel(f"The {name}'s degrees_of_freedom_ are too few; fit it again.")
    bases = []
    for weight, freedom, precision in zip(
        _expected_log_weights(name, state, size), freedoms, precisions, strict=True
    ):
        spread = sum([digamma(0.5 * (freedom - at)) for at in range(count)])
        spread += count * log(2.0) - count / precision
        bases.append(weight - 0.5 * count * log(freedom) + 0.5 * spread)
    return bases


def _expected_log_weights(name: str, state: State, size: int) -> list[float]:
    kinds = ("dirichlet_process", "dirichlet_distribution")
    if choice(name, state, "weight_concentration_prior_type", kinds) == kinds[1]:
        concentration = _positive(name, state, "weight_concentration_", size)
        total = digamma(sum(concentration))
        return [digamma(one) - total for one in concentration]
    pair = state["weight_concentration_"]
    if type(pair) is not tuple or len(pair) != 2:
        raise UnsupportedModel(f"The {name}'s weight_concentration_ is not a pair of arrays.")
    firsts, seconds = (_positive(name, {"weights": one}, "weights", size) for one in pair)
    weights, before = [], 0.0
    for first, second in zip(firsts, seconds, strict=True):
        total = digamma(first + second)
        weights.append(digamma(first) - total + before)
        before += digamma(second) - total
    return weights


def digamma(value: float) -> float:
    """The derivative of the logarithm of the gamma function, of a positive number."""
    result = 0.0
    while value < 12.0:
        result -= 1.0 / value
        value += 1.0
    square = 1.0 / (value * value)
    # The asymptotic series: Bernoulli's numbers over their even places.
    series = 0.0
    for term in (-1 / 12, 691 / 32760, -1 / 132, 1 / 240, -1 / 252, 1 / 120, -1 / 12):
        series = square * (series + term)
    return result + log(value) - 0.5 / value + series
