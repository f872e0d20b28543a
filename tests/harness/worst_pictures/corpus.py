"""The corpus: of each format what costs most and is allowed, and what is refused for its cost.

Every file is made when it is asked for, is the same each time, and has at most `MAX_BYTES`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

from clothes.fetch.fetcher import MAX_BYTES
from clothes.formats.jpeg import MAX_SCANS, MAX_SEGMENTS
from clothes.formats.png import MAX_CHUNKS

from tests.harness.worst_pictures import jpeg, png, webp
from tests.harness.worst_pictures.metadata import exif, profile, text
from tests.harness.worst_pictures.png import Shape
from tools.bench.drawings import draw, encoded

Corpus = Mapping[str, Callable[[], bytes]]

SQUARE = 5_000
"""A side of the largest picture that is a square."""
WIDE, HIGH = (20_000, 1_250), (1_250, 20_000)
# Not wide enough to be decoded at a half.
NARROW = (1_000, 20_000)
PLAIN = Shape(SQUARE, SQUARE, png.RGBA)
_DEEP = Shape(SQUARE, SQUARE, png.RGBA, 16, interlaced=True)
_TINY = Shape(10, 10)


def ordinary() -> bytes:
    """What all others are compared with: the largest PNG of eight bits and four channels."""
    return _png(PLAIN)


def _png(shape: Shape, before: bytes = b"", padding: bytes = b"", after: bytes = b"") -> bytes:
    return png.png(shape, png.compressed(shape, padding=padding), before=before, after=after)


def _palette() -> bytes:
    tables = png.chunk(b"PLTE", bytes(768)) + png.chunk(b"tRNS", bytes(range(256)))
    return _png(Shape(SQUARE, SQUARE, png.PALETTE), tables)


def _pieces() -> bytes:
    """As many chunks as are allowed, most with a text that is inflated to a megabyte."""
    most = MAX_CHUNKS - 4
    return _png(_TINY, text() * min(most, (MAX_BYTES - 500) // len(text())))


def _animated_png() -> bytes:
    control = png.chunk(b"acTL", struct.pack(">II", 1_000, 0))
    picture = png.compressed(_TINY)
    frames = [
        png.chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * n, 10, 10, 0, 0, 1, 1, 0, 1))
        + png.chunk(b"fdAT", struct.pack(">I", 2 * n + 1) + picture)
        for n in range(1_000)
    ]
    return png.png(_TINY, picture, before=control, after=b"".join(frames))


def _restarts() -> bytes:
    """A restart marker, and never the right one, after every block of a JPEG."""
    interval = jpeg.segment(0xDD, b"\x00\x01")
    return jpeg.baseline(*HIGH, 3, before=interval, data=b"\xff\xd4" * 2_400_000)


def _segments(count: int, each: bytes) -> bytes:
    small = encoded(draw(side=16), "JPEG")
    return small[:2] + each * count + small[2:]


def _several_pictures() -> bytes:
    picture = encoded(draw(side=16), "JPEG")
    return picture * (MAX_BYTES // len(picture))


def _animated_webp(frames: int) -> bytes:
    picture = webp.lossless(SQUARE, SQUARE)
    first = webp.frame(SQUARE, SQUARE, picture)
    small = webp.frame(2, 2, webp.lossless(2, 2))
    head = [webp.canvas(SQUARE, SQUARE, 2 | 16), (b"ANIM", bytes(6))]
    return webp.riff([*head, first, *[small] * (frames - 1)])


def _lossless(side: int, **options: int) -> bytes:
    every = (webp.PREDICTOR, webp.COLOURS, webp.SUBTRACT_GREEN)
    return webp.riff([(b"VP8L", webp.lossless(side, side, transforms=every, **options))])


ALLOWED: Corpus = {
    "PNG, interlaced, 16 bits": lambda: _png(_DEEP),
    "PNG, interlaced, tables for nothing": lambda: _png(
        _DEEP, padding=png.empty_blocks(MAX_BYTES - 950_000)
    ),
    "PNG, wide": lambda: _png(Shape(*WIDE, png.RGBA, 16)),
    "PNG, high": lambda: _png(Shape(*HIGH, png.RGBA, 16)),
    "PNG, grey, 16 bits": lambda: _png(Shape(SQUARE, SQUARE, png.GREY, 16, interlaced=True)),
    "PNG, palette": _palette,
    "PNG, one colour transparent": lambda: _png(
        Shape(SQUARE, SQUARE, png.RGB), png.chunk(b"tRNS", bytes(6))
    ),
    "PNG, rows after the last": lambda: png.png(
        _TINY, png.compressed(_TINY, more_megabytes=4_000)
    ),
    "PNG, text in pieces": _pieces,
    "PNG, animated": _animated_png,
    "PNG, EXIF that says one thing often": lambda: _png(_TINY, png.chunk(b"eXIf", exif())),
    "JPEG, scans": lambda: jpeg.progressive(*NARROW, 4, MAX_SCANS),
    "JPEG, scans of a square": lambda: jpeg.progressive(SQUARE, SQUARE, 3, MAX_SCANS),
    "JPEG, four colours": lambda: jpeg.baseline(*NARROW, 4),
    "JPEG, restarts": _restarts,
    "JPEG, filled up before": lambda: jpeg.baseline(16, 16, before=b"\xff" * (MAX_BYTES - 500)),
    "JPEG, filled up within": lambda: jpeg.baseline(*HIGH, data=b"\xff" * (MAX_BYTES - 500)),
    "JPEG, nothing but zeros of 0xFF": lambda: jpeg.baseline(
        *HIGH, data=b"\xff\x00" * (MAX_BYTES // 2 - 500)
    ),
    "JPEG, metadata": lambda: _segments(75, jpeg.segment(0xE1, b"Exif\0\0" + bytes(65_000))),
    "JPEG, small metadata": lambda: _segments(
        MAX_SEGMENTS - 20, jpeg.segment(0xE1, b"Exif\0\0II*\0")
    ),
    "JPEG, one after the other": _several_pictures,
    "WebP, lossless": lambda: _lossless(SQUARE),
    "WebP, lossless, a bit a pixel": lambda: _lossless(SQUARE, long_codes=1),
    "WebP, lossless, many codes": lambda: _lossless(
        SQUARE, groups=8_000, block_bits=3, long_codes=1
    ),
    "WebP, lossy": lambda: encoded(
        draw(side=SQUARE, paper="#10203040").convert("RGBA"), "WEBP", method=0, quality=50
    ),
    "WebP, animated": lambda: _animated_webp(MAX_CHUNKS - 10),
}  # fmt: skip

REFUSED: Corpus = {
    "PNG, a column": lambda: _png(Shape(1, 25_000_000, png.RGBA, 16)),
    "PNG, a row": lambda: _png(Shape(20_001, 1, png.RGBA)),
    "PNG, a pixel too many": lambda: _png(Shape(12_500, 2_001, png.GREY, 1)),
    "PNG, profiles": lambda: _png(_TINY, profile() * (MAX_BYTES // len(profile()) - 1)),
    "PNG, two profiles": lambda: _png(_TINY, profile() * 2),
    "PNG, two of EXIF": lambda: _png(_TINY, png.chunk(b"eXIf", exif(10)) * 2),
    "PNG, chunks": lambda: _png(_TINY, png.chunk(b"tEXt", b"k\0v") * 300_000),
    "PNG, empty pieces": lambda: _png(_TINY, after=png.chunk(b"IDAT", b"") * 400_000),
    "JPEG, metadata in pieces": lambda: _segments(200_000, jpeg.segment(0xE1, b"Exif\0\0II*\0")),
    "JPEG, comments": lambda: _segments(1_000_000, jpeg.segment(0xFE, b"")),
    "JPEG, quantization": lambda: _segments(70_000, jpeg.quantization()),
    "JPEG, Huffman codes": lambda: _segments(200_000, jpeg.huffman(0, 0, 0)),
    "JPEG, a scan too many": lambda: jpeg.progressive(*NARROW, 4, MAX_SCANS + 1),
    "JPEG, arithmetic": lambda: jpeg.SOI + jpeg.frame(jpeg.ARITHMETIC, 16, 16, 3),
    "JPEG, a row": lambda: jpeg.baseline(20_001, 8),
    "WebP, codes": lambda: _lossless(1_024, groups=65_536),
    "WebP, codes, large": lambda: _lossless(SQUARE, groups=65_536),
    "WebP, chunks": lambda: webp.riff(
        [webp.canvas(10, 10), *[(b"ABCD", b"")] * 600_000, (b"VP8L", webp.lossless(10, 10))]
    ),
    "WebP, frames": lambda: _animated_webp(40_000),
}  # fmt: skip
