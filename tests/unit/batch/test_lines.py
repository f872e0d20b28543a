"""Lines of any length from chunks of any size, and what is compressed."""

from __future__ import annotations

import gzip
import itertools
import tracemalloc

import pytest
from batch.lines import Damaged, decompressed, lines
from hypothesis import given
from hypothesis import strategies as st


def chunks(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(st.lists(st.binary(max_size=12)), st.integers(1, 7), st.booleans())
def test_lines_are_those_of_the_whole_whatever_the_chunks(
    parts: list[bytes], size: int, ends: bool
) -> None:
    rows = [part.replace(b"\n", b"").rstrip(b"\r") for part in parts]
    content = b"".join(row + b"\r\n"[index % 2 :] for index, row in enumerate(rows))
    if ends:
        content, rows = content + b"last", [*rows, b"last"]
    expected = [row if len(row) <= 8 else None for row in rows]
    assert list(lines(chunks(content, size), 8)) == expected


def test_a_line_without_an_end_is_not_held() -> None:
    """All but the first bytes are let go as they come."""
    tracemalloc.start()
    try:
        endless = itertools.chain((b"x" * (1 << 16) for _ in range(160)), [b"\nshort\n"])
        assert list(lines(endless, 1000)) == [None, b"short"]
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_members_of_gzip_are_read_one_after_the_other(size: int) -> None:
    content = gzip.compress(b"a\n" * 1000) + gzip.compress(b"b\n")
    assert b"".join(decompressed(chunks(content, size))) == b"a\n" * 1000 + b"b\n"


def test_a_bomb_unfolds_a_megabyte_at_a_time() -> None:
    bomb = gzip.compress(b"\0" * (8 << 20))
    assert max(map(len, decompressed([bomb]))) <= 1 << 20


@pytest.mark.parametrize(
    "content",
    [b"no gzip", gzip.compress(b"a\n" * 1000, mtime=0)[:-12]],
    ids=["no gzip", "cut short"],
)
def test_what_is_damaged_is_said(content: bytes) -> None:
    with pytest.raises(Damaged):
        list(decompressed([content]))
