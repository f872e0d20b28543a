"""Obfuscation of a message, as senders of spam put them on: what the evaluation attacks with.

Every attack obfuscates every word it can, of any message, and gives the same result for the same
message every time. The tables here are the attackers' own: nothing is shared with what undoes
them.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u180e\ufe0f"
# Cyrillic and Greek letters that most fonts draw like Latin ones.
_HOMOGLYPHS = {
    "a": "\u0430\u03b1", "c": "\u0441\u03f2", "d": "\u0501", "e": "\u0435", "h": "\u04bb",
    "i": "\u0456\u03b9", "j": "\u0458", "l": "\u04cf", "n": "\u0578", "o": "\u043e\u03bf",
    "p": "\u0440\u03c1", "q": "\u051b", "s": "\u0455", "u": "\u057d\u03c5", "v": "\u0475\u03bd",
    "w": "\u051d", "x": "\u0445\u03c7", "y": "\u0443", "A": "\u0410\u0391", "B": "\u0412\u0392",
    "C": "\u0421", "E": "\u0415\u0395", "H": "\u041d\u0397", "I": "\u0406\u0399", "J": "\u0408",
    "K": "\u041a\u039a", "M": "\u041c\u039c", "N": "\u039d", "O": "\u041e\u039f",
    "P": "\u0420\u03a1", "S": "\u0405", "T": "\u0422\u03a4", "X": "\u0425\u03a7",
    "Y": "\u04ae\u03a5", "Z": "\u0396",
}  # fmt: skip
_LEET = {"a": "4@", "e": "3", "i": "1", "l": "1", "o": "0", "s": "5$", "t": "7"}
_TAGS = ("b", "i", "u", "em", "strong", "span", "font")
_GOOD_WORDS = (
    "ok sorry later home love lunch dinner mum class tomorrow feel thought wait sleep meeting car "
    "nice happy maybe already still bring movie friend study morning watching lazy rain hungry"
)
_GOOD_WORD_COUNT = 10

Change = Callable[[str, random.Random], str]


@dataclass(frozen=True)
class Attack:
    """A named attack on a message."""

    name: str
    change: Change

    def apply(self, text: str) -> str:
        """`text` obfuscated; always the same for the same text."""
        # Not for secrets: the seed makes every evaluation the same.
        return self.change(text, random.Random(f"{self.name} {text}"))  # noqa: S311


def zero_width(text: str, random_source: random.Random) -> str:
    """An invisible character after every letter and digit."""
    return "".join(c + random_source.choice(_INVISIBLE) if c.isalnum() else c for c in text)


def homoglyphs(text: str, random_source: random.Random) -> str:
    """Every Latin letter that has a look-alike replaced by one."""
    return "".join(random_source.choice(_HOMOGLYPHS.get(c, c)) for c in text)


def fullwidth(text: str, random_source: random.Random) -> str:
    """Fullwidth, bold, script or monospaced letters: one kind for the whole message."""
    kind = random_source.choice((None, 0x1D400, 0x1D4D0, 0x1D670))
    if kind is None:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    # Unicode's mathematical alphabets run A to Z, then a to z.
    upper_first = {c: chr(kind + (i + 26) % 52) for i, c in enumerate(_LATIN)}
    return "".join(upper_first.get(c, c) for c in text)


def spaced_out(text: str, _: random.Random) -> str:
    """`f r e e   e n t r y`: a space after every character, the spaces included."""
    return " ".join(text)


def spaced_out_tight(text: str, _: random.Random) -> str:
    """`f r e e e n t r y`: as spaced out, and the gaps between words no wider."""
    return " ".join("".join(text.split()))


def dotted(text: str, random_source: random.Random) -> str:
    """`f.r.e.e e.n.t.r.y`: one mark between the characters of every word."""
    mark = random_source.choice(".-_*")
    return " ".join(mark.join(word) for word in text.split())


def leet(text: str, random_source: random.Random) -> str:
    """`fr33 3n7ry`: every letter that has a digit or sign for it."""
    return "".join(random_source.choice(_LEET.get(c.lower(), c)) for c in text)


def markup(text: str, random_source: random.Random) -> str:
    """HTML that a mail program shows as the plain message: tags, comments and entities."""
    return " ".join(_marked_up(word, random_source) for word in text.split(" "))


def _marked_up(word: str, random_source: random.Random) -> str:
    if not word.isalnum():
        return word
    cut = random_source.randrange(len(word))
    before, after = word[:cut], word[cut:]
    tag = random_source.choice(_TAGS)
    return random_source.choice(
        (
            f"<{tag}>{word}</{tag}>",
            f"{before}<!-- -->{after}",
            f"{before}<{tag}></{tag}>{after}",
            "".join(f"&#{ord(c)};" for c in word),
            f"{before}&#x{ord(after[0]):x};{after[1:]}",
        )
    )


def good_words(text: str, random_source: random.Random) -> str:
    """The message with ten words behind it that are at home in ham."""
    return f"{text} {' '.join(random_source.sample(_GOOD_WORDS.split(), _GOOD_WORD_COUNT))}"


def mixed(text: str, random_source: random.Random) -> str:
    """One of the attacks on letters for every word anew."""
    attacks = (zero_width, homoglyphs, fullwidth, dotted, leet, markup)
    return " ".join(random_source.choice(attacks)(word, random_source) for word in text.split(" "))


ATTACKS = (
    Attack("zero-width", zero_width),
    Attack("homoglyphs", homoglyphs),
    Attack("fullwidth and styled", fullwidth),
    Attack("spaced out", spaced_out),
    Attack("spaced out, no gaps", spaced_out_tight),
    Attack("dotted", dotted),
    Attack("leet", leet),
    Attack("HTML", markup),
    Attack("mixed", mixed),
    Attack("ham words appended", good_words),
)
