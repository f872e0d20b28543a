"""Bytes as lines, however long these are, in memory that does not grow with either."""

from __future__ import annotations

import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STEP = 1 << 20


class Damaged(Exception):
    """What is compressed ends early or is no gzip; the lines before it are good."""


def lines(chunks: Iterable[bytes], longest: int) -> Iterator[bytes | None]:
    """Each line without its end (`\\n` or `\\r\\n`); None for one of more than `longest` bytes, of
    which no more than that is ever held."""
    rest = b""
    too_long = False
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        if not others:
            # Of a line that is too long already, nothing is kept.
            rest = b"" if too_long else rest + first
            too_long = too_long or len(rest) > longest + 1
            continue
        yield None if too_long else _line(rest + first, longest)
        rest = others.pop()
        too_long = len(rest) > longest + 1
        for line in others:
            yield _line(line, longest)
    if too_long:
        yield None
    elif rest:
        yield _line(rest, longest)


def _line(line: bytes, longest: int) -> bytes | None:
    if line.endswith(b"\r"):
        line = line[:-1]
    return line if len(line) <= longest else None


def decompressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip's members hold, one after the other. Raises `Damaged`."""
    member = zlib.decompressobj(31)
    begun = False
    try:
        for chunk in chunks:
            data = chunk
            while data:
                if member.eof:
                    member = zlib.decompressobj(31)
                begun = True
                # A megabyte at a time: what unfolds to a thousand times its size is not held.
                yield member.decompress(data, _STEP)
                data = member.unconsumed_tail or member.unused_data
        while begun and not member.eof and (more := member.decompress(b"", _STEP)):
            yield more
    except zlib.error as error:
        raise Damaged("The compressed data are damaged, or they are no gzip.") from error
    if begun and not member.eof:
        raise Damaged("The compressed data end before they are complete.")
