"""HTML: what a mail program would show, then what it would hide."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big code del dfn em font i ins kbd mark nobr q s samp small span "
    "strike strong sub sup tt u var wbr"
)
_BLOCK_TAGS = (
    "address article aside base blockquote body br button caption center col dd div dl dt footer "
    "form h1 h2 h3 h4 h5 h6 head header hr html img input label li link main meta nav ol option p "
    "pre script section select style table tbody td textarea tfoot th thead title tr ul"
)
_INLINE, _BLOCK = frozenset(_INLINE_TAGS.split()), frozenset(_BLOCK_TAGS.split())
# No pattern runs past the next `<`, so that a text of nothing but openings costs no more.
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,9})((?:[\s/][^<>]*)?)>|<!--([^<>]*)-->|<![^<>]*>")
# Numbers of at most ten digits: Python refuses to read very long ones.
_ENTITY = re.compile(r"&(?:#[0-9]{1,10};?|#[xX][0-9A-Fa-f]{1,8};?|[A-Za-z][A-Za-z0-9]{1,31};)")


def render(text: str) -> str:
    """`text` without tags and comments, and with the letters that entities stand for.

    Tags inside a line vanish and the others become a space. Attributes and comments come to the
    end of the text: thrown away, they would be the place to hide a message from the filter.
    Entities of ASCII marks stay: they obfuscate nothing, and what writes `&lt;` tells something.
    """
    hidden: list[str] = []

    def shown(match: Match[str]) -> str:
        name, attributes, comment = match.groups()
        if name is None:
            hidden.append(comment or "")
            return ""
        name = name.lower()
        if name not in _INLINE and name not in _BLOCK:
            return match[0]
        hidden.append(attributes)
        return "" if name in _INLINE else " "

    if "<" in text:
        text = _TAG.sub(shown, text)
        text = " ".join([text, *filter(None, (part.strip("/ \t\r\n-") for part in hidden))])
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    return text


def _character(match: Match[str]) -> str:
    from html import unescape

    character = unescape(match[0])
    return character if character.isalnum() or not character.isascii() else match[0]
