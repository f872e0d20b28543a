"""LightGBM's estimators and boosters as predictors."""

from __future__ import annotations

from portable.base import RECORD, Features, Predictor
from portable.errors import UnsupportedModel
from portable.lightgbm.booster import Booster
from portable.lightgbm.objectives import BINARY, MULTICLASS
from portable.pickles.attributes import read_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.attribution import Attribution
    from portable.base import Row
    from portable.pickles.arrays import Label
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Predictor:
    """An LGBMClassifier, LGBMRegressor, LGBMRanker or a Booster, which answers as the estimator of
    its objective does."""
    name = type(estimator).__name__
    booster = booster_of(estimator)
    if features.count not in (None, booster.count):
        raise UnsupportedModel(
            f"The {name} takes {booster.count} features where the step before it gives "
            f"{features.count}; the steps of a model must come from one training run."
        )
    classifies = booster.objective == BINARY or booster.objective in MULTICLASS
    if name == "LGBMClassifier":
        if not classifies:
            raise UnsupportedModel(
                f"The {name}'s objective is {booster.objective or 'a function of its own'}; fit "
                "it with binary, multiclass or multiclassova."
            )
        return LGBMClassifier(read_labels(name, estimator.state, "_classes"), booster)
    if name == "Booster" and classifies:
        return LGBMClassifier(tuple(range(max(2, booster.groups))), booster)
    return LGBMRegressor(booster)


def input_features(estimator: Estimator) -> Features:
    """What a booster takes."""
    booster = booster_of(estimator)
    return Features(RECORD, booster.count, booster.names)


def booster_of(estimator: Estimator) -> Booster:
    """The fitted booster of an estimator, read once."""
    name = type(estimator).__name__
    state = getattr(estimator, "state", {})
    read_already = state.get("read")
    if type(read_already) is Booster:
        return read_already
    holder = state if name == "Booster" else getattr(state.get("_Booster"), "state", {})
    text = holder.get("_handle")
    if type(text) is bytes:
        text = text.decode("utf-8")
    if type(text) is not str:
        raise UnsupportedModel(f"The {name} holds no booster; pickle it after fitting it.")
    rounds = holder.get("best_iteration", 0)
    state["read"] = booster = Booster(
        text, rounds if type(rounds) is int else 0, holder.get("pandas_categorical")
    )
    return booster


class LGBMClassifier(Predictor):
    """Two classes by one score, or more by one each."""

    __slots__ = ("_booster",)
    proba = True

    def __init__(self, labels: tuple[Label, ...], booster: Booster) -> None:
        if len(labels) != max(2, booster.groups):
            raise UnsupportedModel(
                f"The booster has {booster.groups} scores where the model has {len(labels)} "
                "classes; fit it again."
            )
        self.classes_ = labels
        self._booster = booster

    def predict_proba(self, row: Row) -> list[float]:
        """The probability of each class; raises UnusableRow."""
        shares = self._booster.transform(self._booster.scores(row))
        return shares if len(shares) > 1 else [1.0 - shares[0], shares[0]]

    def explain(self, row: Row) -> Attribution | None:
        """The log-odds in parts; the difference of two scores where each class is told from all
        others by itself."""
        return self._booster.explain(row, classifies=True)


class LGBMRegressor(Predictor):
    """Numbers: of a regression, a count or a rank."""

    __slots__ = ("_booster",)

    def __init__(self, booster: Booster) -> None:
        self.classes_ = ()
        self._booster = booster

    def predict(self, row: Row) -> float | list[float]:
        """The number, or one for each output; raises UnusableRow."""
        values = self._booster.transform(self._booster.scores(row))
        return values if self._booster.groups > 1 else values[0]

    def explain(self, row: Row) -> Attribution | None:
        """The value in parts; None of several, and where the score is not the value."""
        if self._booster.groups > 1 or self._booster.transform is not list:
            return None
        return self._booster.explain(row, classifies=False)
