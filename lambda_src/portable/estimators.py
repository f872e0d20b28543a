"""From a fitted estimator, as it came out of its pickle, to the step that computes with it."""

from importlib import import_module

from portable.base import Predictor, Transformer
from portable.errors import UnsupportedModel
from portable.pickles.unpickler import Estimator
from portable.supported import ESTIMATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features


def read(estimator: object, features: "Features") -> "Transformer | Predictor":
    """Compile a fitted estimator for rows of `features`.

    Raises UnsupportedModel, one sentence that names the step, where it cannot be served exactly.
    """
    if not isinstance(estimator, Estimator):
        raise UnsupportedModel(
            f"Where a fitted estimator is expected the model holds {str(estimator)[:60]!r}."
        )
    module = ESTIMATORS[estimator.module][type(estimator).__name__]
    step: Transformer | Predictor = import_module(f"portable.{module}").read(estimator, features)
    return step


def read_transformer(estimator: object, features: "Features") -> "Transformer":
    """As `read`, of a step that others follow."""
    step = read(estimator, features)
    if not isinstance(step, Transformer):
        raise UnsupportedModel(
            f"A {type(estimator).__name__} stands where a transformer is expected; only the last "
            "step of a model predicts."
        )
    return step


def read_predictor(estimator: object, features: "Features") -> "Predictor":
    """As `read`, of what answers."""
    step = read(estimator, features)
    if not isinstance(step, Predictor):
        raise UnsupportedModel(
            f"The {type(estimator).__name__} transforms and predicts nothing; give the whole "
            "model, with the estimator that answers."
        )
    return step
