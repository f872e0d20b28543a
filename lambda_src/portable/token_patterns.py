"""Refuses a token_pattern that could take more than linear time on some text.

Python's `re` backtracks: `(a+)+$` takes 2^n steps on n characters, `\\w+@` takes n^2. Two checks,
neither of which lets through what it does not understand:

1. by structure: a repeat whose body itself varies in length is refused, unless its rounds are told
   apart by a first or last character that the rest of the body cannot match (`\\w+(?:-\\w+)*`);
2. by trial: texts that pump each repeat are scanned at growing lengths, in CPU time (a throttled
   Lambda does not count), up to the first that is dear, which is long before it hangs.

The two patterns that analyzers.py knows to be linear never come here.
"""

import re
from re import _parser  # type: ignore[attr-defined]  # typeshed leaves it out
from time import thread_time

from portable.errors import UnsupportedModel
from portable.pattern_tree import (
    ONE_CHARACTER,
    REPEATS,
    SUBPATTERN,
    children,
    literals,
    matches,
    sample,
    sequences,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from portable.pattern_tree import Nodes

MAX_PATTERN = 1000
"""Characters; scikit-learn's default has 16, this project's 85."""
_DEAR = 0.003
"""Seconds of CPU. A linear pattern scans 2,048 characters in about 0.1 ms, a quadratic in 10."""
_GROWTH = 2.8
"""Twice the characters take a linear pattern twice the time, a quadratic one four times."""
_SIZES = (*range(1, 33), 40, 48, 64, 96, 128, 192, 256, 512, 1024, 2048)
_MAX_TRIALS = 150
_PROBES = "aZ1_ -'.!\n\u00e9\u0416\u4e2d\u20ac"


def check_pattern(pattern: str) -> None:
    """Raise UnsupportedModel unless `pattern` compiles, has at most one group, and is cheap."""
    if len(pattern) > MAX_PATTERN:
        raise UnsupportedModel(f"The token_pattern is longer than {MAX_PATTERN} characters.")
    try:
        tree: Nodes = list(_parser.parse(pattern))
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        raise UnsupportedModel(
            f"The token_pattern is no regular expression ({type(error).__name__}); correct it."
        ) from None
    if compiled.groups > 1:
        raise UnsupportedModel("The token_pattern has more than one group; use (?:...) for groups.")
    alphabet = "".join(dict.fromkeys([*literals(tree)][:24])) + _PROBES
    for nodes in sequences(tree):
        for kind, value in nodes:
            if kind in REPEATS and value[1] > 1 and not _rounds_are_distinct(value[2], alphabet):
                raise _too_dear("repeats something that itself repeats")
    for number, text in enumerate(_pumped(tree, alphabet)):
        if number < _MAX_TRIALS and _is_dear(compiled.findall, text):
            raise _too_dear("backtracks over repeats that match the same characters")


def _too_dear(why: str) -> UnsupportedModel:
    return UnsupportedModel(
        f"The token_pattern {why}, so that some texts would take for ever; rewrite it so that "
        "each character of a text can be matched in one way only."
    )


def _rounds_are_distinct(body: "Any", alphabet: str) -> bool:
    """Whether a text can be cut into rounds of `body` in one way, as far as structure tells."""
    nodes = list(body)
    while len(nodes) == 1 and nodes[0][0] is SUBPATTERN:
        nodes = list(nodes[0][1][3])
    inner = [node for sequence in sequences(nodes) for node in sequence]
    if not any(kind in REPEATS and value[0] != value[1] for kind, value in inner):
        return True
    for edge, rest in ((nodes[0], nodes[1:]), (nodes[-1], nodes[:-1])):
        others = [node for sequence in sequences(rest) for node in sequence]
        others = [node for node in others if node[0] in ONE_CHARACTER]
        if edge[0] in ONE_CHARACTER and not any(
            matches(edge, char) and any(matches(node, char) for node in others) for char in alphabet
        ):
            return True
    return False


def _pumped(nodes: "Nodes", alphabet: str, prefix: str = "") -> "Iterator[Callable[[int], str]]":
    """For each repeat: what leads to it, its body over and over, a character that fails."""
    before = prefix
    for kind, value in nodes:
        if kind in REPEATS and value[1] > 8:
            body = list(value[2])
            for pump in dict.fromkeys((sample(body, alphabet), *_singles(body, alphabet))):
                if pump:
                    yield _pump(before, pump)
                    if before:
                        yield _pump("", before + pump)
        for child in children(kind, value):
            yield from _pumped(child, alphabet, before)
        before += sample([(kind, value)], alphabet)


def _pump(before: str, pump: str) -> "Callable[[int], str]":
    return lambda size: before + (pump * size)[:size] + "\0"


def _singles(nodes: "Nodes", alphabet: str) -> list[str]:
    """Characters that the body can match, a few of those that most of its nodes share first."""
    inside = [node for sequence in sequences(nodes) for node in sequence]
    ones = [node for node in inside if node[0] in ONE_CHARACTER]
    scored = [(sum(matches(node, char) for node in ones), char) for char in alphabet]
    return [char for score, char in sorted(scored, key=lambda pair: -pair[0]) if score][:4]


def _is_dear(scan: "Callable[[str], object]", text: "Callable[[int], str]") -> bool:
    before = 0.0
    for size in _SIZES:
        cost = _cost(scan, text(size))
        if cost >= _DEAR and (size <= 256 or cost > _GROWTH * before):
            return True
        before = cost
    return False


def _cost(scan: "Callable[[str], object]", text: str) -> float:
    """Seconds of CPU, the best of up to three tries: one may be interrupted."""
    best = float("inf")
    for _ in range(3):
        start = thread_time()
        scan(text)
        best = min(best, thread_time() - start)
        if best < _DEAR:
            break
    return best
