"""Selectors: each keeps some of a row's columns, whatever it chose them by."""

from __future__ import annotations

from array import array
from itertools import compress
from math import isfinite, isinf

from portable.base import Features, SparseRow, Transformer, UnusableRow
from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from portable.base import Row

# Modules of estimators that refuse missing values: what selects by one of them does as well.
# Any other lets them pass, for the step that follows to judge.
_REFUSE_NAN = (
    "sklearn.discriminant_analysis",
    "sklearn.ensemble._gb",
    "sklearn.linear_model",
    "sklearn.naive_bayes",
    "sklearn.neighbors",
    "sklearn.neural_network",
    "sklearn.svm",
)


def takes_nan(module: str) -> bool:
    """Whether an estimator of that module of scikit-learn may take rows with NaN."""
    return not module.startswith(_REFUSE_NAN)


class Selector(Transformer):
    """The chosen columns of a row of numbers, of a record's values, or of a sparse one."""

    __slots__ = ("_chosen", "_count", "_nan", "_place_of")

    def __init__(self, name: str, chosen: Sequence[bool], features: Features, *, nan: bool) -> None:
        self._count = len(chosen)
        if features.count not in (None, self._count):
            raise UnsupportedModel(
                f"The {name} takes {self._count} features where the step before it gives "
                f"{features.count}; the steps of a model must come from one training run."
            )
        self._chosen = list(chosen)
        self._nan = nan
        columns = [column for column, is_chosen in enumerate(chosen) if is_chosen]
        if not columns:
            raise UnsupportedModel(f"The {name} chose no column at all; fit it again.")
        self._place_of = {column: place for place, column in enumerate(columns)}
        names = features.names and [features.names[column] for column in columns]
        self.features = Features(features.form, len(columns), names, single=features.single)
        self.origins = columns

    def transform(self, row: Row) -> Row:
        """The row of the chosen columns; raises UnusableRow."""
        if type(row) is SparseRow:
            places = [self._place_of.get(column) for column in row.columns]
            pairs = zip(places, row.values, strict=True)
            chosen = [(place, value) for place, value in pairs if place is not None]
            columns = [place for place, _ in chosen]
            return SparseRow(columns, [value for _, value in chosen], len(self._place_of))
        if len(row) != self._count:
            raise UnusableRow(f"The row has {len(row)} values where the model takes {self._count}.")
        for value in row:
            if type(value) is str:
                continue
            if value is None or not isfinite(value):
                if self._nan and (value is None or not isinf(value)):
                    continue
                raise UnusableRow(
                    "The row holds NaN or an infinite value, or one that becomes infinite."
                )
        chosen_values = compress(row, self._chosen)
        return list(chosen_values) if type(row) is list else array("d", chosen_values)
