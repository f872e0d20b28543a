"""Some columns of a row, in an order of their own."""

from __future__ import annotations

from array import array
from operator import itemgetter

from portable.base import DENSE, RECORD, SPARSE, TEXT, Features, SparseRow, UnusableRow
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portable.base import Row

    Pick = Callable[[Row], Row]


def read_indices(name: str, indices: object, count: int | None) -> list[int]:
    """Places of columns as a list or an array holds them, each below `count` where it is known."""
    if type(indices) is Array and indices.dtype.code[0] in "iu" and indices.shape != (0,):
        indices = list(indices.labels())
    if type(indices) is not list or any(type(one) is not int for one in indices):
        raise UnsupportedModel(f"The {name}'s columns are not a list of their places.")
    if indices and (min(indices) < 0 or (count is not None and max(indices) >= count)):
        raise UnsupportedModel(f"The {name} takes columns that its rows do not have.")
    return indices


def columns_features(features: Features, indices: Sequence[int]) -> Features:
    """What rows of `features` are with these columns alone."""
    names = None if features.names is None else [features.names[at] for at in indices]
    form = features.form if features.form in (RECORD, SPARSE) else DENSE
    return Features(form, len(indices), names, single=features.single)


def picker(indices: Sequence[int], count: int) -> Pick:
    """Take these columns of a row of `count`; raises UnusableRow for a row of another length."""
    get = itemgetter(*indices)
    alone = len(indices) == 1

    def pick(row: Row) -> Row:
        if type(row) is SparseRow:
            value_of = dict(zip(row.columns, row.values, strict=True))
            places = [place for place, column in enumerate(indices) if column in value_of]
            return SparseRow(places, [value_of[indices[at]] for at in places], len(indices))
        _check_length(row, count)
        values = [get(row)] if alone else list(get(row))
        return array("d", values) if type(row) is array else values

    return pick


def text_picker(index: int, count: int, features: Features) -> tuple[Pick, Features]:
    """Take one column as the text that it holds; what it then is.

    Raises UnsupportedModel where the rows hold no texts.
    """
    if features.form != RECORD:
        raise UnsupportedModel(
            "A ColumnTransformer gives a transformer one column by its name or place alone, which "
            "is served for texts of a record; give it a list of columns."
        )
    name = f"x{index}" if features.names is None else features.names[index]

    def pick(row: Row) -> str:
        _check_length(row, count)
        text = row[index]
        if type(text) is not str:
            raise UnusableRow(f"The row's {name} is not a text, which the model takes it for.")
        return text

    return pick, Features(TEXT, 1)


def _check_length(row: Row, count: int) -> None:
    if len(row) != count:
        raise UnusableRow(f"The row has {len(row)} values where the model takes {count}.")
