"""More checks of pickled attributes: tables of any type, and labels that estimators hold.

Apart from `attributes`, so that a model that needs none of them is packaged without.
"""

from __future__ import annotations

from bisect import bisect_left

from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array
from portable.pickles.attributes import State, check_finite, label_order, read_state
from portable.pickles.unpickler import Estimator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from portable.base import Features
    from portable.pickles.arrays import Label


def columns(name: str, state: State, attribute: str, rows: int) -> list[array[float]]:
    """The columns, one or more, of a finite float array of `rows` rows, in either precision."""
    value = state[attribute]
    if type(value) is not Array or len(value.shape) != 2 or value.shape[0] != rows:
        raise UnsupportedModel(
            f"The {name}'s {attribute} is no table of {rows} rows; fit it again, with all steps of "
            "the model in one training run."
        )
    found = [check_finite(name, attribute, column) for column in value.columns()]
    if not found:
        raise UnsupportedModel(f"The {name}'s {attribute} has no columns; fit it again.")
    return found


def doubles(name: str, state: State, attribute: str, length: int) -> array[float]:
    """An array of `length` numbers of whatever type, NaN and infinite ones among them."""
    value = state[attribute]
    if type(value) is not Array or value.shape != (length,):
        raise UnsupportedModel(f"The {name}'s {attribute} is not an array of {length} numbers.")
    return value.values()


def table(
    name: str, state: State, attribute: str, rows: int | None, columns: int
) -> list[array[float]]:
    """The rows of a finite array of shape (rows, columns) of whatever type, as doubles; as many
    as there are where `rows` is None."""
    value = state[attribute]
    shape = value.shape if type(value) is Array else ()
    if type(value) is not Array or len(shape) != 2 or shape != (rows or shape[0], columns):
        raise UnsupportedModel(
            f"The {name}'s {attribute} is not a table of {rows or 'any number of'} rows and "
            f"{columns} columns; the steps of a model must come from one training run."
        )
    return [check_finite(name, attribute, row) for row in value.rows()]


def in_double(name: str, features: Features) -> None:
    """Raise UnsupportedModel for a step that would be given single precision."""
    if features.single:
        raise UnsupportedModel(
            f"The {name} follows a step of dtype float32, so scikit-learn computes it in single "
            "precision; fit that step with dtype float64, or serve the model by the scikit-learn "
            "runtime."
        )


def held_labels(name: str, state: State) -> tuple[object, bool]:
    """The classes_ of the LabelBinarizer that an estimator turned its labels into columns with,
    and whether these were several labels at once; raises UnsupportedModel."""
    binarizer = state["_label_binarizer"]
    if not isinstance(binarizer, Estimator) or type(binarizer).__name__ != "LabelBinarizer":
        raise UnsupportedModel(f"The {name} holds no LabelBinarizer; fit it again.")
    held = read_state(binarizer, ("classes_", "y_type_"))
    return held["classes_"], held["y_type_"] == "multilabel-indicator"


def label_places(name: str, labels: Sequence[Label], classes: Sequence[Label]) -> Sequence[int]:
    """The place of each label in `classes`; raises UnsupportedModel for one that has none."""
    if labels == classes:
        return range(len(classes))
    # Sorted, as in `read_labels`.
    order = sorted(range(len(classes)), key=lambda at: label_order(classes[at]))
    ordered = [label_order(classes[at]) for at in order]
    places = [bisect_left(ordered, label_order(label)) for label in labels]
    for place, label in zip(places, labels, strict=True):
        if place == len(ordered) or ordered[place] != label_order(label):
            raise UnsupportedModel(f"An estimator of the {name} has a label that it has not.")
    return [order[place] for place in places]
