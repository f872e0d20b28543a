"""JSON as RFC 8259 has it and no more, for bodies that strangers write."""

from __future__ import annotations

from json import JSONDecoder, JSONEncoder

from serving.problem import INVALID_JSON, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

encode = JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode
"""Compact, and pure ASCII: a lone surrogate in a response would kill the runtime's process."""


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key occurs twice")
    return members


_decode = JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant).decode


def decode(text: str) -> object:
    """The value of a JSON text.

    Raises `Problem` invalid-json for malformed text, a key that occurs twice in one object, NaN
    and Infinity, integers of more digits than the interpreter reads (4,300) and nesting deeper
    than its recursion limit.
    """
    try:
        return _decode(text)
    except (ValueError, RecursionError):
        raise Problem(
            INVALID_JSON,
            "The body is malformed JSON, repeats a key, holds NaN or Infinity, or is nested too "
            "deeply. Send JSON as RFC 8259 defines it.",
        ) from None
