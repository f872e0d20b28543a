"""ColumnTransformer: each transformer gets columns of its own, and what they make is joined."""

from __future__ import annotations

from portable.base import TEXT, Features, Transformer
from portable.compose.columns import columns_features, picker, read_indices, text_picker
from portable.compose.hstack import (
    Part,
    SideBySide,
    is_identity,
    origins_within,
    read_weights,
)
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.pickles.attributes import choice, column_count, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.pickles.unpickler import Estimator

_NAME = "ColumnTransformer"
_REQUIRED = (
    "_transformer_to_input_indices",
    "n_features_in_",
    "sparse_output_",
    "transformer_weights",
    "transformers_",
)


def read(estimator: Estimator, features: Features) -> Transformer:
    """A ColumnTransformer, its columns as they were resolved when it was fitted."""
    state = read_state(estimator, _REQUIRED)
    count = column_count(_NAME, state, features)
    transformers = state["transformers_"]
    places = state["_transformer_to_input_indices"]
    if type(transformers) is not list or type(places) is not dict or features.form == TEXT:
        raise UnsupportedModel("The ColumnTransformer's transformers_ are no list; fit it again.")
    weights = read_weights(_NAME, state["transformer_weights"])
    parts = []
    for one in transformers:
        if type(one) is not tuple or len(one) != 3 or one[0] not in places:
            raise UnsupportedModel("The ColumnTransformer's transformers_ do not fit its columns.")
        name, transformer, columns = one
        indices = read_indices(_NAME, places[name], count)
        if indices and transformer != "drop":
            as_text = type(columns) in (str, int)
            part = _part(transformer, indices, features, count, as_text=as_text)
            part.weight = weights.get(name)
            parts.append(part)
    sparse = choice(_NAME, state, "sparse_output_", (False, True)) is True
    return SideBySide(_NAME, parts, sparse=sparse)


def _part(
    transformer: object, indices: list[int], features: Features, count: int, *, as_text: bool
) -> Part:
    if as_text:
        pick, taken = text_picker(indices[0], count, features)
    else:
        pick, taken = picker(indices, count), columns_features(features, indices)
    step = None if is_identity(transformer) else read_transformer(transformer, taken)
    return Part(step, taken, pick=pick, origins=origins_within(step, indices))
