"""Letters set apart: `f r e e`, `f.r.e.e`, `f-r-e-e`."""

from __future__ import annotations

import re
from math import inf, log

from spam_or_ham.obfuscation.common_words import COMMON_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

# Single characters with up to eight spaces between them, four or more in a row.
_SPACED = re.compile(r"(?<!\S)\S(?:\s{1,8}\S){3,}(?!\S)")
_GAP = re.compile(r"\s{2,}|\n")
# Three or more letters with a mark between them, or four or more with two or three; then, once
# seen, also two with a mark. Any other mark than an apostrophe may be followed by a longer word,
# which is then left out: nothing is tried twice. Letters with apostrophes end where no letter
# follows or not at all, so they are tried from their first letter alone, and in one piece.
_MARKED = re.compile(
    r"(?<![^\W_])[^\W_](?:([^\w\s']|_)[^\W_](?:\1[^\W_])+"
    r"|(?<!(?<![^\W_])[^\W_]'[^\W_])(')[^\W_](?:'[^\W_])++"
    r"|(?!\s+[^\W_])([\W_]{2,3})[^\W_](?:\3[^\W_]){2,})(?!'?[^\W_])"
)
_MARKED_PAIR = re.compile(r"(?<![^\W_])([^\W\d_])[._*~|/+=-]([^\W\d_])(?![^\W_])")
_LETTERS = re.compile(r"[A-Za-z]+")

_LEAST_LETTERS = 4
_LONGEST = max(map(len, COMMON_WORDS))
_WHOLE = 14
"""Longer than this, joined letters are taken for several words."""

# What a reading costs, after Zipf's law: the logarithm of a word's rank, and for letters that are
# in no word a lump and so much for each.
_COST = {word: log(rank + 30) for rank, word in enumerate(COMMON_WORDS)}
_UNKNOWN, _UNKNOWN_LETTER = 10.0, 3.0
_STARTS = frozenset(word[:3] for word in COMMON_WORDS)


def join(text: str) -> str:
    """`text` with letters that were set apart joined to words.

    Where wider gaps show the words' ends, there; where every gap is alike, where common words
    end.
    """
    text = _SPACED.sub(_joined_spaced, text)
    joined, count = _MARKED.subn(_joined_marked, text)
    if count and joined != text:
        joined = _MARKED_PAIR.sub(r"\1\2", joined)
    return joined


def _joined_spaced(match: Match[str]) -> str:
    spaced = match[0]
    letters = [character for character in spaced.lower() if character.isalpha()]
    if len(letters) < _LEAST_LETTERS or len(set(letters)) == 1:
        return spaced
    groups = ["".join(group.split()) for group in _GAP.split(spaced)]
    if len(groups) == 1:
        return _LETTERS.sub(_segmented, groups[0])
    return " ".join(map(_words, groups))


def _joined_marked(match: Match[str]) -> str:
    joined = match[0].replace(match[1] or match[2] or match[3], "")
    return match[0] if joined.isdigit() else _words(joined)


def _words(joined: str) -> str:
    """Joined letters as they are, or cut into words where they are too many for one."""
    if len(joined) <= _WHOLE:
        return joined
    return _LETTERS.sub(_segmented, joined)


def _segmented(match: Match[str]) -> str:
    letters = match[0]
    return f" {' '.join(segment(letters))} "


def segment(letters: str) -> list[str]:
    """The cheapest reading of letters as common words; letters in none stay together."""
    lower = letters.lower()
    size = len(lower)
    # For the first n letters, the least cost of reading them, and where the last word begins.
    cost = [0.0] + [inf] * size
    begins = [0] * (size + 1)
    # The same for readings that end in letters of no word.
    stray_cost, stray_begin = inf, 0
    for begin in range(size):
        if cost[begin] + _UNKNOWN < stray_cost:
            stray_cost, stray_begin = cost[begin] + _UNKNOWN, begin
        stray_cost += _UNKNOWN_LETTER
        if stray_cost < cost[begin + 1]:
            cost[begin + 1], begins[begin + 1] = stray_cost, stray_begin
        longest = _LONGEST if lower[begin : begin + 3] in _STARTS else 2
        for end in range(begin + 1, min(begin + longest, size) + 1):
            price = _COST.get(lower[begin:end])
            if price is not None and cost[begin] + price < cost[end]:
                cost[end], begins[end] = cost[begin] + price, begin
    words: list[str] = []
    end = size
    while end:
        words.append(letters[begins[end] : end])
        end = begins[end]
    return words[::-1]
