"""The orientation that EXIF names, compared with Pillow's reading of it."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from clothes.formats.exif import orientation
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

# Pillow says of damaged EXIF what is wrong with it.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
TAG, SHORT, LONG = 0x0112, 3, 4
Entry = tuple[int, int, int, bytes]


def block(entries: list[Entry], order: str = "<", start: int = 8) -> bytes:
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", start)
    directory = b"".join(struct.pack(f"{order}HHI", *entry[:3]) + entry[3] for entry in entries)
    return head.ljust(start, b"\0") + struct.pack(f"{order}H", len(entries)) + directory + bytes(4)


def pillow(data: bytes) -> int:
    exif = Image.Exif()
    with suppress(Exception):  # as damaged EXIF turns nothing
        exif.load(data)
        tag = exif.get(TAG)
        return tag if isinstance(tag, int) and 1 <= tag <= 8 else 1
    return 1


def value(number: int, order: str, kind: int = SHORT) -> bytes:
    return struct.pack(f"{order}HH" if kind == SHORT else f"{order}I", *[number, 0][: 5 - kind])


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [SHORT, LONG])
@pytest.mark.parametrize("number", range(10))
def test_as_cameras_write_it(order: str, kind: int, number: int) -> None:
    other = (0x010F, 2, 4, b"abc\0")
    data = block([other, (TAG, kind, 1, value(number, order, kind))], order)
    turned = orientation(data)
    assert turned == (number if 1 <= number <= 8 else 1)
    for prefix in (b"Exif\0\0", b"Exif\0\0" * 2):
        assert orientation(prefix + data) == turned == pillow(prefix + data)


ENTRIES = st.tuples(
    st.sampled_from([TAG, TAG, 0x0100, 0x010F, 0x8769]),
    st.sampled_from([SHORT, SHORT, LONG, 2, 7]),
    st.sampled_from([1, 1, 1, 0, 2, 4_000_000_000]),
    st.binary(min_size=4, max_size=4) | st.integers(0, 9).map(lambda n: bytes([n, 0, 0, 0])),
)


@given(st.lists(ENTRIES, max_size=4), st.sampled_from("<>"), st.integers(8, 20))
def test_as_pillow_reads_it(entries: list[Entry], order: str, start: int) -> None:
    data = block(entries, order, start)
    # Of the orientation, Pillow goes on to a second entry where the first is of an odd kind.
    if [entry[0] for entry in entries].count(TAG) <= 1:
        assert orientation(data) == pillow(data)


@given(st.binary(max_size=60).map(lambda rest: b"II*\0" + rest) | st.binary(max_size=60))
@example(b"II*\0")
@example(b"II*\0\x08\0\0\0")
@example(b"II*\0\xff\xff\xff\xff\x01\0")
@example(block([(TAG, SHORT, 1, b"\x06\0\0\0")])[:-5])
def test_whatever_is_there_is_an_orientation(data: bytes) -> None:
    assert 1 <= orientation(data) <= 8
