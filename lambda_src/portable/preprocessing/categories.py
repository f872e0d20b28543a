"""The categories of encoders: from a value of a column to its place in `categories_`."""

from __future__ import annotations

from bisect import bisect_left
from math import isnan
from operator import lt

from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from portable.pickles.attributes import State

    PlaceOf = Callable[[object], int]

UNKNOWN = -1
"""The place of a value that is no category."""


def read_categories(name: str, state: State, count: int) -> list[list[object]]:
    """`categories_`: those of each of `count` columns, in order."""
    arrays = state["categories_"]
    if type(arrays) is not list or len(arrays) != count:
        raise UnsupportedModel(f"The {name}'s categories_ are not a list for each of its columns.")
    if any(type(one) is not Array for one in arrays):
        raise UnsupportedModel(f"The {name}'s categories_ are not arrays; fit it again.")
    return [one.elements() for one in arrays]


def places_of(name: str, categories: list[object]) -> PlaceOf:
    """The function from a column's value to its place among `categories`, or UNKNOWN.

    A missing value (None) is the category None, or else the category NaN, where there is one.
    Numbers are found by bisection: their hashes can be chosen to be the same.
    """
    texts: dict[str, int] = {}
    numbers: list[float] = []
    places: list[int] = []
    none = not_a_number = UNKNOWN
    for place, category in enumerate(categories):
        if type(category) is str:
            texts[category] = place
        elif category is None:
            none = place
        elif not isinstance(category, int | float):
            raise UnsupportedModel(
                f"The {name} has a category of type {type(category).__name__}; the portable "
                "runtime serves strings, numbers, booleans and missing values."
            )
        elif isnan(category):
            not_a_number = place
        else:
            numbers.append(category)
            places.append(place)
    if not all(map(lt, numbers, numbers[1:])):
        raise UnsupportedModel(f"The {name}'s categories of numbers do not ascend; fit it again.")
    if none == UNKNOWN:
        none = not_a_number

    def place_of(value: object) -> int:
        if type(value) is str:
            return texts.get(value, UNKNOWN)
        if value is None:
            return none
        if value != value:
            return not_a_number
        at = bisect_left(numbers, value)  # type: ignore[call-overload]
        return places[at] if at < len(numbers) and numbers[at] == value else UNKNOWN

    return place_of
