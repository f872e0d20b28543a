"""Undoes the obfuscation of words in spam, before a text is cut into tokens.

The same function runs before the vectorizer in training and in serving, and the manifest records
its `VERSION`. Most texts are plain: they are looked over in a few microseconds and come back as
they are, and what undoes an obfuscation is imported when the first one is seen.
"""

from __future__ import annotations

import re

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "v1"
"""Changes whenever `normalise` gives another answer for any text."""

# Two characters on their own in a row: `f r e e`, `f.r.e.e`, but also the `u r` of a chat.
_apart = re.compile(r"[^A-Za-z0-9][A-Za-z0-9][^A-Za-z0-9]+[A-Za-z0-9](?![A-Za-z0-9])").search
# A digit or sign that may stand for a letter, beside a letter.
_substituted = re.compile(r"[013457@$](?:(?<=[A-Za-z].)|[A-Za-z])").search
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)])


def normalise(text: str) -> str:
    """`text` without markup, invisible characters, look-alikes, spacing out and leet.

    Time and length of the result grow linearly with the text's. Nothing legible is thrown away:
    what stood inside markup follows the text.
    """
    if "<" in text or ("&" in text and ";" in text):
        from spam_or_ham.obfuscation.markup import render

        text = render(text)
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    # Of all that is not ASCII, the pound and euro signs are common and mean what they are.
    if not text.isascii() and not text.replace("£", "").replace("€", "").isascii():
        from spam_or_ham.obfuscation.characters import plain

        text = plain(text)
    if _apart(text):
        from spam_or_ham.obfuscation.spacing import join

        text = join(text)
    if _substituted(text):
        from spam_or_ham.obfuscation.leet import spell

        text = spell(text)
    return text


def is_plain(text: str) -> bool:
    """Whether `normalise` gives `text` back without importing what undoes obfuscation."""
    return not (
        "<" in text
        or "&" in text
        or not text.replace("£", "").replace("€", "").isascii()
        or _apart(text)
        or _substituted(text)
    )


def normaliser(version: object) -> Callable[[str], str]:
    """What a manifest's `normalisation` stands for: `normalise`, or nothing for null.

    Raises `UnsupportedModel` for a version that this code does not have.
    """
    if version is None:
        return str
    if version != VERSION:
        raise UnsupportedModel(
            f"The texts are to be normalised as {version!r} where this code does {VERSION!r} or "
            "nothing; train the model again."
        )
    return normalise
