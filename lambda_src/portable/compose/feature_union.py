"""FeatureUnion: every transformer gets the whole row, and what they make is joined."""

from __future__ import annotations

from portable.base import SPARSE, Features, Transformer
from portable.compose.hstack import Part, SideBySide, is_identity, read_weights
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.pickles.attributes import read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Transformer:
    """A FeatureUnion."""
    state = read_state(estimator, ("transformer_list", "transformer_weights"))
    transformers = state["transformer_list"]
    if type(transformers) is not list:
        raise UnsupportedModel("The FeatureUnion's transformer_list is no list; fit it again.")
    weights = read_weights("FeatureUnion", state["transformer_weights"])
    parts = []
    for one in transformers:
        if type(one) is not tuple or len(one) != 2:
            raise UnsupportedModel("The FeatureUnion's transformer_list holds more than pairs.")
        name, transformer = one
        if transformer != "drop":
            parts.append(_part(transformer, features, weights.get(name)))
    sparse = any(part.features.form == SPARSE for part in parts)
    return SideBySide("FeatureUnion", parts, sparse=sparse)


def _part(transformer: object, features: Features, weight: float | None) -> Part:
    if is_identity(transformer):
        origins = range(features.count or 0)
        return Part(None, features, weight=weight, origins=origins)
    step = read_transformer(transformer, features)
    return Part(step, features, weight=weight, origins=step.origins)
