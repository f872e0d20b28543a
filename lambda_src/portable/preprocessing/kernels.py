"""KernelCenterer: a row of a kernel, centred as those it was fitted on."""

from __future__ import annotations

from array import array

from portable.base import DENSE, Features, Transformer, finite
from portable.pickles.attributes import column_count, number, read_state, vector
from portable.pickles.tables import in_double

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.base import Row
    from portable.pickles.unpickler import Estimator


def read(estimator: Estimator, features: Features) -> KernelCenterer:
    """A KernelCenterer."""
    return KernelCenterer(estimator, features)


class KernelCenterer(Transformer):
    """Minus the mean of each column, minus that of the row, plus that of all."""

    __slots__ = ("_all", "_means")

    def __init__(self, estimator: Estimator, features: Features) -> None:
        name = type(estimator).__name__
        in_double(name, features)
        state = read_state(estimator, ("K_fit_rows_", "K_fit_all_", "n_features_in_"))
        count = column_count(name, state, features)
        self._means = vector(name, state, "K_fit_rows_", count)
        self._all = number(name, state, "K_fit_all_")
        self.features = Features(DENSE, count)
        self.origins = None

    def transform(self, row: Row) -> array[float]:
        """The centred row; raises UnusableRow."""
        values = finite(row, len(self._means))
        mean = sum(values) / len(values)
        centred = zip(values, self._means, strict=True)
        return array("d", [value - of_column - mean + self._all for value, of_column in centred])
