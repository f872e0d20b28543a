"""OneHotEncoder and OrdinalEncoder."""

from __future__ import annotations

from array import array

from portable.base import DENSE, SPARSE, Features, SparseRow, Transformer, UnusableRow, dense
from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array, DType
from portable.pickles.attributes import choice, column_count, read_state
from portable.pickles.tables import in_double
from portable.preprocessing.categories import places_of, read_categories

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Row
    from portable.pickles.attributes import State
    from portable.pickles.unpickler import Estimator

_FITTED = ("categories_", "handle_unknown", "dtype", "_infrequent_enabled", "n_features_in_")
_NOTHING = -1
"""What a category becomes that is dropped or ignored: no column is 1."""


def read(estimator: Estimator, features: Features) -> Transformer:
    """A OneHotEncoder or an OrdinalEncoder."""
    in_double(type(estimator).__name__, features)
    if type(estimator).__name__ == "OrdinalEncoder":
        return _ordinal(estimator, features)
    return _one_hot(estimator, features)


def is_single(state: State) -> bool:
    """Whether an encoder's option `dtype` is float32."""
    dtype = state["dtype"]
    return dtype == "float32" or (type(dtype) is DType and dtype.code == "f4")


class Encoder(Transformer):
    """By column: the function from a value to its place, and what each place becomes."""

    __slots__ = ("_codes", "_count", "_places")

    def __init__(
        self, name: str, categories: list[list[object]], codes: list[list[float | None]]
    ) -> None:
        """`codes` has, after those of the categories, the one of what is no category."""
        self._places = [places_of(name, one) for one in categories]
        self._codes = codes
        self._count = len(categories)

    def codes(self, row: Row) -> list[float]:
        """What each value of the row becomes; raises UnusableRow for one that is refused."""
        if type(row) is SparseRow:
            row = dense(row, self._count)
        if len(row) != self._count:
            raise UnusableRow(f"The row has {len(row)} values where the model takes {self._count}.")
        # The place of what is unknown is the last.
        columns = zip(self._codes, self._places, row, strict=True)
        codes = [of_place[place_of(value)] for of_place, place_of, value in columns]
        if None in codes:
            raise UnusableRow(
                f"The value of column {codes.index(None)} is none of the categories that the "
                "model was fitted on."
            )
        return codes  # type: ignore[return-value]


class OrdinalEncoder(Encoder):
    """A number for each value."""

    __slots__ = ()

    def __init__(
        self,
        categories: list[list[object]],
        codes: list[list[float | None]],
        features: Features,
        *,
        single: bool,
    ) -> None:
        super().__init__("OrdinalEncoder", categories, codes)
        self.features = Features(DENSE, self._count, features.names, single=single)
        self.origins = range(self._count)

    def transform(self, row: Row) -> array[float]:
        """The row of numbers; raises UnusableRow."""
        return array("d", self.codes(row))


class OneHotEncoder(Encoder):
    """A column for each category, which is 1 where the value is that category."""

    __slots__ = ("_sparse", "_width")

    def __init__(
        self,
        categories: list[list[object]],
        codes: list[list[float | None]],
        widths: Sequence[int],
        *,
        sparse: bool,
        single: bool,
    ) -> None:
        super().__init__("OneHotEncoder", categories, codes)
        self._width = sum(widths)
        self._sparse = sparse
        self.features = Features(SPARSE if sparse else DENSE, self._width, single=single)
        self.origins = [column for column, width in enumerate(widths) for _ in range(width)]

    def transform(self, row: Row) -> Row:
        """The row of ones and zeros; raises UnusableRow."""
        columns = [int(code) for code in self.codes(row) if code != _NOTHING]
        if self._sparse:
            return SparseRow(columns, [1.0] * len(columns), self._width)
        values = array("d", bytes(8 * self._width))
        for column in columns:
            values[column] = 1.0
        return values


def _one_hot(estimator: Estimator, features: Features) -> OneHotEncoder:
    state = read_state(
        estimator, (*_FITTED, "sparse_output", "_drop_idx_after_grouping", "_n_features_outs")
    )
    name = "OneHotEncoder"
    count = column_count(name, state, features)
    unknown = choice(
        name, state, "handle_unknown", ("error", "ignore", "infrequent_if_exist", "warn")
    )
    categories = read_categories(name, state, count)
    dropped = _dropped(state["_drop_idx_after_grouping"], count)
    codes: list[list[float | None]] = []
    widths: list[int] = []
    start = 0
    for column, of_column in enumerate(categories):
        grouped, infrequent = _grouped(name, state, column, len(of_column))
        width = max(grouped, default=-1) + 1
        if unknown == "error":
            other: int | None = None
        elif unknown == "ignore" or infrequent is None:
            other = _NOTHING
        else:
            other = infrequent
        drop = dropped[column]
        ours: list[float | None] = []
        for code in (*grouped, other):
            if code is None or code < 0:
                ours.append(code)
            elif code == drop:
                ours.append(_NOTHING)
            else:
                ours.append(start + code - (drop is not None and code > drop))
        widths.append(width - (drop is not None))
        start += widths[-1]
        codes.append(ours)
    if state["_n_features_outs"] != widths:
        raise UnsupportedModel(f"The {name}'s _n_features_outs do not add up; fit it again.")
    sparse = choice(name, state, "sparse_output", (True, False)) is True
    return OneHotEncoder(categories, codes, widths, sparse=sparse, single=is_single(state))


def _ordinal(estimator: Estimator, features: Features) -> OrdinalEncoder:
    state = read_state(
        estimator, (*_FITTED, "unknown_value", "encoded_missing_value", "_missing_indices")
    )
    name = "OrdinalEncoder"
    count = column_count(name, state, features)
    categories = read_categories(name, state, count)
    unknown: float | None = None
    if choice(name, state, "handle_unknown", ("error", "use_encoded_value")) != "error":
        unknown = _plain_number(name, "unknown_value", state["unknown_value"])
    missing = state["_missing_indices"]
    if type(missing) is not dict:
        raise UnsupportedModel(f"The {name}'s _missing_indices are no dict; fit it again.")
    codes: list[list[float | None]] = []
    for column, of_column in enumerate(categories):
        place = missing.get(column)
        without = len(of_column) if place is None else len(of_column) - 1
        if place not in (None, without):
            raise UnsupportedModel(f"The {name}'s _missing_indices do not add up; fit it again.")
        grouped, _ = _grouped(name, state, column, without)
        of_places: list[float | None] = [float(code) for code in grouped]
        if place is not None:
            of_places.append(
                _plain_number(name, "encoded_missing_value", state["encoded_missing_value"])
            )
        codes.append([*of_places, unknown])
    single = is_single(state)
    if single:
        codes = [[code and array("f", (code,))[0] for code in of_column] for of_column in codes]
    return OrdinalEncoder(categories, codes, features, single=single)


def _grouped(name: str, state: State, column: int, count: int) -> tuple[Sequence[int], int | None]:
    """What the places of a column's categories become once infrequent ones are one, and which one
    that is, None without any."""
    if not choice(name, state, "_infrequent_enabled", (False, True)):
        return range(count), None
    mappings, infrequent = (
        state.get("_default_to_infrequent_mappings"),
        state.get("_infrequent_indices"),
    )
    if type(mappings) is list and type(infrequent) is list and column < len(mappings):
        mapping, indices = mappings[column], infrequent[column]
        if mapping is None and indices is None:
            return range(count), None
        if type(mapping) is Array and mapping.shape == (count,) and type(indices) is Array:
            codes = mapping.integers()
            places = indices.integers()
            if places and 0 <= places[0] < count and set(codes) == set(range(max(codes) + 1)):
                return codes, codes[places[0]]
    raise UnsupportedModel(f"The {name}'s infrequent categories are malformed; fit it again.")


def _dropped(value: object, count: int) -> list[int | None]:
    """The place, once infrequent ones are one, of the category of each column that is dropped."""
    if value is None:
        return [None] * count
    dropped = value.elements() if type(value) is Array else []
    if len(dropped) != count or any(
        one is not None and (type(one) is not int or one < 0) for one in dropped
    ):
        raise UnsupportedModel("The OneHotEncoder's dropped categories are malformed; fit again.")
    return dropped  # type: ignore[return-value]


def _plain_number(name: str, option: str, value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise UnsupportedModel(f"The {name}'s {option} is not a number.")
