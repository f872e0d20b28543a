"""Stand-ins for what pickles hold beyond plain arrays: trees, losses, links, what is ignored."""

from __future__ import annotations

from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array, DType

NODE_FIELDS = (
    ("left_child", "i8", 0),
    ("right_child", "i8", 8),
    ("feature", "i8", 16),
    ("threshold", "f8", 24),
    ("impurity", "f8", 32),
    ("n_node_samples", "i8", 40),
    ("weighted_n_node_samples", "f8", 48),
    ("missing_go_to_left", "u1", 56),
)
"""Name, dtype and offset of each field of a tree's node (sklearn/tree/_tree.pxd, struct Node)."""
NODE_BYTES = 64
SEARCH_NODE_FIELDS = (
    ("idx_start", "i8", 0),
    ("idx_end", "i8", 8),
    ("is_leaf", "i8", 16),
    ("radius", "f8", 24),
)
"""The same of a node of a KDTree or BallTree (sklearn/neighbors/_binary_tree.pxi, NodeData_t)."""
SEARCH_NODE_FORMAT = "<qqqd"
PREDICTOR_FIELDS = (
    ("value", "f8", 0),
    ("count", "u4", 8),
    ("feature_idx", "i8", 12),
    ("num_threshold", "f8", 20),
    ("missing_go_to_left", "u1", 28),
    ("left", "u4", 29),
    ("right", "u4", 33),
    ("gain", "f8", 37),
    ("depth", "u4", 45),
    ("is_leaf", "u1", 49),
    ("bin_threshold", "u1", 50),
    ("is_categorical", "u1", 51),
    ("bitset_idx", "u4", 52),
)
"""The same of a node of histogram gradient boosting (PREDICTOR_RECORD_DTYPE)."""
PREDICTOR_BYTES = 56
PREDICTOR_FORMAT = "<d4xqdBII12xBxBI"
"""The value, feature, threshold, where the missing go, children, leaf, category and bitset."""
LAYOUTS = {
    f"V{NODE_BYTES}": NODE_FIELDS,
    f"V{PREDICTOR_BYTES}": PREDICTOR_FIELDS,
    "V32": SEARCH_NODE_FIELDS,
}
"""The records that are read, by the code of their dtype."""


def _refuse() -> UnsupportedModel:
    return UnsupportedModel(
        "The model holds records that are not the nodes of a scikit-learn 1.6 to 1.x tree on a "
        "64-bit little-endian machine; fit and pickle it again with such a release."
    )


def check_record(code: str, state: tuple[object, ...]) -> None:
    """Raise UnsupportedModel unless a dtype's state is that of one of `LAYOUTS`."""
    # (version, byte order, sub-array, field names, fields, item size, alignment, flags)
    layout = LAYOUTS.get(code, ())
    names, fields, size = state[3:6]
    if state[:3] != (3, "|", None) or code != f"V{size}" or type(fields) is not dict:
        raise _refuse()
    if names != tuple(name for name, _, _ in layout) or len(fields) != len(layout):
        raise _refuse()
    for name, kind, offset in layout:
        field = fields[name]
        if type(field) is not tuple or len(field) != 2 or type(field[0]) is not DType:
            raise _refuse()
        if field[0].code != kind or not field[0].known or field[1] != offset:
            raise _refuse()


class Tree:
    """The Cython tree: the arguments and the state it was pickled with."""

    __slots__ = ("features", "nodes", "outputs", "values")

    def __init__(self, features: object, classes: object, outputs: object) -> None:
        if type(features) is not int or type(classes) is not Array or type(outputs) is not int:
            raise _refuse()
        self.features = features
        self.outputs = outputs
        self.nodes: Array | None = None

    def __setstate__(self, state: object) -> None:
        if type(state) is not dict or self.nodes is not None:
            raise _refuse()
        if state.keys() != {"max_depth", "node_count", "nodes", "values"}:
            raise _refuse()
        nodes, values = state["nodes"], state["values"]
        if type(nodes) is not Array or type(values) is not Array:
            raise _refuse()
        self.nodes = nodes
        self.values: Array = values


class Ignored:
    """What a fitted model carries and no prediction depends on: losses' compiled halves, limits."""

    __slots__ = ()

    def __init__(self, *arguments: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        pass


class Link(Ignored):
    """Between raw scores and probabilities."""

    __slots__ = ()


class LogLink(Link):
    __slots__ = ()


class LogitLink(Link):
    __slots__ = ()


class HalfLogitLink(Link):
    __slots__ = ()


class MultinomialLogit(Link):
    __slots__ = ()


class Loss:
    """A boosting loss; only its link matters once the model is fitted."""

    __slots__ = ("link",)

    def __setstate__(self, state: object) -> None:
        if type(state) is not dict or hasattr(self, "link"):
            raise UnsupportedModel("The model's loss has no plain state; fit and pickle it again.")
        self.link: object = state.get("link")


class HalfBinomialLoss(Loss):
    __slots__ = ()


class HalfMultinomialLoss(Loss):
    __slots__ = ()


class ExponentialLoss(Loss):
    __slots__ = ()


class RegressionLoss(Loss):
    __slots__ = ()


class TreePredictor:
    """A tree of histogram gradient boosting: its nodes, and the categories that its splits part."""

    __slots__ = ("bitsets", "nodes")

    def __setstate__(self, state: object) -> None:
        if type(state) is not dict or hasattr(self, "nodes"):
            raise _refuse()
        nodes, bitsets = state.get("nodes"), state.get("raw_left_cat_bitsets")
        if type(nodes) is not Array or type(bitsets) is not Array:
            raise _refuse()
        self.nodes: Array = nodes
        self.bitsets: Array = bitsets


class ExponentialMeanLoss(Loss):
    """A loss of a regression whose raw scores are logarithms."""

    __slots__ = ()


class Mapping(dict[object, object]):
    """An OrderedDict or a defaultdict; what it makes of missing keys is dropped."""

    __slots__ = ()

    def __init__(self, *default: object) -> None:  # noqa: ARG002 - dropped
        super().__init__()

    def __setstate__(self, state: object) -> None:
        raise _refuse()


class _ByteArray:
    """What a pickle calls to make a bytearray: returns the bytes."""

    __slots__ = ()

    def __call__(self, raw: object) -> bytes:
        if type(raw) is not bytes:
            raise _refuse()
        return raw

    def __setstate__(self, state: object) -> None:
        raise _refuse()


byte_array = _ByteArray()
