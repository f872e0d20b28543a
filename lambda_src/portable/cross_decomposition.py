"""PLSRegression, PLSCanonical and CCA, which predict and transform, and PLSSVD."""

from __future__ import annotations

from array import array
from operator import sub

from portable.arithmetic.dot import dot
from portable.attribution import VALUE, Attribution
from portable.base import Features, Predictor, Transformer, finite
from portable.errors import UnsupportedModel
from portable.linear_model.coefficients import read_coefficients
from portable.pickles.attributes import choice, column_count, read_state, vector
from portable.pickles.tables import columns
from portable.projection import Projection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.linear_model.coefficients import Coefficients
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Predictor | Transformer:
    """One of them as the last step, where all but PLSSVD predict."""
    name = type(estimator).__name__
    if name == "PLSSVD":
        return read_transforming(estimator, features)
    required = ("coef_", "intercept_", "n_features_in_", "_predict_1d", "_x_mean")
    state = read_state(estimator, required)
    coefficients, _ = read_coefficients(name, state, features)
    centers = vector(name, state, "_x_mean", coefficients.count)
    single = choice(name, state, "_predict_1d", (False, True)) is True
    if single and len(coefficients.weights) != 1:
        raise UnsupportedModel(f"The {name} predicts one number by several outputs; fit it again.")
    return CenteredRegressor(coefficients, centers, single=single)


def read_transforming(estimator: Estimator, features: Features) -> Transformer:
    """One of them that others follow."""
    name = type(estimator).__name__
    rotations = "x_weights_" if name == "PLSSVD" else "x_rotations_"
    state = read_state(estimator, (rotations, "n_features_in_", "_x_mean", "_x_std"))
    count = column_count(name, state, features)
    centers, scales = (vector(name, state, one, count) for one in ("_x_mean", "_x_std"))
    if 0.0 in scales:
        raise UnsupportedModel(f"The {name}'s _x_std holds 0; fit it again.")
    axes = columns(name, state, rotations, count)
    return Projection(axes, count, centers=centers, scales=scales)


class CenteredRegressor(Predictor):
    """Coefficients times what sets the row apart from the mean one."""

    __slots__ = ("_centers", "_coefficients", "_single")

    def __init__(self, coefficients: Coefficients, centers: array[float], *, single: bool) -> None:
        self.classes_ = ()
        self._coefficients = coefficients
        self._centers = centers
        self._single = single

    def predict(self, row: Row) -> float | list[float]:
        """The value, or one for each output; raises UnusableRow."""
        row = finite(row, self._coefficients.count)
        scores = self._coefficients.scores(array("d", map(sub, row, self._centers)))
        return scores[0] if self._single else scores

    def explain(self, row: Row) -> Attribution | None:
        """The value in parts: coefficient times value."""
        if not self._single:
            return None
        intercept = self._coefficients.intercepts[0]
        base = intercept - dot(self._coefficients.weights[0], self._centers)
        return Attribution(0, 0, VALUE, base, self._coefficients.parts(row, 0))
