"""The vectorizers' strip_accents option: both ways decompose by NFKD first."""

from __future__ import annotations

from unicodedata import combining, normalize

_PIECE = 128
"""Characters decomposed at a time: NFKD sorts the marks on a letter, in time that grows with the
square of their number. What stays is no mark, so its order is the same as in one piece."""


def strip_to_ascii(text: str) -> str:
    """Drop whatever has no ASCII equivalent."""
    if text.isascii():
        return text
    return "".join([piece.encode("ascii", "ignore").decode("ascii") for piece in _decomposed(text)])


def strip_combining(text: str) -> str:
    """Drop combining marks."""
    if text.isascii():
        return text
    return "".join([mark for piece in _decomposed(text) for mark in piece if not combining(mark)])


def _decomposed(text: str) -> list[str]:
    pieces = range(0, len(text), _PIECE)
    return [normalize("NFKD", text[start : start + _PIECE]) for start in pieces]


STRIP = {"ascii": strip_to_ascii, "unicode": strip_combining}
