"""Stand-ins for what numpy's pickles hold: arrays, dtypes and scalars, decoded without numpy."""

from __future__ import annotations

from array import array

# bytes.decode would import a module for it.
from codecs import utf_32_le_decode
from importlib import import_module
from math import isfinite

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    Label = str | int | float
    """A class label as JSON has it: text, a number or a boolean (which is an `int` to Python)."""

MAX_DIMENSIONS = 5
"""The paths of coefficients of a LogisticRegressionCV have as many; nothing reads them."""

_TYPECODES = {
    "f8": "d", "f4": "f", "i8": "q", "i4": "i", "i2": "h", "i1": "b",
    "u8": "Q", "u4": "I", "u2": "H", "u1": "B",
}  # fmt: skip


def _refuse(what: str) -> UnsupportedModel:
    return UnsupportedModel(
        f"The model holds {what}, which the portable runtime does not read; "
        "fit and pickle it again with scikit-learn 1.6 or later and numpy on a 64-bit PC or ARM."
    )


class DType:
    """A numpy dtype: `code` is "f8", "U4", "O8" and so on; little-endian only."""

    __slots__ = ("code", "known")

    def __init__(self, code: str, align: bool = False, copy: bool = True) -> None:
        if type(code) is not str or align is not False or copy is not True:
            raise _refuse("a numpy dtype of an unknown form")
        self.code = code
        self.known = False

    def __setstate__(self, state: object) -> None:
        # (version, byte order, sub-array, field names, fields, item size, alignment, flags)
        if type(state) is not tuple or len(state) != 8 or state[0] != 3 or self.known:
            raise _refuse("a numpy dtype of an unknown form")
        if self.code[:1] == "V":
            # By its name: a package has the module where its model holds trees.
            import_module("portable.pickles.records").check_record(self.code, state)
            self.known = True
            return
        if self.code[:1] == "U":
            fits = self.code == f"U{state[5] // 4}" and state[5] % 4 == 0
        else:
            fits = self.code in _TYPECODES or self.code in ("O8", "b1")
        if not fits:
            raise _refuse("a numpy dtype of an unsupported kind")
        order = "|" if self.code in ("i1", "u1", "b1", "O8") else "<"
        if state[1] != order or state[2:5] != (None, None, None):
            raise _refuse("a numpy dtype with fields or a foreign byte order")
        self.known = True

    def item_size(self) -> int:
        """Bytes of one element (RuntimeError never: checked when the dtype was read)."""
        if not self.known:
            raise _refuse("a numpy dtype of an unknown form")
        return int(self.code[1:]) * (4 if self.code[0] == "U" else 1)


class Array:
    """A numpy array of one or two dimensions: shape, dtype and raw bytes, decoded on demand."""

    __slots__ = ("dtype", "fortran", "raw", "shape")

    def __setstate__(self, state: object) -> None:
        # (version, shape, dtype, Fortran order, bytes, or the list of a dtype=object array)
        if type(state) is not tuple or len(state) != 5 or state[0] != 1:
            raise _refuse("a numpy array of an unknown form")
        _, shape, dtype, fortran, raw = state
        if (
            type(shape) is not tuple
            or not 0 <= len(shape) <= MAX_DIMENSIONS
            or not isinstance(dtype, DType)
        ):
            raise _refuse("a numpy array of too many dimensions or an unknown form")
        size = 1
        for length in shape:
            if type(length) is not int or length < 0:
                raise _refuse("a numpy array of an impossible shape")
            size *= length
        if dtype.code == "O8":
            fits = type(raw) is list and len(raw) == size and 1 <= len(shape) <= 2
        else:
            fits = type(raw) is bytes and len(raw) == size * dtype.item_size()
        if not fits or type(fortran) is not bool:
            raise _refuse("a numpy array whose shape does not match its bytes")
        self.shape: tuple[int, ...] = shape
        self.dtype: DType = dtype
        self.fortran: bool = fortran
        self.raw: bytes | list[object] = raw

    def numbers(self) -> array[float]:
        """All elements of a float array, in C order for one dimension."""
        if self.dtype.code not in ("f8", "f4") or type(self.raw) is not bytes:
            raise _refuse(f"an array of {self.dtype.code} where floats are expected")
        if self.dtype.code == "f8":
            return array("d", self.raw)
        return array("d", array("f", self.raw))

    def values(self) -> array[float]:
        """All elements of an array of integers, booleans or floats as doubles, in C order for one
        dimension."""
        if self.dtype.code in ("f8", "f4"):
            return self.numbers()
        return array("d", self.integers())

    def integers(self) -> array[int]:
        """All elements of an array of integers or booleans, in C order for one dimension."""
        typecode = "B" if self.dtype.code == "b1" else _TYPECODES.get(self.dtype.code, "d")
        if typecode in "df" or type(self.raw) is not bytes:
            raise _refuse(f"an array of {self.dtype.code} where integers are expected")
        return array(typecode, self.raw)

    def rows(self) -> list[array[float]]:
        """The rows of a two-dimensional array of numbers."""
        count, length = self.shape
        values = self.values()
        if self.fortran:
            return [values[row::count] for row in range(count)]
        return [values[row * length : (row + 1) * length] for row in range(count)]

    def columns(self) -> list[array[float]]:
        """The columns of a two-dimensional float array."""
        length, count = self.shape
        values = self.numbers()
        if self.fortran:
            return [values[at * length : (at + 1) * length] for at in range(count)]
        return [values[at::count] for at in range(count)]

    def elements(self) -> list[object]:
        """The elements of a one-dimensional array as Python's objects."""
        kind = self.dtype.code[0]
        if len(self.shape) != 1:
            raise _refuse(f"an array of {len(self.shape)} dimensions where one is expected")
        if isinstance(self.raw, list):
            return self.raw
        if kind == "U":
            size = self.dtype.item_size()
            starts = range(0, len(self.raw), size or 1)
            return [utf_32_le_decode(self.raw[at : at + size])[0].rstrip("\0") for at in starts]
        if kind == "b":
            return list(map(bool, self.raw))
        return list(array(_TYPECODES[self.dtype.code], self.raw))

    def labels(self) -> tuple[Label, ...]:
        """The elements of a one-dimensional array of strings, finite numbers or booleans."""
        found = self.elements()
        if not found:
            raise _refuse("class labels of an unknown form")
        return tuple(map(_label, found))


def _label(value: object) -> Label:
    if isinstance(value, str | int) or (isinstance(value, float) and isfinite(value)):
        return value
    raise UnsupportedModel(
        f"The model has a class label of type {type(value).__name__} where text, finite numbers "
        "and booleans are answered; fit it again on such labels."
    )


class _Reconstruct:
    """What numpy's pickles call to make an array before they set its state."""

    __slots__ = ()

    def __call__(self, kind: object, shape: object, code: object) -> Array:
        if kind is not Array or shape != (0,) or code != b"b":
            raise _refuse("a numpy array of an unknown form")
        return Array()

    def __setstate__(self, state: object) -> None:
        raise _refuse("a state for a function")


class Float64(float):
    """A numpy.float64: a float that numpy compares in double precision whatever the row's is."""

    __slots__ = ()


class _Scalar:
    """What numpy's pickles call to make a scalar: returns a plain number, boolean or text."""

    __slots__ = ()

    def __call__(self, dtype: object, raw: object) -> int | float | str:
        if not isinstance(dtype, DType) or type(raw) is not bytes or len(raw) != dtype.item_size():
            raise _refuse("a numpy scalar of an unknown form")
        kind = dtype.code[0]
        if kind == "f":
            value: float = array(_TYPECODES[dtype.code], raw)[0]
            return Float64(value) if dtype.code == "f8" else value
        if kind in "iu":
            return int.from_bytes(raw, "little", signed=kind == "i")
        if kind == "U":
            return utf_32_le_decode(raw)[0].rstrip("\0")
        if kind == "b":
            return raw != b"\0"
        raise _refuse("a numpy scalar that is neither a number nor a text")

    def __setstate__(self, state: object) -> None:
        raise _refuse("a state for a function")


reconstruct = _Reconstruct()
scalar = _Scalar()
