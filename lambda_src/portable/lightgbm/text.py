"""The text that LightGBM saves a booster as: lines of `name=value`, a block of them per tree."""

from __future__ import annotations

import json

from portable.errors import UnsupportedModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Block = dict[str, str]

_VERSIONS = ("v2", "v3", "v4")
_CATEGORIES = "\npandas_categorical:"


def read_text(text: str) -> tuple[Block, list[Block], Any]:
    """The header, the block of each tree, and the categories of a frame, None without any.

    Raises UnsupportedModel for another version of the format.
    """
    body, end, rest = text.partition("\nend of trees")
    header, *trees = body.split("\nTree=")
    first = _block(header)
    if not text.startswith("tree") or not end or first.get("version") not in _VERSIONS:
        raise UnsupportedModel(
            "The file is no LightGBM booster of version v2 to v4, or is cut short; save it again "
            "by save_model."
        )
    _, found, categories = rest.rpartition(_CATEGORIES)
    return first, list(map(_block, trees)), json.loads(categories) if found else None


def _block(lines: str) -> Block:
    block = {}
    for line in lines.split("\n"):
        name, _, value = line.partition("=")
        block[name] = value
    return block


def integers(block: Block, name: str) -> list[int]:
    """The integers of a line, none where it is missing."""
    return list(map(int, block.get(name, "").split()))


def numbers(block: Block, name: str) -> list[float]:
    """The numbers of a line, none where it is missing."""
    return list(map(float, block.get(name, "").split()))
