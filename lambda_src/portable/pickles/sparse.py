"""A stand-in for scipy's compressed sparse rows, as `sparsify` and kernels on texts pickle them."""

from __future__ import annotations

from itertools import pairwise

from portable.errors import UnsupportedModel
from portable.pickles.arrays import Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    Entries = tuple[tuple[int, ...], array[float]]


def _refuse() -> UnsupportedModel:
    return UnsupportedModel(
        "The model holds a sparse matrix whose parts do not fit together; fit and pickle it again."
    )


class SparseMatrix:
    """A csr_matrix or csr_array of numbers: `shape`, of two dimensions or one, and its entries."""

    __slots__ = ("_state", "shape")

    shape: tuple[int, ...]

    def __setstate__(self, state: object) -> None:
        if type(state) is not dict or hasattr(self, "shape"):
            raise _refuse()
        shape = state.get("_shape")
        if type(shape) is not tuple or len(shape) not in (1, 2):
            raise _refuse()
        if any(type(length) is not int or length < 0 for length in shape):
            raise _refuse()
        self._state = state
        self.shape = shape

    def rows(self) -> list[Entries]:
        """The columns of each row's entries, and their values, finite or not.

        Raises UnsupportedModel where an entry is not within `shape`, or stands twice in a row.
        """
        count = self.shape[0] if len(self.shape) == 2 else 1
        starts, columns = (_integers(self._state.get(part)) for part in ("indptr", "indices"))
        data = self._state.get("data")
        if type(data) is not Array or len(data.shape) != 1:
            raise _refuse()
        values = data.values()
        if len(starts) != count + 1 or starts[0] != 0 or starts[-1] != len(values):
            raise _refuse()
        if len(columns) != len(values) or any(map(int.__gt__, starts, starts[1:])):
            raise _refuse()
        if columns and not 0 <= min(columns) <= max(columns) < self.shape[-1]:
            raise _refuse()
        found = []
        for start, end in pairwise(starts):
            if len(set(columns[start:end])) != end - start:
                raise _refuse()
            found.append((columns[start:end], values[start:end]))
        return found

    def single(self) -> bool:
        """Whether the entries are in single precision."""
        return self._code() == "f4"

    def double(self) -> bool:
        """Whether the entries are in double precision, and not whole numbers."""
        return self._code() == "f8"

    def _code(self) -> str:
        data = self._state.get("data")
        return data.dtype.code if type(data) is Array else ""


def _integers(value: object) -> tuple[int, ...]:
    if type(value) is not Array or value.dtype.code not in ("i4", "i8") or len(value.shape) != 1:
        raise _refuse()
    return tuple(map(int, value.labels())) if value.shape[0] else ()
