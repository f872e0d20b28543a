"""Reads the parse tree of Python's `re`: what is inside a node, and what it can match."""

from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any

Nodes = list[tuple[Any, Any]]
"""Kinds of nodes and their values, in order."""

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
ONE_CHARACTER = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
SUBPATTERN = op.SUBPATTERN
BACK_REFERENCES = (op.GROUPREF, op.GROUPREF_EXISTS)


def children(kind: Any, value: Any) -> list[Nodes]:
    """The sequences of nodes directly inside a node of the parse tree."""
    if kind in REPEATS:
        return [list(value[2])]
    if kind is op.SUBPATTERN:
        return [list(value[3])]
    if kind is op.BRANCH:
        return [list(branch) for branch in value[1]]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [list(value[1])]
    if kind is op.ATOMIC_GROUP:
        return [list(value)]
    if kind is op.GROUPREF_EXISTS:
        return [list(branch) for branch in value[1:] if branch]
    return []


def sequences(nodes: Nodes) -> Iterator[Nodes]:
    """`nodes` and every sequence inside it."""
    yield nodes
    for kind, value in nodes:
        for child in children(kind, value):
            yield from sequences(child)


def literals(nodes: Nodes) -> Iterator[str]:
    for sequence in sequences(nodes):
        for kind, value in sequence:
            for item, number in value if kind is op.IN else [(kind, value)]:
                if item in (op.LITERAL, op.NOT_LITERAL):
                    yield chr(number)
                elif item is op.RANGE:
                    yield chr(number[0])


def matches(node: tuple[Any, Any], char: str) -> bool:
    """Whether a node of one character matches `char`."""
    kind, value = node
    if kind is op.LITERAL:
        return ord(char) == int(value)
    if kind is op.NOT_LITERAL:
        return ord(char) != int(value)
    if kind is op.ANY:
        return char != "\n"
    negated = bool(value) and value[0][0] is op.NEGATE
    return negated != any(_in_class(item, char) for item in value)


def _in_class(item: tuple[Any, Any], char: str) -> bool:
    kind, value = item
    if kind is op.LITERAL:
        return ord(char) == int(value)
    if kind is op.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if kind is not op.CATEGORY:
        return False
    name = str(value).removeprefix("CATEGORY_")
    inside = {
        "DIGIT": char.isdecimal(),
        "SPACE": char.isspace(),
        "WORD": char.isalnum() or char == "_",
    }[name.removeprefix("NOT_")]
    return inside != name.startswith("NOT_")


def sample(nodes: Nodes, alphabet: str) -> str:
    """A text that `nodes` match, as far as `alphabet` reaches."""
    text = ""
    for node in nodes:
        kind, value = node
        if kind in ONE_CHARACTER:
            text += next((char for char in alphabet if matches(node, char)), "")
        elif kind in REPEATS:
            text += sample(list(value[2]), alphabet) * min(max(value[0], 1), 64)
        elif kind not in (op.ASSERT, op.ASSERT_NOT):
            text += "".join(sample(child, alphabet) for child in children(kind, value)[:1])
    return text[:512]
