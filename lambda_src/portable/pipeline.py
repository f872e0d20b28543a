"""Pipeline: the row goes through the transformers, and the last step answers."""

from portable.attribution import Attribution
from portable.base import Features, Predictor, Transformer
from portable.errors import UnsupportedModel
from portable.estimators import read as read_step
from portable.estimators import read_predictor, read_transformer
from portable.pickles.attributes import read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from portable.base import Row
    from portable.pickles.unpickler import Estimator


def read(estimator: "Estimator", features: Features) -> "Transformer | Predictor":
    """A Pipeline, as its last step: a transformer or what answers."""
    *first, last = steps_of(estimator)
    transformers, given = _chain(first, features)
    step = read_step(last, given)
    if not transformers:
        return step
    if isinstance(step, Transformer):
        return TransformerPipeline([*transformers, step])
    return PredictorPipeline(transformers, step)


def read_in_order(estimators: "Sequence[object]", features: Features) -> Predictor:
    """Estimators of which each takes what the one before it gives, and the last answers."""
    *first, last = estimators
    transformers, given = _chain(first, features)
    predictor = read_predictor(last, given)
    return PredictorPipeline(transformers, predictor) if transformers else predictor


def steps_of(estimator: "Estimator") -> list[object]:
    """The estimators of a Pipeline in order, without those that pass a row on as it is."""
    steps = read_state(estimator, ("steps",))["steps"]
    if type(steps) is not list or any(type(s) is not tuple or len(s) != 2 for s in steps):
        raise UnsupportedModel("The Pipeline's steps are not a list of (name, estimator) pairs.")
    estimators = [one for _, one in steps if one is not None and one != "passthrough"]
    if not estimators or steps[-1][1] is None or steps[-1][1] == "passthrough":
        raise UnsupportedModel("The Pipeline does not end in an estimator.")
    return estimators


def _chain(
    estimators: "Sequence[object]", features: Features
) -> tuple[list[Transformer], Features]:
    transformers: list[Transformer] = []
    for one in estimators:
        step = read_transformer(one, features)
        if isinstance(step, TransformerPipeline):
            transformers += step.steps
        else:
            transformers.append(step)
        features = step.features
    return transformers, features


def _origins(steps: "Sequence[Transformer]") -> "Sequence[int] | None":
    """For each column that the last step gives, the column that the first one took."""
    origins: Sequence[int] | None = None
    for at, step in enumerate(steps):
        if step.origins is None:
            return None
        before = origins
        origins = step.origins if at == 0 or before is None else [before[i] for i in step.origins]
    return origins


class TransformerPipeline(Transformer):
    """Transformers of which each takes what the one before it gives."""

    __slots__ = ("_transforms", "steps")

    def __init__(self, steps: list[Transformer]) -> None:
        self.steps = steps
        self.features = steps[-1].features
        self.origins = _origins(steps)
        self._transforms: list[Callable[[Row], Row]] = [step.transform for step in steps]

    def transform(self, row: "Row") -> "Row":
        """The row as the last step gives it."""
        for transform in self._transforms:
            row = transform(row)
        return row


class PredictorPipeline(Predictor):
    """Transformers, and the predictor that takes what the last of them gives."""

    __slots__ = ("_chain", "decision", "predictor", "proba")

    def __init__(self, transformers: list[Transformer], predictor: Predictor) -> None:
        self._chain = TransformerPipeline(transformers)
        self.predictor = predictor
        self.classes_ = predictor.classes_
        self.proba = predictor.proba
        self.decision = predictor.decision

    @property
    def steps(self) -> list[Transformer]:
        """The transformers."""
        return self._chain.steps

    def predict(self, row: "Row") -> "Any":
        """The last step's answer."""
        return self.predictor.predict(self._chain.transform(row))

    def predict_proba(self, row: "Row") -> list[float]:
        """The last step's probabilities."""
        return self.predictor.predict_proba(self._chain.transform(row))

    def decision_function(self, row: "Row") -> list[float]:
        """The last step's scores."""
        return self.predictor.decision_function(self._chain.transform(row))

    def answer(self, row: "Row") -> "tuple[Any, list[float] | None, list[float] | None]":
        """The last step's answer, probabilities and scores."""
        return self.predictor.answer(self._chain.transform(row))

    def explain(self, row: "Row") -> Attribution | None:
        """The last step's explanation by the columns that the first step took, where each column
        in between comes of one of them alone."""
        origins = self._chain.origins
        if origins is None:
            return None
        attribution = self.predictor.explain(self._chain.transform(row))
        return attribution and attribution.of_columns(origins)
