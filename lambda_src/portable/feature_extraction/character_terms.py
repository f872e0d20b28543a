"""The "char" and "char_wb" analyzers: n-grams of characters, as scikit-learn cuts them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from portable.feature_extraction.analyzers import Cut

_white_spaces = re.compile(r"\s\s+")


def char_terms(shortest: int, longest: int) -> Cut:
    """N-grams of the whole text, across words."""

    def terms(text: str) -> list[str]:
        text = _white_spaces.sub(" ", text)
        found: list[str] = []
        for size in range(shortest, min(longest, len(text)) + 1):
            found += [text[at : at + size] for at in range(len(text) - size + 1)]
        return found

    return terms


def char_wb_terms(shortest: int, longest: int) -> Cut:
    """N-grams within each word padded by a space; a word shorter than a size counts once."""

    def terms(text: str) -> list[str]:
        found: list[str] = []
        # split() swallows what sub() would have changed.
        for word in text.split():
            padded = f" {word} "
            length = len(padded)
            for size in range(shortest, longest + 1):
                if size >= length:
                    found.append(padded)
                    break
                found += [padded[at : at + size] for at in range(length - size + 1)]
        return found

    return terms
