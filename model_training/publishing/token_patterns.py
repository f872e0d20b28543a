r"""Refuses a token_pattern that could take more than linear time on some text.

Python's `re` backtracks: `(a+)+$` takes 2^n steps on n characters, `\w+@` takes n^2. Three checks,
none of which lets through what it does not understand:

1. back-references are refused: `(\w)\1*x` is quadratic, and no tokenizer needs one;
2. by structure: a repeat whose body itself varies in length is refused, unless its rounds are told
   apart by a first or last character that the rest of the body cannot match (`\w+(?:-\w+)*`);
3. by trial, in a process of its own: thousands of texts that pump it (pumps.py) are scanned, and
   what they cost is judged by its growth between 1,024 and 16,384 characters (pattern_costs.py).

This is done when a model is published and at every synthesis. The function does not: it has just
seen the digest of a model that passed here.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any

from portable.errors import UnsupportedModel
from portable.pickles.unpickler import Estimator

from model_training.publishing import pattern_costs
from model_training.publishing.pattern_tree import (
    BACK_REFERENCES,
    ONE_CHARACTER,
    REPEATS,
    SUBPATTERN,
    Nodes,
    matches,
    sequences,
)
from model_training.publishing.pumps import Pump, alphabet, pumps

MAX_PATTERN = 1000
"""Characters; scikit-learn's default has 16, this project's 85."""
SCIKIT_LEARNS = r"(?u)\b\w\w+\b"
KNOWN_LINEAR = frozenset(
    (
        SCIKIT_LEARNS,
        # This project's own, of the recipe of spam or ham.
        r"(?u)(?<!\d)\d\d(?=\d{3})|(?<!\d)\d{1,4}(?!\d)|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]",
    )
)
"""Patterns that cost no trial."""
_SECONDS = 20
"""Of CPU, for all texts of a pattern; it takes 3 at most where nothing hangs."""
_BUSY = 15
"""How many times as long it may take on a machine whose processors are all busy."""


def check_token_patterns(model: object) -> None:
    """Raise UnsupportedModel unless every token_pattern in an unpickled model is cheap."""
    for pattern in dict.fromkeys(_patterns_in(model)):
        check_pattern(pattern)


def check_pattern(pattern: str) -> None:
    """Raise UnsupportedModel unless `pattern` compiles, has at most one group, and is cheap."""
    if pattern in KNOWN_LINEAR:
        return
    tree = _parsed(pattern)
    known = alphabet(tree)
    for nodes in sequences(tree):
        for kind, value in nodes:
            if kind in BACK_REFERENCES:
                raise _too_dear("refers back to what it has matched")
            if kind in REPEATS and value[1] > 1 and not _rounds_are_distinct(value[2], known):
                raise _too_dear("repeats something that itself repeats")
    if _tried(pattern, pumps(tree)) is not None:
        raise _too_dear("backtracks over repeats that match the same characters")


def _patterns_in(model: object) -> Iterator[str]:
    """The token_pattern of every estimator in a model that splits texts into words."""
    for state in vectorizers(model):
        if state.get("analyzer") == "word":
            yield state["token_pattern"]


def vectorizers(model: object) -> Iterator[dict[str, Any]]:
    """What every estimator in a model holds that has a token_pattern."""
    todo, seen = [model], set()
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Estimator):
            state = getattr(value, "state", {})
            if type(state.get("token_pattern")) is str:
                yield state
            todo += state.values()
        elif isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list | tuple):
            todo += value


def _parsed(pattern: str) -> Nodes:
    if len(pattern) > MAX_PATTERN:
        raise UnsupportedModel(f"The token_pattern is longer than {MAX_PATTERN} characters.")
    try:
        tree: Nodes = list(_parser.parse(pattern))
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        raise UnsupportedModel(
            f"The token_pattern is no regular expression ({type(error).__name__}); correct it."
        ) from None
    if groups > 1:
        raise UnsupportedModel("The token_pattern has more than one group; use (?:...) for groups.")
    return tree


def _tried(pattern: str, texts: list[Pump]) -> object:
    """The pump that is too dear, None where none is; the pattern hangs in a process of its own."""
    request = {
        "pattern": pattern,
        "reference": SCIKIT_LEARNS,
        "pumps": texts,
        "seconds": _SECONDS,
    }
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, a program of this project
            [sys.executable, "-I", str(Path(pattern_costs.__file__))],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=_SECONDS * _BUSY,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "no end"
    if child.returncode > 0:
        reason = child.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise UnsupportedModel(f"The token_pattern could not be tried ({reason[0][:200]}).")
    # Ended by a signal: the limit on its CPU time.
    return json.loads(child.stdout) if child.returncode == 0 else "no end"


def _too_dear(why: str) -> UnsupportedModel:
    return UnsupportedModel(
        f"The token_pattern {why}, so that some texts would take for ever; rewrite it so that "
        "each character of a text can be matched in one way only."
    )


def _rounds_are_distinct(body: Any, known: str) -> bool:
    """Whether a text can be cut into rounds of `body` in one way, as far as structure tells."""
    nodes = list(body)
    while len(nodes) == 1 and nodes[0][0] is SUBPATTERN:
        nodes = list(nodes[0][1][3])
    inner = [node for sequence in sequences(nodes) for node in sequence]
    if not any(kind in REPEATS and value[0] != value[1] for kind, value in inner):
        return True
    for outer, rest in ((nodes[0], nodes[1:]), (nodes[-1], nodes[:-1])):
        others = [node for sequence in sequences(rest) for node in sequence]
        others = [node for node in others if node[0] in ONE_CHARACTER]
        if outer[0] in ONE_CHARACTER and not any(
            matches(outer, char) and any(matches(node, char) for node in others) for char in known
        ):
            return True
    return False
