"""From fitted estimators, as they came out of their pickles, to steps that compute with them."""

from __future__ import annotations

from importlib import import_module

from portable.base import Predictor, Transformer
from portable.errors import UnsupportedModel
from portable.pickles.unpickler import Estimator
from portable.supported import ESTIMATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from portable.attribution import Attribution
    from portable.base import Features, Row


def read(estimator: object, features: Features) -> Transformer | Predictor:
    """Compile a fitted estimator for rows of `features`.

    Raises UnsupportedModel, one sentence that names the step, where it cannot be served exactly.
    """
    step: Transformer | Predictor = _module(estimator).read(estimator, features)
    return step


def read_transformer(estimator: object, features: Features) -> Transformer:
    """As `read`, of a step that others follow: by its module's `read_transforming`, which those
    have whose estimators predict as well."""
    module = _module(estimator)
    step = getattr(module, "read_transforming", module.read)(estimator, features)
    if not isinstance(step, Transformer):
        raise UnsupportedModel(
            f"A {type(estimator).__name__} stands where a transformer is expected; only the last "
            "step of a model predicts."
        )
    return step


def _module(estimator: object) -> Any:
    if not isinstance(estimator, Estimator):
        raise UnsupportedModel(
            f"Where a fitted estimator is expected the model holds {str(estimator)[:60]!r}."
        )
    module = ESTIMATORS.get(estimator.module, {}).get(type(estimator).__name__)
    if module is None:
        raise UnsupportedModel(
            f"A {type(estimator).__name__} stands where an estimator is expected that transforms "
            "or predicts by itself."
        )
    return import_module(f"portable.{module}")


def fields_of(estimator: Estimator) -> list[str]:
    """The fields of the records that an estimator takes which has kept them in its own way."""
    fields: list[str] = _module(estimator).fields_of(estimator.state)
    return fields


def read_predictor(estimator: object, features: Features) -> Predictor:
    """As `read`, of what answers."""
    step = read(estimator, features)
    if not isinstance(step, Predictor):
        raise UnsupportedModel(
            f"The {type(estimator).__name__} transforms and predicts nothing; give the whole "
            "model, with the estimator that answers."
        )
    return step


def read_predictors(name: str, estimators: object, features: Features) -> list[Predictor]:
    """Each of the fitted estimators that the estimator called `name` holds."""
    if not isinstance(estimators, list | tuple) or not estimators:
        raise UnsupportedModel(f"The {name} holds no fitted estimators; pickle it after fitting.")
    return [read_predictor(one, features) for one in estimators]


def read_in_order(estimators: Sequence[object], features: Features) -> Predictor:
    """Estimators of which each takes what the one before it gives, and the last answers."""
    *first, last = estimators
    transformers, given = chain(first, features)
    predictor = read_predictor(last, given)
    return PredictorPipeline(transformers, predictor) if transformers else predictor


def chain(estimators: Sequence[object], features: Features) -> tuple[list[Transformer], Features]:
    """The transformers compiled in order, and what the last of them gives."""
    transformers: list[Transformer] = []
    for one in estimators:
        step = read_transformer(one, features)
        if isinstance(step, TransformerPipeline):
            transformers += step.steps
        else:
            transformers.append(step)
        features = step.features
    return transformers, features


def _origins(steps: Sequence[Transformer]) -> Sequence[int] | None:
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

    def transform(self, row: Row) -> Row:
        """The row as the last step gives it."""
        for transform in self._transforms:
            row = transform(row)
        return row

    def transform_many(self, rows: Sequence[Row]) -> list[Row]:
        """The rows as the last step gives them, each step taking all at once."""
        for step in self.steps:
            rows = step.transform_many(rows)
        return list(rows)


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

    def predict(self, row: Row) -> Any:
        """The last step's answer."""
        return self.predictor.predict(self._chain.transform(row))

    def predict_proba(self, row: Row) -> list[float]:
        """The last step's probabilities."""
        return self.predictor.predict_proba(self._chain.transform(row))

    def decision_function(self, row: Row) -> list[float]:
        """The last step's scores."""
        return self.predictor.decision_function(self._chain.transform(row))

    def answer(self, row: Row) -> tuple[Any, list[float] | None, list[float] | None]:
        """The last step's answer, probabilities and scores."""
        return self.predictor.answer(self._chain.transform(row))

    def answers(
        self, rows: Sequence[Row]
    ) -> list[tuple[Any, list[float] | None, list[float] | None]]:
        """The last step's answers, of all rows at once."""
        return self.predictor.answers(self._chain.transform_many(rows))

    def explain(self, row: Row) -> Attribution | None:
        """The last step's explanation by the columns that the first step took, where each column
        in between comes of one of them alone."""
        origins = self._chain.origins
        if origins is None:
            return None
        attribution = self.predictor.explain(self._chain.transform(row))
        return attribution and attribution.of_columns(origins)
