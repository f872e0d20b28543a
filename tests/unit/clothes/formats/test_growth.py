"""Sixteen times the bytes take about sixteen times as long, whatever is repeated in a file."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from clothes import formats
from clothes.formats import UnreadablePicture

from tests.harness.worst_pictures import jpeg, png, webp

# What is timed here runs without the tracer of coverage, which would be timed too.
pytestmark = pytest.mark.no_cover
SMALL, LARGE = 1_024, 16_384
LIMIT = 4.0
"""How far beyond linear a measurement may lie; quadratic growth is sixteen times beyond."""

_FRAME = jpeg.SOI + jpeg.frame(jpeg.BASELINE, 64, 64, 3)
_SHAPE = png.Shape(10, 10)
STARTS = {
    "JPEG": jpeg.SOI,
    "JPEG, in a scan": _FRAME + jpeg.scan([0, 1, 2]),
    "JPEG, in metadata": _FRAME + b"\xff\xe1\x01\xffExif\0\0II*\0\x08\0\0\0\xff\xff",
    "PNG": png.START + _SHAPE.header(),
    "PNG, in a picture": png.START + _SHAPE.header() + b"\0\0\x01\xffIDAT",
    "WebP": webp.riff([webp.canvas(10, 10)]),
    "WebP, in a frame": webp.riff([webp.canvas(10, 10, 2)]) + b"ANMF\xff\x01\0\0" + bytes(16),
}
UNITS = [
    b"\0", b"\xff", b"\xff\0", b"\0\xff", b"\xff\xff\0", b"\xff\xd0", b"\xff\xd8", b"\xff\xfe",
    b"\xff\xfe\0\2", b"\xff\xfe\0\3x", b"\xff\xe1\0\x08Exif\0\0", b"\xff\xe2\0\x06MPF\0",
    jpeg.quantization(), jpeg.huffman(1, 0, 0), jpeg.scan([0]), jpeg.scan([0]) + b"\xff\0",
    png.chunk(b"IDAT", b""), png.chunk(b"IDAT", b"x"), png.chunk(b"tEXt", b""),
    png.chunk(b"fdAT", bytes(4)), png.chunk(b"eXIf", b""), b"IDAT", b"\0\0\0\1IDAT",
    webp.chunk(b"ALPH", b""), webp.chunk(b"EXIF", b""), webp.chunk(b"ANMF", bytes(16)),
    webp.chunk(b"ABCD", b"x"), b"VP8L", b"\x12\x01\x03\0\1\0\0\0\7\0\0\0", bytes(range(256)),
]  # fmt: skip
ENDS = [b"", b"\xff", b"\xff\0", b"\xff\xd9", b"\xff\xda", png.chunk(b"IEND", b"")]


def seconds(data: bytes) -> float:
    """Of a processor, to read it, at best of a few."""
    best = float("inf")
    for _ in range(4):
        started = time.process_time()
        with suppress(UnreadablePicture):
            formats.read(data)
        best = min(best, time.process_time() - started)
    return best


def pumped(start: bytes, unit: bytes, end: bytes, size: int) -> bytes:
    """A file of about that size; of WebP, one that says how long it is."""
    data = start + unit * (size // len(unit)) + end
    return webp.riff_of(data[8:]) if data.startswith(b"RIFF") else data


@pytest.mark.parametrize("start", STARTS)
def test_reading_grows_no_faster_than_the_file(start: str) -> None:
    for unit in UNITS:
        for end in ENDS:
            files = [pumped(STARTS[start], unit, end, size) for size in (SMALL, LARGE)]
            small, large = map(seconds, files)
            assert large <= LIMIT * LARGE / SMALL * small, (unit, end)
