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
    """Do to a checkout what the block's option says.

    `file`: write it; `row`: make it the last row of the file's first table.
    """
    path = project / block.target
    if block.option == "file":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return
    assert block.option == "row", block
    text = path.read_text(encoding="utf-8")
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert table is not None
    path.write_text(text[: table.end()] + block.text + text[table.end() :], encoding="utf-8")
