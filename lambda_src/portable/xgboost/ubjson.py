"""UBJSON as XGBoost writes it: containers with counts, and arrays of one type, big-endian."""

from __future__ import annotations

import sys
from array import array
from struct import unpack_from

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 32
_NUMBERS = {
    ord("i"): ("b", 1), ord("U"): ("B", 1), ord("I"): ("h", 2), ord("u"): ("H", 2),
    ord("l"): ("i", 4), ord("L"): ("q", 8), ord("d"): ("f", 4), ord("D"): ("d", 8),
}  # fmt: skip
_CONSTANTS = {ord("T"): True, ord("F"): False, ord("Z"): None}
_STRING, _ARRAY, _OBJECT, _TYPE, _COUNT, _NOTHING = map(ord, "S[{$#N")
_ENDS = {_ARRAY: ord("]"), _OBJECT: ord("}")}


def loads(data: bytes) -> Any:
    """The document; raises UnsupportedModel for malformed bytes."""
    try:
        reader = _Reader(data)
        document = reader.value(reader.byte(), 0)
    except (IndexError, ValueError, OverflowError) as error:
        if isinstance(error, UnsupportedModel):
            raise
        raise _malformed() from None
    except Exception as error:  # struct.error, which is a class of its own
        raise _malformed() from error
    return document


def _malformed() -> UnsupportedModel:
    return UnsupportedModel(
        "The file begins as UBJSON and is cut short or malformed; save the model again by "
        "save_model."
    )


class _Reader:
    """Reads values one after the other; `position` is that of the next byte."""

    __slots__ = ("_data", "position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def byte(self) -> int:
        marker = self._data[self.position]
        self.position += 1
        return marker

    def value(self, marker: int, depth: int) -> Any:
        """The value that begins with a marker which has been read."""
        if marker in _NUMBERS:
            code, size = _NUMBERS[marker]
            (number,) = unpack_from(f">{code}", self._data, self.position)
            self.position += size
            return number
        if marker == _STRING:
            return self.text(self.byte())
        if marker in _CONSTANTS:
            return _CONSTANTS[marker]
        if marker not in _ENDS or depth > MAX_DEPTH:
            raise _malformed()
        return self._container(marker, depth + 1)

    def text(self, marker: int) -> str:
        """A string, the marker of whose length has been read."""
        return self._take(self._length(marker)).decode("utf-8")

    def _length(self, marker: int) -> int:
        length = self.value(marker, 0) if marker in _NUMBERS else None
        if type(length) is not int or not 0 <= length <= len(self._data) - self.position:
            raise _malformed()
        return length

    def _take(self, length: int) -> bytes:
        start = self.position
        if length > len(self._data) - start:
            raise _malformed()
        self.position = start + length
        return self._data[start : self.position]

    def _container(self, kind: int, depth: int) -> Any:
        kind_of_items = self._optional(_TYPE) and self.byte()
        count = None
        if self._optional(_COUNT):
            count = self._length(self.byte())
        if kind_of_items:
            if kind != _ARRAY or count is None or kind_of_items not in _NUMBERS:
                raise _malformed()
            code, size = _NUMBERS[kind_of_items]
            numbers = array(code, self._take(count * size))
            if sys.byteorder == "little":
                numbers.byteswap()
            return numbers
        items: list[Any] = []
        named: dict[str, Any] = {}
        while count is None or len(items) + len(named) < count:
            marker = self.byte()
            if marker == _NOTHING:
                continue
            if count is None and marker == _ENDS[kind]:
                break
            if kind == _OBJECT:
                name = self.text(marker)
                named[name] = self.value(self.byte(), depth)
            else:
                items.append(self.value(marker, depth))
        return named if kind == _OBJECT else items

    def _optional(self, marker: int) -> bool:
        if self._data[self.position] != marker:
            return False
        self.position += 1
        return True
