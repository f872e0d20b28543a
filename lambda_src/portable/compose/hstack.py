"""What several transformers make of a row, side by side, as numpy's and scipy's hstack put it."""

from __future__ import annotations

from array import array

from portable.arithmetic.float32 import rounded
from portable.base import DENSE, RECORD, SPARSE, Features, SparseRow, Transformer, dense
from portable.errors import UnsupportedModel
from portable.pickles.attributes import MAX_FEATURES, number, read_state
from portable.pickles.unpickler import Estimator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portable.base import Row

    Pick = Callable[[Row], Row]


class Part:
    """One transformer of several: what it takes of the row, and what its answer is multiplied by.

    `step` is None where the columns pass as they are; `origins` are the columns of the whole row
    that each of its columns was made of.
    """

    __slots__ = ("_pick", "_transform", "count", "features", "origins", "step", "weight")

    def __init__(
        self,
        step: Transformer | None,
        features: Features,
        *,
        pick: Pick | None = None,
        weight: float | None = None,
        origins: Sequence[int] | None = None,
    ) -> None:
        given = features if step is None else step.features
        if given.count is None:
            raise UnsupportedModel(
                "Nothing in the model says how many columns one of its transformers gives; serve "
                "it by the scikit-learn runtime."
            )
        self.features = given
        self.count = given.count
        self.step = step
        self._pick = pick
        self._transform = None if step is None else step.transform
        self.weight = weight
        self.origins = origins

    def transform(self, row: Row) -> Row:
        """The part's columns of a whole row; raises UnusableRow."""
        if self._pick is not None:
            row = self._pick(row)
        if self._transform is not None:
            row = self._transform(row)
        return row if self.weight is None else self._weighed(row, self.weight)

    def _weighed(self, row: Row, weight: float) -> Row:
        sparse = type(row) is SparseRow
        values = row.values if sparse else dense(row, self.count)
        if self.features.single:
            # A number that is Python's own does not widen singles, but is made one.
            weight = rounded(weight)
            values = array("f", [value * weight for value in values]).tolist()
        else:
            values = [value * weight for value in values]
        return SparseRow(row.columns, values, row.width) if sparse else array("d", values)


class SideBySide(Transformer):
    """The columns of all `parts`, one part after another; a SparseRow where `sparse`."""

    __slots__ = ("_records", "_sparse", "parts")

    def __init__(self, name: str, parts: Sequence[Part], *, sparse: bool) -> None:
        if not parts:
            raise UnsupportedModel(f"The {name} keeps no column of a row; fit it on some.")
        self.parts = parts
        self._sparse = sparse
        forms = [part.features.form for part in parts if part.weight is None]
        self._records = RECORD in forms and not sparse
        count = sum(part.count for part in parts)
        single = sparse and all(part.features.single for part in parts)
        form = SPARSE if sparse else RECORD if self._records else DENSE
        self.features = Features(form, count, single=single)
        self.origins = _origins(parts)

    def transform(self, row: Row) -> Row:
        """The row of all parts; raises UnusableRow."""
        if self._sparse:
            return self._sparse_row(row)
        if not self._records:
            numbers = array("d")
            for part in self.parts:
                numbers += dense(part.transform(row), part.count)
            return numbers
        values: list[object] = []
        for part in self.parts:
            made = part.transform(row)
            values += dense(made, part.count) if type(made) is SparseRow else made
        return values

    def _sparse_row(self, row: Row) -> SparseRow:
        columns: list[int] = []
        values: list[float] = []
        start = 0
        for part in self.parts:
            made = part.transform(row)
            if type(made) is SparseRow:
                columns += [column + start for column in made.columns] if start else made.columns
                values += made.values
            else:
                for column, value in enumerate(dense(made, part.count), start):
                    if value:
                        columns.append(column)
                        values.append(value)
            start += part.count
        return SparseRow(columns, values, start)


def _origins(parts: Sequence[Part]) -> Sequence[int] | None:
    origins: list[int] = []
    for part in parts:
        if part.origins is None:
            return None
        origins += part.origins
    return origins


def origins_within(step: Transformer | None, columns: Sequence[int]) -> Sequence[int] | None:
    """The columns of the whole row that a step's columns come of, which is given `columns` of it.

    Whatever is made of one column alone comes of that column.
    """
    if step is None:
        return columns
    if len(columns) == 1:
        return [columns[0]] * (step.features.count or 0)
    return None if step.origins is None else [columns[at] for at in step.origins]


def read_weights(name: str, weights: object) -> dict[str, float]:
    """`transformer_weights`: a number by the name of a transformer."""
    if weights is None:
        return {}
    if type(weights) is not dict or len(weights) > MAX_FEATURES:
        raise UnsupportedModel(f"The {name}'s transformer_weights are not numbers by name.")
    return {one: number(name, weights, one) for one in weights}


def is_identity(estimator: object) -> bool:
    """Whether rows pass as they are: "passthrough", or the function transformer without a function
    that scikit-learn puts in its place."""
    if type(estimator) is str:
        return estimator == "passthrough"
    if not isinstance(estimator, Estimator) or type(estimator).__name__ != "FunctionTransformer":
        return False
    state = read_state(estimator, ("func", "validate"))
    return state["func"] is None and state["validate"] is False
