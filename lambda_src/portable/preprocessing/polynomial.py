"""PolynomialFeatures: products of up to so many of a row's numbers."""

from __future__ import annotations

from array import array
from itertools import combinations, combinations_with_replacement
from math import comb, prod

from portable.base import DENSE, SPARSE, Features, SparseRow, Transformer, UnusableRow, finite
from portable.errors import UnsupportedModel
from portable.pickles.attributes import MAX_FEATURES, choice, column_count, read_state
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator

MAX_PRODUCTS = 1_000_000
"""Products made of one sparse row."""


def read(estimator: Estimator, features: Features) -> Transformer:
    """A PolynomialFeatures."""
    return PolynomialFeatures(estimator, features)


class PolynomialFeatures(Transformer):
    """1 where a bias is asked for, and the products of each degree from the lowest to the highest,
    in scikit-learn's order of columns and of multiplications."""

    __slots__ = ("_bias", "_count", "_degrees", "_distinct")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(
            estimator, ("degree", "interaction_only", "include_bias", "n_features_in_")
        )
        self._count = column_count(name, state, features)
        self._degrees = _degrees(name, state["degree"])
        self._distinct = choice(name, state, "interaction_only", (False, True)) is True
        self._bias = choice(name, state, "include_bias", (False, True)) is True
        lowest, highest = self._degrees
        width = self._bias + sum(map(self._products, range(max(1, lowest), highest + 1)))
        form = SPARSE if features.form == SPARSE else DENSE
        if form == DENSE and width + sum(map(self._products, range(1, lowest))) > MAX_FEATURES:
            raise UnsupportedModel(f"The {name} makes more than {MAX_FEATURES:,} columns of a row.")
        self.features = Features(form, width)
        self.origins = None

    def transform(self, row: Row) -> Row:
        """The row of products, sparse where it was; raises UnusableRow."""
        if type(row) is SparseRow and self.features.form == SPARSE:
            return self._sparse(row)
        values = finite(row, self._count)
        lowest, highest = self._degrees
        products = [1.0] if self._bias else []
        # For each column, the products of the degree before that hold none before the column.
        of_degree = list(values)
        starts = list(range(self._count))
        for degree in range(1, highest + 1):
            if degree > 1:
                previous, of_degree = of_degree, []
                ends = [*starts[1:], len(previous)] if self._distinct else starts
                starts = []
                for value, start in zip(values, ends, strict=True):
                    starts.append(len(of_degree))
                    of_degree += [product * value for product in previous[start:]]
            if degree >= lowest:
                products += of_degree
        return array("d", products)

    def _products(self, degree: int) -> int:
        choices = self._count if self._distinct else self._count + degree - 1
        return comb(choices, degree)

    def _sparse(self, row: SparseRow) -> SparseRow:
        lowest, highest = self._degrees
        size, start = len(row.columns), int(self._bias)
        columns, values = ([0], [1.0]) if self._bias else ([], [])
        choose = combinations if self._distinct else combinations_with_replacement
        for degree in range(max(1, lowest), highest + 1):
            made = comb(size if self._distinct else size + degree - 1, degree)
            if made + len(columns) > MAX_PRODUCTS:
                raise UnusableRow(
                    f"The row has {size} numbers that are not 0, of which more than "
                    f"{MAX_PRODUCTS:,} products would be made."
                )
            # The place of a combination in the order of all of its degree: how many there are,
            # less itself and those that follow it.
            total = self._products(degree)
            widened = self._count - 1 if self._distinct else self._count + degree - 2
            for chosen in choose(row.columns, degree):
                after = 0
                for at, column in enumerate(chosen):
                    after += comb(widened - column - (0 if self._distinct else at), degree - at)
                columns.append(start + total - 1 - after)
            values += map(prod, choose(row.values, degree))
            start += total
        return SparseRow(columns, values, self.features.count or 0)


def _degrees(name: str, degree: object) -> tuple[int, int]:
    pair = degree if type(degree) is tuple else (0, degree)
    if len(pair) == 2 and all(type(one) is int for one in pair) and 0 <= pair[0] <= pair[1] <= 50:
        return pair
    raise UnsupportedModel(f"The {name}'s degree is not a number from 0 to 50 or a pair of them.")
