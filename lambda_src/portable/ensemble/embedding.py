"""RandomTreesEmbedding: which leaf of each tree a row reaches, one column for each leaf."""

from __future__ import annotations

from portable.base import DENSE, SPARSE, Features, SparseRow, Transformer, UnusableRow, dense
from portable.ensemble.forest import Forest
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import choice, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Transformer:
    """A fitted RandomTreesEmbedding."""
    return RandomTreesEmbedding(estimator, features)


class RandomTreesEmbedding(Transformer):
    """A one for the leaf of each tree."""

    __slots__ = ("_columns", "_forest", "_sparse")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("one_hot_encoder_", "sparse_output"))
        self._forest = Forest(estimator, features, 1)
        encoder = state["one_hot_encoder_"]
        if type(encoder).__name__ != "OneHotEncoder":
            raise UnsupportedModel(f"The {name}'s one_hot_encoder_ is no OneHotEncoder.")
        leaves = read_state(encoder, ("categories_",))["categories_"]  # type: ignore[arg-type]
        if type(leaves) is not list or len(leaves) != len(self._forest.trees):
            raise UnsupportedModel(f"The {name}'s encoder does not have the leaves of each tree.")
        self._columns: list[dict[int, int]] = []
        width = 0
        for one in leaves:
            places = one.integers() if type(one) is Array else []
            self._columns.append({leaf: width + at for at, leaf in enumerate(places)})
            width += len(places)
        self._sparse = choice(name, state, "sparse_output", (True, False))
        self.features = Features(SPARSE if self._sparse else DENSE, width)
        self.origins = None

    def transform(self, row: Row) -> Row:
        """The columns of the leaves; raises UnusableRow."""
        values, _ = self._forest.row(row)
        columns = []
        for tree, by_leaf in zip(self._forest.trees, self._columns, strict=True):
            column = by_leaf.get(tree.leaf(values))
            if column is None:
                raise UnusableRow("The row reaches a leaf that no row of the training reached.")
            columns.append(column)
        encoded = SparseRow(columns, [1.0] * len(columns), self.features.count or 0)
        return encoded if self._sparse else dense(encoded, encoded.width)
