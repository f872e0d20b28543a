"""JSON as RFC 8259 has it and no more, for bodies that strangers write."""

from __future__ import annotations

from json import JSONDecoder, JSONEncoder

from serving.http.problems import INVALID_JSON, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

encode: Callable[[object], str] = JSONEncoder(
    ensure_ascii=True, allow_nan=False, check_circular=False, separators=(",", ":")
).encode
"""Compact, and pure ASCII: a lone surrogate in a response would kill the runtime's process."""


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key occurs twice")
    return members


_decode = JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant).decode


class Members(dict[str, object]):
    """An object's members; `repeated` is the first key that occurs again, or None."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated: str | None = None
        if len(self) != len(pairs):
            self.repeated = _first_repeated([key for key, _ in pairs])


def _first_repeated(keys: list[str]) -> str | None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None


def _number(digits: str) -> int | float:
    # Beyond every double, and beyond a few thousand digits Python itself refuses to read it.
    return int(digits) if len(digits) <= 400 else float(digits)


def decode(text: str) -> object:
    """The value of a JSON text.

    Raises `Problem` invalid-json for malformed text, a key that occurs twice in one object, NaN
    and Infinity, integers of more digits than the interpreter reads (4,300) and nesting deeper
    than its recursion limit.
    """
    return _guarded(_decode, text)


def decode_leniently(text: str) -> object:
    """As `decode`, but objects are `Members`, and NaN, infinities and huge numbers are floats.

    For callers that can name what is wrong better than "the body": they must check
    `Members.repeated` and that numbers are finite. Raises `Problem` invalid-json.
    """
    return _guarded(JSONDecoder(object_pairs_hook=Members, parse_int=_number).decode, text)


def _guarded(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except (ValueError, RecursionError):
        raise Problem(
            INVALID_JSON,
            "The body is malformed JSON, repeats a key, holds NaN or Infinity, or is nested too "
            "deeply. Send JSON as RFC 8259 defines it.",
        ) from None
