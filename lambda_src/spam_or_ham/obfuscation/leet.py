"""Leet: digits and signs that stand for letters."""

from __future__ import annotations

import re

from spam_or_ham.obfuscation.common_words import COMMON_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

_WORDS = frozenset(COMMON_WORDS)
_MIXED = re.compile(r"(?<![\w@$])[\w@$]{2,20}(?![\w@$])")
_LETTERS = str.maketrans("03457@$", "oeastas")
_MOST_ONES = 3
_SHORTEST = 3
"""`4u` and `i5` are words of a chat, not leet."""
_ESTABLISHED = 3
"""So many leet words in a text, and its other words are leet too."""


def spell(text: str) -> str:
    """`text` with every word spelt in letters that is a common word once it is.

    Only such words, unless there are several: `l8r`, `b4`, `SW7 3SS` and `150ppm` mean what they
    are.
    """
    count = 0

    def spelt(match: Match[str]) -> str:
        nonlocal count
        word = match[0]
        if word.isalpha() or word.isdigit() or len(word) < _SHORTEST:
            return word
        for candidate in _readings(word):
            if candidate.lower() in _WORDS:
                count += 1
                return candidate
        return word

    text = _MIXED.sub(spelt, text)
    return text if count < _ESTABLISHED else _MIXED.sub(_likeliest, text)


def _readings(word: str) -> list[str]:
    """The word in letters: where there are not too many, with each 1 as an i and as an l."""
    first, *ones = word.translate(_LETTERS).split("1")
    if len(ones) > _MOST_ONES:
        return [first + "i" + "i".join(ones)]
    readings = [first]
    for rest in ones:
        readings = [f"{reading}{letter}{rest}" for letter in "il" for reading in readings]
    return readings


def _likeliest(match: Match[str]) -> str:
    word = match[0]
    if not any(character.isalpha() for character in word):
        return word
    readings = _readings(word)
    return next((reading for reading in readings if reading.lower() in _WORDS), readings[0])
