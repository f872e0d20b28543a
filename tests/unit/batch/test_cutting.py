"""Ranges that end at line ends, and items that fit into what Step Functions hands on."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from batch.cutting import MOST_PIECES, QUOTED_BREAKS, Cutter, items
from batch.errors import Refused
from hypothesis import given
from hypothesis import strategies as st


@given(
    st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b""))),
    st.integers(1, 40), st.integers(1, 9), st.booleans(),
)  # fmt: skip
def test_ranges_are_the_whole_and_begin_at_their_lines(
    rows: list[bytes], range_bytes: int, chunk: int, ends: bool
) -> None:
    content = b"\n".join(rows) + (b"\n" if ends else b"")
    cut = Cutter(range_bytes, is_csv=False)
    for at in range(0, len(content), chunk):
        cut.take(content[at : at + chunk])
    ranges = cut.ranges()
    assert b"".join(content[start:end] for start, end, _ in ranges) == content
    for start, end, line in ranges:
        assert content[:start].count(b"\n") == line - 1
        assert end == len(content) or content[end - 1 : end] == b"\n"
        assert end - start >= range_bytes or end == len(content)


def plan(files: dict[str, bytes], range_bytes: int, chunk: int = 10) -> list[dict[str, object]]:
    inputs = [(name, "etag", len(content)) for name, content in files.items()]

    def read(name: str, _: str) -> list[bytes]:
        return [files[name][at : at + chunk] for at in range(0, len(files[name]), chunk)]

    return list(items(inputs, read, range_bytes))


def table(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([["id", "text"], *([str(n), cell] for n, cell in enumerate(cells))])
    return text.getvalue().encode()


def test_every_range_of_csv_knows_its_columns() -> None:
    planned = plan({"a.csv": table(["plain", 'a "quoted" word'] * 20)}, 100)
    pieces = [piece for item in planned for piece in item["pieces"]]
    assert len(pieces) > 5
    assert {json.dumps(piece.get("columns")) for piece in pieces[1:]} == {'["id", "text"]'}
    assert "columns" not in pieces[0], "the header is its first line"


def test_csv_whose_cells_hold_line_breaks_is_one_range_and_says_so() -> None:
    content = table(["plain"] * 30 + ["two\nlines"] + ["plain"] * 30)
    [item] = plan({"a.csv": content}, 100)
    [piece] = item["pieces"]
    assert (piece["start"], piece["end"], piece["note"]) == (0, len(content), QUOTED_BREAKS)


def test_small_inputs_share_an_item_and_their_order_is_kept() -> None:
    files = {f"{number:03}.jsonl": b"[]\n" for number in range(250)}
    planned = plan(files, 1 << 20)
    assert [len(item["pieces"]) for item in planned] == [MOST_PIECES, MOST_PIECES, 50]
    assert [piece["key"] for item in planned for piece in item["pieces"]] == [*files]


def test_inputs_are_not_held() -> None:
    def inputs() -> Iterator[tuple[str, str, int]]:
        for number in range(20_000):
            yield f"{number:06}.jsonl", "etag", 100

    tracemalloc.start()
    try:
        count = sum(len(item["pieces"]) for item in items(inputs(), lambda *_: []))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 1 << 20


def test_a_name_that_says_no_form_is_refused() -> None:
    with pytest.raises(Refused, match="says no form of rows"):
        plan({"a.xlsx": b"x"}, 10)
