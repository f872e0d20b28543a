"""Reads one artifact's JSON piece by piece; whatever is not as expected is refused by name."""

from __future__ import annotations

import json
import sys
from array import array
from binascii import Error, a2b_base64
from collections.abc import Mapping
from math import isfinite

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LARGEST = 5_000_000
"""Bytes of an artifact; a network of this kind has tens of kilobytes."""


class Piece:
    """One JSON object of the artifact; `where` names it in refusals."""

    def __init__(self, members: object, where: str) -> None:
        if not isinstance(members, dict):
            raise UnsupportedModel(f"{where} of the network is not a JSON object.")
        self._members: Mapping[str, Any] = members
        self.where = where

    def has(self, name: str) -> bool:
        """Whether the member is there."""
        return name in self._members

    def text(self, name: str) -> str:
        """A member that is a string with something in it."""
        value = self._members.get(name)
        if not isinstance(value, str) or not value:
            raise self.refused(name, "a string")
        return value

    def flag(self, name: str) -> bool:
        """A member that is true or false."""
        value = self._members.get(name)
        if not isinstance(value, bool):
            raise self.refused(name, "true or false")
        return value

    def number(self, name: str) -> float:
        """A member that is a finite number."""
        return self._finite(name, self._members.get(name))

    def numbers(self, name: str) -> list[float]:
        """A member that is a list of finite numbers."""
        return [self._finite(name, value) for value in self._listed(name)]

    def count(self, name: str) -> int:
        """A member that is a whole number from 1 to 4,096."""
        value = self._members.get(name)
        if type(value) is not int or not 1 <= value <= 4096:
            raise self.refused(name, "a whole number from 1 to 4,096")
        return value

    def names(self, name: str, least: int = 1) -> tuple[str, ...]:
        """A member that is a list of different strings, at least so many."""
        values = self._listed(name)
        if len(values) < least or not all(isinstance(value, str) and value for value in values):
            raise self.refused(name, "a list of strings")
        if len(set(values)) != len(values):
            raise self.refused(name, "a list without repetitions")
        return tuple(values)

    def pieces(self, name: str) -> list[Piece]:
        """A member that is a list of objects, at least one."""
        values = self._listed(name)
        if not values:
            raise self.refused(name, "a list with something in it")
        return [Piece(value, f"{name}[{index}]") for index, value in enumerate(values)]

    def piece(self, name: str) -> Piece:
        """A member that is an object."""
        return Piece(self._members.get(name), name)

    def floats(self, name: str, count: int) -> list[float]:
        """A member that holds exactly `count` finite float32 numbers, little-endian, as base64."""
        try:
            raw = a2b_base64(self.text(name), strict_mode=True)
        except (Error, ValueError):
            raise self.refused(name, "float32 numbers as base64") from None
        if len(raw) != 4 * count:
            raise self.refused(name, f"{count} float32 numbers and not {len(raw)} bytes")
        values = array("f", raw)
        if sys.byteorder == "big":
            values.byteswap()
        found = values.tolist()
        if not all(map(isfinite, found)):
            raise self.refused(name, "finite numbers")
        return found

    def refused(self, name: str, expected: str) -> UnsupportedModel:
        """The refusal of a member that is not what was expected."""
        return UnsupportedModel(f"{name} in {self.where} of the network is not {expected}.")

    def _listed(self, name: str) -> list[Any]:
        value = self._members.get(name)
        if not isinstance(value, list):
            raise self.refused(name, "a list")
        return value

    def _finite(self, name: str, value: Any) -> float:
        # By type, because True is an int.
        if type(value) not in (int, float) or not abs(value) < 1e300:
            raise self.refused(name, "finite")
        return float(value)


def document(data: bytes) -> Piece:
    """The artifact's outermost object. Raises `UnsupportedModel` for anything else."""
    if len(data) > LARGEST:
        raise UnsupportedModel(f"The network has {len(data):,} bytes, more than {LARGEST:,}.")
    try:
        members = json.loads(data)
    except (ValueError, RecursionError):
        raise UnsupportedModel("The network is not JSON in UTF-8.") from None
    return Piece(members, "the outermost object")
