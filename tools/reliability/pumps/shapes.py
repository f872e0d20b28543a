"""Shapes of text that make a pattern backtrack: a prefix, a unit over and over, a suffix.

The suffix matters as much as the unit: what a repeat takes greedily it gives back only where
something after it does not match.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

ATOMS = (
    *("a", "fr", "4", "é", "中", "_", "'", "\u2019", ".", "-", "=", "%", "@", "/", '"', ","),
    *(" ", "\n", "\t", "\0", "<", ">", "<b ", "</b>", "<!--", "-->", "&", "&#1", "&a", ";"),
    *("\u0301", "\u0323", "\u200b", "\u0435", "½", "\ufdfa"),
)
"""What units are made of: at least one of every kind of character a pattern tells apart."""

PREFIXES = ("", "a", " ", "<a ", "fr33 f.r.e.e ")
"""The last one opens every gate of the normalisation that asks whether there is anything to do."""

SUFFIXES = ("", "aa", "x", "é", "1", ">", "'", "\0", "-->;")
_LONGEST_UNIT = 6


@dataclass(frozen=True)
class Shape:
    """A text of any size."""

    prefix: str
    unit: str
    suffix: str

    def text(self, size: int) -> str:
        """As many units as fit between the two ends in `size` bytes of UTF-8."""
        ends = len(self.prefix.encode()) + len(self.suffix.encode())
        rounds = max(1, (size - ends) // len(self.unit.encode()))
        return self.prefix + self.unit * rounds + self.suffix

    def __str__(self) -> str:
        return f"{self.prefix!a} + {self.unit!a} * n + {self.suffix!a}"


def every_shape() -> list[Shape]:
    """Each unit of one or two atoms between each prefix and each suffix: 59,895."""
    units = dict.fromkeys((*ATOMS, *map("".join, product(ATOMS, repeat=2))))
    return [
        Shape(prefix, unit, suffix) for unit in units for prefix in PREFIXES for suffix in SUFFIXES
    ]


def longer_shapes(seed: int) -> Iterator[Shape]:
    """Units of three atoms and more at random, without end; the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - to repeat a run

    def one(of: Sequence[str]) -> str:
        return source.choice(of)

    while True:
        unit = "".join(one(ATOMS) for _ in range(source.randint(3, _LONGEST_UNIT)))
        yield Shape(one(PREFIXES), unit, one(SUFFIXES))
