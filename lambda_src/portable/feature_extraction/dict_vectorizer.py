"""DictVectorizer: a column for each field that is a number, and for each level of the others."""

from __future__ import annotations

from array import array

from portable.base import DENSE, SPARSE, Features, SparseRow, Transformer, UnusableRow
from portable.errors import UnsupportedModel
from portable.pickles.attributes import MAX_FEATURES, State, choice, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> Transformer:
    """A DictVectorizer, which takes a record's values in the order of `fields_of`."""
    return DictVectorizer(estimator, features)


def fields_of(state: State) -> list[str]:
    """The fields of the dictionaries that it was fitted on, in the order of the columns.

    A column is called as its field is, or "field=level", which is all that a fitted one knows.
    """
    names, separator = state.get("feature_names_"), state.get("separator")
    if type(names) is not list or type(separator) is not str or not separator:
        raise UnsupportedModel("The DictVectorizer lacks its feature_names_; fit it again.")
    if not 1 <= len(names) <= MAX_FEATURES or any(type(name) is not str for name in names):
        raise UnsupportedModel(
            f"The DictVectorizer's feature_names_ are not from 1 to {MAX_FEATURES:,} strings."
        )
    return list(dict.fromkeys(name.partition(separator)[0] for name in names))


class DictVectorizer(Transformer):
    """A record's numbers, and 1 for the level of each field of text. Nothing comes of a field that
    is missing, and of a level that was not seen."""

    __slots__ = ("_columns", "_fields", "_sparse")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        state = read_state(estimator, ("feature_names_", "vocabulary_", "separator", "dtype"))
        fields = fields_of(state)
        if features.names is None or list(features.names) != fields:
            raise UnsupportedModel(
                f"The {name} stands where no record of its fields comes; it must be the first "
                "step of a model."
            )
        choice(name, state, "dtype", ("float64",))
        self._sparse = choice(name, read_state(estimator, ("sparse",)), "sparse", (True, False))
        columns, names = state["vocabulary_"], state["feature_names_"]
        if type(names) is not list or columns != {one: at for at, one in enumerate(names)}:
            raise UnsupportedModel(f"The {name}'s vocabulary_ is not that of its feature_names_.")
        self._columns: dict[str, int] = columns
        # What stands before a level, for each field.
        self._fields = [(field, f"{field}{state['separator']}") for field in fields]
        places = {field: place for place, field in enumerate(fields)}
        self.features = Features(SPARSE if self._sparse else DENSE, len(names), names)
        self.origins = [places[one.partition(str(state["separator"]))[0]] for one in names]

    def transform(self, row: Row) -> Row:
        """The row of numbers; raises UnusableRow."""
        if len(row) != len(self._fields):
            raise UnusableRow(
                f"The row has {len(row)} values where the model takes {len(self._fields)}."
            )
        numbers: dict[int, float] = {}
        column_of = self._columns.get
        for (field, prefix), value in zip(self._fields, row, strict=True):
            if type(value) is str:
                column, number = column_of(prefix + value), 1.0
            elif value is None:
                continue
            else:
                column, number = column_of(field), _number(value)
            if column is not None:
                numbers[column] = number
        if self._sparse:
            columns = sorted(numbers)
            return SparseRow(columns, [numbers[one] for one in columns], len(self._columns))
        values = array("d", bytes(8 * len(self._columns)))
        for column, number in numbers.items():
            values[column] = number
        return values


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        raise UnusableRow("The row holds something that is not a number of usual size.") from None
