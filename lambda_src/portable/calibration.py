"""CalibratedClassifierCV: probabilities of a classifier's scores, the mean of one or more fits."""

from __future__ import annotations

from math import isclose, log

from portable.arithmetic.links import expit, softmax
from portable.base import ByProbability
from portable.errors import UnsupportedModel
from portable.estimators import read_predictor
from portable.isotonic import IsotonicRegressor
from portable.pickles.arrays import Array
from portable.pickles.attributes import number, read_labels, read_state
from portable.pickles.tables import label_places
from portable.pickles.unpickler import Estimator
from portable.responses import DECISION, PROBA, response_method, responses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.base import Features, Row
    from portable.pickles.arrays import Label

    Calibrator = Callable[[float], float]
    """One number to the probability of the class that it speaks for."""

_NAME = "CalibratedClassifierCV"
_ABOVE_ONE = 1.0 + 1e-5
"""scikit-learn takes what exceeds 1 by no more than this for 1."""
_LOGIT_EPSILON = 1e-12


def read(estimator: Estimator, features: Features) -> ByProbability:
    """A CalibratedClassifierCV."""
    return CalibratedClassifier(estimator, features)


class CalibratedClassifier(ByProbability):
    """CalibratedClassifierCV."""

    __slots__ = ("_fits",)

    def __init__(self, estimator: Estimator, features: Features) -> None:
        state = read_state(estimator, ("calibrated_classifiers_", "classes_"))
        self.classes_ = read_labels(_NAME, state)
        fits = state["calibrated_classifiers_"]
        if type(fits) is not list or not fits or len(self.classes_) < 2:
            raise UnsupportedModel(f"The {_NAME} holds no fitted classifiers of two classes.")
        self._fits = [_Fit(fit, self.classes_, features) for fit in fits]

    def predict_proba(self, row: Row) -> list[float]:
        """The mean of the calibrated probabilities; raises UnusableRow."""
        totals = [0.0] * len(self.classes_)
        for fit in self._fits:
            totals = [
                total + share for total, share in zip(totals, fit.predict_proba(row), strict=True)
            ]
        return [total / len(self._fits) for total in totals]


class _Fit:
    """A classifier and its calibrators (sklearn.calibration._CalibratedClassifier)."""

    __slots__ = ("_beta", "_calibrators", "_method", "_places", "_predictor", "_size")

    def __init__(self, fit: object, classes: tuple[Label, ...], features: Features) -> None:
        state = fit.state if isinstance(fit, Estimator) else {}
        if not state.keys() >= {"calibrators", "classes", "estimator", "method"}:
            raise UnsupportedModel(f"A classifier of the {_NAME} lacks its calibrators; fit again.")
        predictor = self._predictor = read_predictor(state["estimator"], features)
        if read_labels(_NAME, state, "classes") != classes or len(predictor.classes_) < 2:
            raise UnsupportedModel(f"A classifier of the {_NAME} has other labels than it.")
        self._size = len(classes)
        self._method = response_method(predictor, (DECISION, PROBA))
        calibrators = state["calibrators"]
        if type(calibrators) is not list or not calibrators:
            raise UnsupportedModel(f"A classifier of the {_NAME} has no calibrators; fit it again.")
        self._beta = None
        self._calibrators: list[Calibrator] = []
        if state["method"] == "temperature":
            # The classifier may have been fitted on the places of the labels.
            if len(predictor.classes_) != self._size:
                raise UnsupportedModel(f"A classifier of the {_NAME} has other labels than it.")
            self._beta = _temperature(calibrators[0])
            return
        places = label_places(_NAME, predictor.classes_, classes)
        self._calibrators = [_calibrator(one) for one in calibrators]
        self._places = [1] if self._size == 2 else places

    def predict_proba(self, row: Row) -> list[float]:
        """The calibrated probability of each class."""
        scores = responses(self._predictor, self._method, row)
        if self._beta is not None:
            shares = softmax([self._beta * logit for logit in self._logits(scores)])
        else:
            shares = self._each(scores)
        return [1.0 if 1.0 < share <= _ABOVE_ONE else share for share in shares]

    def _each(self, scores: list[float]) -> list[float]:
        """Each class by its own calibrator."""
        shares = [0.0] * self._size
        # Two of three classes have one score and two places: as in scikit-learn, the first counts.
        for place, score, calibrator in zip(self._places, scores, self._calibrators, strict=False):
            shares[place] = calibrator(score)
        if self._size == 2:
            return [1.0 - shares[1], shares[1]]
        total = sum(shares)
        return [share / total for share in shares] if total else [1.0 / self._size] * self._size

    def _logits(self, scores: list[float]) -> list[float]:
        if len(scores) == 1:
            if self._method == DECISION:
                return [-scores[0], scores[0]]
            scores = [1.0 - scores[0], scores[0]]
        if all(0.0 <= score <= 1.0 for score in scores) and isclose(
            sum(scores), 1.0, rel_tol=1e-5, abs_tol=1e-8
        ):
            return [log(score + _LOGIT_EPSILON) for score in scores]
        return scores


def _calibrator(calibrator: object) -> Calibrator:
    name = type(calibrator).__name__
    if isinstance(calibrator, Estimator) and name == "IsotonicRegression":
        return IsotonicRegressor(calibrator).value
    if not isinstance(calibrator, Estimator) or name != "_SigmoidCalibration":
        raise UnsupportedModel(f"The {_NAME} calibrates by other means than its own methods.")
    state = read_state(calibrator, ("a_", "b_"))
    slope, offset = number(name, state, "a_"), number(name, state, "b_")
    return lambda score: expit(-(slope * score + offset))


def _temperature(calibrator: object) -> float:
    name = type(calibrator).__name__
    if not isinstance(calibrator, Estimator) or name != "_TemperatureScaling":
        raise UnsupportedModel(f"The {_NAME} calibrates by other means than its own methods.")
    state = read_state(calibrator, ("beta_",))
    beta = state["beta_"]
    if type(beta) is Array and beta.shape == ():
        return number(name, {"beta_": beta.numbers()[0]}, "beta_")
    return number(name, state, "beta_")
