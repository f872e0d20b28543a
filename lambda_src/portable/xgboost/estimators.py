"""XGBoost's estimators and boosters as predictors."""

from __future__ import annotations

from portable.arithmetic.float32 import rounded
from portable.base import RECORD, Features, Predictor
from portable.errors import UnsupportedModel
from portable.xgboost.booster import Booster
from portable.xgboost.objectives import same, softmax

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.attribution import Attribution
    from portable.base import Row
    from portable.pickles.unpickler import Estimator

_CLASSIFIERS = ("XGBClassifier", "XGBRFClassifier")
_TWO_CLASSES = ("binary:hinge", "binary:logistic")


def read(estimator: Estimator, features: Features) -> Predictor:
    """An XGBClassifier, XGBRFClassifier, XGBRegressor, XGBRFRegressor, XGBRanker or a Booster,
    which answers as the estimator of its objective does."""
    name = type(estimator).__name__
    booster = booster_of(estimator)
    if features.count not in (None, booster.count):
        raise UnsupportedModel(
            f"The {name} takes {booster.count} features where the step before it gives "
            f"{features.count}; the steps of a model must come from one training run."
        )
    classifies = booster.is_multiclass or booster.objective in _TWO_CLASSES
    if name in _CLASSIFIERS or (name == "Booster" and classifies):
        return XGBClassifier(name, booster)
    return XGBRegressor(booster)


def input_features(estimator: Estimator) -> Features:
    """What a booster takes."""
    booster = booster_of(estimator)
    named = len(booster.names) == booster.count
    return Features(RECORD, booster.count, booster.names if named else None)


def booster_of(estimator: Estimator) -> Booster:
    """The fitted booster of an estimator, read once."""
    name = type(estimator).__name__
    state = getattr(estimator, "state", {})
    read_already = state.get("read")
    if type(read_already) is Booster:
        return read_already
    holder = state if name == "Booster" else getattr(state.get("_Booster"), "state", {})
    handle = holder.get("handle")
    if type(handle) is not bytes:
        raise UnsupportedModel(f"The {name} holds no booster; pickle it after fitting it.")
    booster = Booster(handle)
    missing = state.get("missing")
    if isinstance(missing, int | float) and missing == missing:
        booster.missing = rounded(float(missing))
    state["read"] = booster
    return booster


class XGBClassifier(Predictor):
    """Two classes by one margin, or more by one each; labels are 0, 1, … as XGBoost wants them."""

    __slots__ = ("_booster",)
    proba = True

    def __init__(self, name: str, booster: Booster) -> None:
        if not (booster.is_multiclass or booster.objective in _TWO_CLASSES):
            raise UnsupportedModel(
                f"The {name}'s objective is {booster.objective}; fit it with binary:logistic or "
                "multi:softprob."
            )
        if not booster.is_multiclass and booster.groups > 1:
            raise UnsupportedModel(
                f"The {name} was fitted on several outputs; fit one for each, or serve it by the "
                "scikit-learn runtime."
            )
        self._booster = booster
        self.classes_ = tuple(range(booster.groups if booster.is_multiclass else 2))

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class; raises UnusableRow."""
        margins = self._booster.margins(row)
        if self._booster.is_multiclass:
            return softmax(margins)
        share = self._booster.transform(margins[0])
        return [rounded(1.0 - share), share]

    def predict(self, row: Row) -> int:
        """The place of the label."""
        return self.answer(row)[0]

    def answer(self, row: Row) -> tuple[int, list[float], None]:
        """The place of the label and the probabilities."""
        shares = self.predict_proba(row)
        if self._booster.is_multiclass:
            return shares.index(max(shares)), shares, None
        return int(shares[1] > 0.5), shares, None

    def explain(self, row: Row) -> Attribution | None:
        """The log-odds in parts; of a hinge, whose shares are 0 and 1, the margin."""
        return self._booster.explain(row, classifies=True)


class XGBRegressor(Predictor):
    """Numbers: of a regression, a count, a time or a rank."""

    __slots__ = ("_booster",)

    def __init__(self, booster: Booster) -> None:
        self._booster = booster
        self.classes_ = ()

    def predict(self, row: Row) -> float | list[float]:
        """The number, or one for each output; raises UnusableRow."""
        values = list(map(self._booster.transform, self._booster.margins(row)))
        return values if self._booster.groups > 1 else values[0]

    def explain(self, row: Row) -> Attribution | None:
        """The value in parts; None of several, and where the margin is not the value."""
        if self._booster.groups > 1 or self._booster.transform is not same:
            return None
        return self._booster.explain(row, classifies=False)
