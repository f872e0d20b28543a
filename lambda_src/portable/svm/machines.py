"""SVR, NuSVR and OneClassSVM: one sum over the support vectors."""

from __future__ import annotations

from portable.base import Predictor
from portable.linear_model.coefficients import Coefficients
from portable.linear_model.regressors import LinearRegressor
from portable.pickles.attributes import read_state
from portable.svm.decisions import REQUIRED, Decisions, read_decisions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Predictor:
    """A SVR, NuSVR or OneClassSVM."""
    name = type(estimator).__name__
    decisions = read_decisions(name, read_state(estimator, REQUIRED), features, None)
    if name == "OneClassSVM":
        return OutlierDetector(decisions)
    if isinstance(decisions, Coefficients):
        return LinearRegressor(decisions)
    return SupportVectorRegressor(decisions)


class SupportVectorRegressor(Predictor):
    """A regressor by a kernel that is not linear."""

    __slots__ = ("_decisions",)

    def __init__(self, decisions: Decisions) -> None:
        self.classes_ = ()
        self._decisions = decisions

    def predict(self, row: Row) -> float:
        """The value; raises UnusableRow."""
        return self._decisions.scores(row)[0]


class OutlierDetector(Predictor):
    """OneClassSVM: an inlier where the score is positive."""

    __slots__ = ("_decisions",)
    decision = True

    def __init__(self, decisions: Decisions | Coefficients) -> None:
        self.classes_ = (-1, 1)
        self._decisions = decisions

    def decision_function(self, row: Row) -> list[float]:
        """How far on the inner side of the boundary the row is."""
        return self._decisions.scores(row)

    def predict(self, row: Row) -> int:
        """0 for an outlier, 1 for an inlier."""
        return int(self.decision_function(row)[0] > 0.0)

    def answer(self, row: Row) -> tuple[int, list[float] | None, list[float] | None]:
        """0 or 1, and the score."""
        scores = self.decision_function(row)
        return int(scores[0] > 0.0), None, scores
