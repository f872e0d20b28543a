"""Linear regressors: coefficients times the row, and for some the exponential of that."""

from __future__ import annotations

from math import exp

from portable.attribution import VALUE, Attribution
from portable.base import Predictor, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_predictor
from portable.linear_model.coefficients import Coefficients, read_coefficients
from portable.pickles.attributes import read_state
from portable.pickles.records import Link, LogLink, Loss

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator

_GENERALIZED = ("GammaRegressor", "PoissonRegressor", "TweedieRegressor")


def read(estimator: Estimator, features: Features) -> Predictor:
    """A linear regressor of scikit-learn's linear_model, or a LinearSVR."""
    name = type(estimator).__name__
    if name == "RANSACRegressor":
        return read_predictor(read_state(estimator, ("estimator_",))["estimator_"], features)
    state = read_state(estimator, ("coef_", "intercept_", "n_features_in_"))
    coefficients, several = read_coefficients(name, state, features)
    if name in _GENERALIZED:
        loss = read_state(estimator, ("_base_loss",))["_base_loss"]
        link = getattr(loss, "link", None) if isinstance(loss, Loss) else None
        if type(link) not in (Link, LogLink) or several:
            raise UnsupportedModel(f"The {name} has a link that is not served; fit it again.")
        if type(link) is LogLink:
            return LogLinkRegressor(coefficients)
    return MultioutputRegressor(coefficients) if several else LinearRegressor(coefficients)


class LinearRegressor(Predictor):
    """A regressor of one output."""

    __slots__ = ("coefficients",)

    def __init__(self, coefficients: Coefficients) -> None:
        self.classes_ = ()
        self.coefficients = coefficients

    def predict(self, row: Row) -> float:
        """The value; raises UnusableRow."""
        return self.coefficients.scores(row)[0]

    def answers(self, rows: Sequence[Row]) -> list[Any]:
        """As `answer`, of each row."""
        return [(scores[0], None, None) for scores in self.coefficients.many_scores(rows)]

    def explain(self, row: Row) -> Attribution | None:
        """The value in parts: coefficient times value."""
        parts = self.coefficients.parts(row, 0)
        return Attribution(0, 0, VALUE, self.coefficients.intercepts[0], parts)


class LogLinkRegressor(LinearRegressor):
    """A generalized linear model whose link is the logarithm, so that nothing is added up."""

    __slots__ = ()

    def predict(self, row: Row) -> float:
        """The value; raises UnusableRow."""
        try:
            return exp(super().predict(row))
        except OverflowError:
            raise UnusableRow(
                "The row holds numbers so large that the answer is infinite."
            ) from None

    def answers(self, rows: Sequence[Row]) -> list[Any]:
        """As `answer`, of each row."""
        return list(map(self.answer, rows))

    def explain(self, row: Row) -> None:
        """Parts would multiply."""


class MultioutputRegressor(Predictor):
    """A regressor whose answer is a list, of one number for each output."""

    __slots__ = ("coefficients",)

    def __init__(self, coefficients: Coefficients) -> None:
        self.classes_ = ()
        self.coefficients = coefficients

    def predict(self, row: Row) -> list[float]:
        """The values; raises UnusableRow."""
        return self.coefficients.scores(row)

    def answers(self, rows: Sequence[Row]) -> list[Any]:
        """As `answer`, of each row."""
        return [(scores, None, None) for scores in self.coefficients.many_scores(rows)]
