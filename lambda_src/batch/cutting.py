"""Cuts inputs into pieces that end at line ends, and packs pieces into the items of a plan."""

from __future__ import annotations

import csv

from batch.forms import CSV, form_of, header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    Json = dict[str, Any]
    Input = tuple[str, str, int]
    """Key, ETag and bytes."""
    Read = Callable[[str, str], Iterable[bytes]]
    """(key, ETag) -> all bytes of an input; raises `InputChanged`."""

RANGE_BYTES = 8 << 20
"""Bytes of a piece, a line more or less: some seconds of a core."""
MOST_PIECES = 100
"""Of one item: keys are up to a kilobyte, and what Step Functions hands on is 256."""

QUOTED_BREAKS = "a cell holds a line break, so it is one range"
COMPRESSED = "it is compressed, so it is one range"


def items(inputs: Iterable[Input], read: Read, range_bytes: int = RANGE_BYTES) -> Iterator[Json]:
    """The items of a plan, in the order of the inputs, small inputs together in one.

    Nothing is held but one item. Raises `Refused` for a name that says no form.
    """
    number = held = 0
    pieces: list[Json] = []
    for key, etag, size in inputs:
        for piece in _pieces(key, etag, size, read, range_bytes):
            length = piece["end"] - piece["start"]
            too_large = held + length > range_bytes
            if pieces and (too_large or len(pieces) == MOST_PIECES):
                yield {"item": number, "pieces": pieces}
                number += 1
                pieces, held = [], 0
            pieces.append(piece)
            held += length
    if pieces:
        yield {"item": number, "pieces": pieces}


def _pieces(key: str, etag: str, size: int, read: Read, range_bytes: int) -> Iterable[Json]:
    form, compressed = form_of(key)
    whole: Json = {"key": key, "etag": etag, "start": 0, "end": size, "line": 1}
    if size <= range_bytes:
        return [whole]
    if compressed:
        return [{**whole, "note": COMPRESSED}]
    cut = Cutter(range_bytes, is_csv=form == CSV)
    for chunk in read(key, etag):
        cut.take(chunk)
    if cut.has_quoted_breaks:
        return [{**whole, "note": QUOTED_BREAKS}]
    pieces = [
        {**whole, "start": start, "end": end, "line": line} for start, end, line in cut.ranges()
    ]
    if form == CSV:
        columns = header(next(csv.reader([cut.first_line.decode("utf-8-sig", "replace")]), []))
        pieces[1:] = [{**piece, "columns": columns} for piece in pieces[1:]]
    return pieces


class Cutter:
    """Finds, in one pass over chunks, ranges that end at line ends, and which line each begins."""

    def __init__(self, range_bytes: int, *, is_csv: bool) -> None:
        self._range_bytes = range_bytes
        self._is_csv = is_csv
        self._offset = 0
        self._start = 0
        self._line = 1
        self._start_line = 1
        self._quotes = 0
        self._ranges: list[tuple[int, int, int]] = []
        self._first_line_whole = False
        self.first_line = b""
        self.has_quoted_breaks = False

    def take(self, chunk: bytes) -> None:
        """Takes the next chunk."""
        if self._is_csv and not self.has_quoted_breaks:
            self._look_into(chunk)
        position = 0
        while True:
            wanted = self._start + self._range_bytes - 1 - self._offset
            end = chunk.find(b"\n", max(wanted, position))
            if end < 0:
                break
            self._line += chunk.count(b"\n", position, end + 1)
            position = end + 1
            self._close(self._offset + position)
        self._line += chunk.count(b"\n", position)
        self._offset += len(chunk)

    def ranges(self) -> list[tuple[int, int, int]]:
        """(start, end, number of the first line) of each range."""
        if self._offset > self._start:
            self._close(self._offset)
        return self._ranges

    def _close(self, end: int) -> None:
        self._ranges.append((self._start, end, self._start_line))
        self._start, self._start_line = end, self._line

    def _look_into(self, chunk: bytes) -> None:
        """Keeps the first line, and finds a line with an odd number of quotes: by RFC 4180 its last
        cell goes on in the next line."""
        if not self._first_line_whole:
            line, end, _ = chunk.partition(b"\n")
            self.first_line += line
            self._first_line_whole = bool(end)
        if b'"' not in chunk:
            if b"\n" in chunk:
                self.has_quoted_breaks = self._quotes % 2 == 1
                self._quotes = 0
            return
        *ended, rest = chunk.split(b"\n")
        for line in ended:
            if (self._quotes + line.count(b'"')) % 2:
                self.has_quoted_breaks = True
                return
            self._quotes = 0
        self._quotes += rest.count(b'"')
