"""The code blocks of a document, and what they say is to be done with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the option behind it (`file=…`), and its text."""

    language: str
    option: str
    target: str
    text: str


def blocks(document: str) -> Iterator[Block]:
    """The blocks of a document, in order."""
    pattern = r"^```(\w+)(?: (\w+)=(\S+))?\n(.*?)^```$"
    for match in re.finditer(pattern, document, re.MULTILINE | re.DOTALL):
        yield Block(match[1], match[2] or "", match[3] or "", match[4])


def apply(block: Block, project: Path) -> None:
    """Write the file of a block `file=…` into a checkout that does not have it."""
    assert block.option == "file", block
    path = project / block.target
    assert not path.exists(), f"{block.target} is edited"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
