"""TargetEncoder: for each category the mean of the target, as it was shrunk when it was fitted."""

from __future__ import annotations

from array import array

from portable.base import DENSE, Features, SparseRow, Transformer, UnusableRow, dense
from portable.errors import UnsupportedModel
from portable.pickles.attributes import choice, column_count, number, read_labels, read_state
from portable.pickles.tables import doubles, in_double
from portable.preprocessing.categories import places_of, read_categories

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator

_FITTED = ("categories_", "encodings_", "target_mean_", "target_type_", "n_features_in_")


def read(estimator: Estimator, features: Features) -> Transformer:
    """A TargetEncoder."""
    return TargetEncoder(estimator, features)


class TargetEncoder(Transformer):
    """A number for each value; one for each value and class where there are several classes."""

    __slots__ = ("_count", "_encodings")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(estimator, _FITTED)
        self._count = column_count(name, state, features)
        kind = choice(name, state, "target_type_", ("binary", "continuous", "multiclass"))
        if kind == "multiclass":
            size = len(read_labels(name, state))
            means = doubles(name, state, "target_mean_", size).tolist()
        else:
            size = 1
            means = [number(name, state, "target_mean_")]
        encodings = state["encodings_"]
        if type(encodings) is not list or len(encodings) != self._count * size:
            raise UnsupportedModel(f"The {name}'s encodings_ do not add up; fit it again.")
        # For each column the function from a value to its place, and by that the numbers it
        # becomes; the last place is that of what is no category.
        self._encodings = []
        for column, categories in enumerate(read_categories(name, state, self._count)):
            ours = []
            for at, mean in enumerate(means):
                of_class = {"encodings_": encodings[column * size + at]}
                ours.append([*doubles(name, of_class, "encodings_", len(categories)), mean])
            self._encodings.append((places_of(name, categories), list(zip(*ours, strict=True))))
        self.features = Features(DENSE, self._count * size, features.names if size == 1 else None)
        self.origins = [column for column in range(self._count) for _ in range(size)]

    def transform(self, row: Row) -> array[float]:
        """The row of numbers; raises UnusableRow."""
        if type(row) is SparseRow:
            row = dense(row, self._count)
        if len(row) != self._count:
            raise UnusableRow(f"The row has {len(row)} values where the model takes {self._count}.")
        values = array("d")
        for (place_of, encodings), value in zip(self._encodings, row, strict=True):
            values.extend(encodings[place_of(value)])
        return values
