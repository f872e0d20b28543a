"""Pipeline: the row goes through the transformers, and the last step answers."""

from __future__ import annotations

from portable.base import Features, Predictor, Transformer
from portable.errors import UnsupportedModel
from portable.estimators import PredictorPipeline, TransformerPipeline, chain
from portable.estimators import read as read_step
from portable.pickles.attributes import read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Transformer | Predictor:
    """A Pipeline, as its last step: a transformer or what answers."""
    *first, last = steps_of(estimator)
    transformers, given = chain(first, features)
    step = read_step(last, given)
    if not transformers:
        return step
    if isinstance(step, Transformer):
        return TransformerPipeline([*transformers, step])
    return PredictorPipeline(transformers, step)


def read_transforming(estimator: Estimator, features: Features) -> Transformer:
    """A Pipeline that others follow."""
    steps, _ = chain(steps_of(estimator), features)
    return steps[0] if len(steps) == 1 else TransformerPipeline(steps)


def steps_of(estimator: Estimator) -> list[object]:
    """The estimators of a Pipeline in order, without those that pass a row on as it is."""
    steps = read_state(estimator, ("steps",))["steps"]
    if type(steps) is not list or any(type(s) is not tuple or len(s) != 2 for s in steps):
        raise UnsupportedModel("The Pipeline's steps are not a list of (name, estimator) pairs.")
    estimators = [one for _, one in steps if one is not None and one != "passthrough"]
    if not estimators or steps[-1][1] is None or steps[-1][1] == "passthrough":
        raise UnsupportedModel("The Pipeline does not end in an estimator.")
    return estimators
