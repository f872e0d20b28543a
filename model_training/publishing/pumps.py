"""Texts that could make a regular expression slow: prefix + unit over and over + suffix.

The unit alone finds only patterns that fail in the middle of it. Many fail at the end of a text or
not at all: what stands before and behind decides, so that both are taken from the pattern too.
"""

import random
from collections.abc import Iterator
from itertools import product

from model_training.publishing.pattern_tree import (
    ONE_CHARACTER,
    REPEATS,
    Nodes,
    literals,
    matches,
    sample,
    sequences,
)

Pump = tuple[str, str, str]

MOST = 5_000
_MOST_LIKELY = 4_000
_MOST_PARTS = 40
_PROBES = "aZ1_ -'.!\n\u00e9\u0416\u4e2d\u20ac)\u0660"
_NOTHING = "\0"
"""What hardly any pattern matches."""
_MOST_CANDIDATES = 200
_MOST_CHARACTERS = 10


def alphabet(tree: Nodes) -> str:
    """Characters that a pattern tells apart, one of each kind: those that most of it matches first.

    Two are of one kind if the same of the pattern's nodes match them.
    """
    nodes = [node for nodes in sequences(tree) for node in nodes if node[0] in ONE_CHARACTER]
    leading = [*literals(tree)][:_MOST_CANDIDATES]
    candidates = dict.fromkeys([*leading, *map(str.swapcase, leading), *_PROBES])
    kinds: dict[tuple[bool, ...], str] = {}
    for char in candidates:
        if len(char) == 1:
            kinds.setdefault(tuple(matches(node, char) for node in nodes), char)
    return "".join(kinds[kind] for kind in sorted(kinds, key=lambda kind: -sum(kind)))


def pumps(tree: Nodes) -> list[Pump]:
    """At most MOST, always the same for a pattern; what is likeliest to be slow comes first."""
    known = alphabet(tree)
    short = known[:_MOST_CHARACTERS]
    parts = [*dict.fromkeys(_parts(tree, known))][:_MOST_PARTS]
    samples = [text for before, body, _ in parts for text in (body, before + body) if text]
    units = [*short, *map("".join, product(short, repeat=2)), *samples]
    units += [text + char for text in samples for char in short[:4]]
    ends = [_NOTHING, "", *short, *(2 * char for char in short)]
    befores = [before for before, *_ in parts if before]
    likely = [(before, body, after + end) for before, body, after in parts for end in ends[:2]]
    likely += product([""], units, ends)
    likely += product(befores, units, ends[:1])
    # Not for secrets: the same pattern must be judged the same way.
    source = random.Random(0)  # noqa: S311
    afters = [*ends, *(after + end for *_, after in parts for end in ends)]
    units += map("".join, product(known[:20], repeat=3))
    others = [
        (source.choice(["", *befores]), source.choice(units), source.choice(afters))
        for _ in range(MOST - _MOST_LIKELY)
    ]
    chosen = dict.fromkeys(pump for pump in (*likely[:_MOST_LIKELY], *others) if pump[1])
    return [*chosen]


def _parts(tree: Nodes, known: str) -> Iterator[tuple[str, str, str]]:
    """Of every repeat in a pattern: samples of what leads to it, of its body, of what follows."""
    for nodes in sequences(tree):
        before = ""
        for index, (kind, value) in enumerate(nodes):
            here = sample([(kind, value)], known)
            if kind in REPEATS and value[1] > 1:
                after = sample(nodes[index + 1 :], known)
                body = list(value[2])
                yield before[-64:], sample(body, known)[:64], after[:64]
                yield "", (before + here)[-64:], after[:64]
            before += here
