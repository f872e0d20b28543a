"""Obfuscation by Unicode: invisible characters, other forms of a letter, and look-alikes."""

from __future__ import annotations

import re
from unicodedata import normalize

from spam_or_ham.obfuscation.common_words import COMMON_WORDS
from spam_or_ham.obfuscation.lookalikes import FOREIGN, SQUARED, STYLED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

# What shows nothing: soft hyphen and the other format characters (general category Cf), joiners,
# fillers, variation selectors and tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# Marks that NFKC could not put on a letter: strokes through it, and piles of accents.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
# At most so many at a time: sorting a pile of marks takes time with the square of its height.
_CHARACTERS = re.compile(r"[!-~]?[^\x00-\x7f]{1,128}")
_WORD = re.compile(r"\w+")
_FOREIGN_SCRIPT = re.compile(
    "[\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1c8f\u1f00-\u1fff\u2c80-\u2cff\ua4d0-\ua4ff"
    "\ua640-\ua69f\uab70-\uabbf]"
)
_LATIN = re.compile("[A-Za-z]")
_QUOTES = str.maketrans(
    "\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032\u201c\u201d\u201e\u2010\u2011\u2012\u2013"
    "\u2014\u2212\u2800",
    "''''''''\"\"\"------ ",
)
_STYLED: dict[int, str] = {
    ord(like): letter for letter, all_like in STYLED.items() for like in all_like
}
_STYLED.update({code: chr(65 + index) for codes in SQUARED for index, code in enumerate(codes)})
_FOREIGN = {ord(like): letter for letter, all_like in FOREIGN.items() for like in all_like}
_GROWTH = 4
_WORDS = frozenset(word for word in COMMON_WORDS if len(word) > 2)
_LONGEST = max(map(len, COMMON_WORDS))


def plain(text: str) -> str:
    """`text` in plain characters where Unicode has others for the same or nearly the same.

    Words that are truly of another script stay as they are.
    """
    text = _CHARACTERS.sub(_compatible, _INVISIBLE.sub("", text).translate(_QUOTES))
    if text.isascii():
        return text
    text = _MARKS.sub("", text).translate(_STYLED)
    if text.isascii():
        return text
    latin = _LATIN.search(text) is not None
    if latin and _FOREIGN_SCRIPT.search(text):
        latin = not _FOREIGN_SCRIPT.search(text.translate(_FOREIGN))

    def read(match: Match[str]) -> str:
        word = match[0]
        return word if word.isascii() else _read(word, otherwise_latin=latin)

    return _WORD.sub(read, text)


def _compatible(match: Match[str]) -> str:
    characters = match[0]
    compatible = normalize("NFKC", characters)
    # One Arabic ligature stands for eighteen letters: nothing to undo, and no reason to work at it.
    return compatible if len(compatible) <= _GROWTH * len(characters) else characters


def _read(word: str, *, otherwise_latin: bool) -> str:
    """A word's Latin reading, if it has one and is not more likely meant as it stands."""
    folded = word.translate(_FOREIGN)
    if folded.isascii() and (
        _LATIN.search(word) or folded.lower() in _WORDS or (otherwise_latin and len(word) > 1)
    ):
        return folded
    if len(word) <= _LONGEST:
        # Accents, where the word is a common one without them: `frëë` is, `café` is not.
        bare = _MARKS.sub("", normalize("NFD", folded))
        if bare.lower() in _WORDS:
            return bare
    return word
