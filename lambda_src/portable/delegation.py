"""Estimators that answer as another does, which they hold: FrozenEstimator, SelfTrainingClassifier,
and a threshold classifier in all but its labels."""

from __future__ import annotations

from portable.errors import UnsupportedModel
from portable.estimators import read as read_estimator
from portable.estimators import read_transformer
from portable.pickles.attributes import read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Features, Predictor, Transformer
    from portable.pickles.unpickler import Estimator

_HELD = {"FrozenEstimator": "estimator", "SelfTrainingClassifier": "estimator_"}


def read(estimator: Estimator, features: Features) -> Transformer | Predictor:
    """A FrozenEstimator or a SelfTrainingClassifier, as the fitted estimator in it."""
    return read_estimator(held(estimator), features)


def read_transforming(estimator: Estimator, features: Features) -> Transformer:
    """As `read`, of what other steps follow."""
    return read_transformer(held(estimator), features)


def held(estimator: Estimator) -> object:
    """The fitted estimator that answers in this one's place."""
    name = type(estimator).__name__
    attribute = _HELD.get(name, "")
    if attribute not in read_state(estimator):
        raise UnsupportedModel(f"The {name} lacks {attribute!r}; pickle it after fitting it.")
    return estimator.state[attribute]
