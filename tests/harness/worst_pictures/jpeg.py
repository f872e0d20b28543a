"""JPEG files of any size, sampling and number of scans, with whatever segments between."""

from __future__ import annotations

import struct
from collections.abc import Sequence

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
BASELINE, PROGRESSIVE, ARITHMETIC = 0xC0, 0xC2, 0xC9
# More blocks than these are not skipped by one code.
_RUN = 32_767
_REFINED = 0x10  # coefficients that were left with one bit less are given it


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def quantization(number: int = 0) -> bytes:
    return segment(0xDB, bytes([number]) + b"\x01" * 64)


def huffman(kind: int, number: int, symbol: int) -> bytes:
    """A table of one code, the bit 0; `kind` is 0 for the first coefficient, 1 for the others."""
    return segment(0xC4, bytes([kind << 4 | number, 1, *[0] * 15, symbol]))


def frame(marker: int, width: int, height: int, components: int) -> bytes:
    content = struct.pack(">BHHB", 8, height, width, components)
    return segment(marker, content + b"".join(bytes([n + 1, 0x11, 0]) for n in range(components)))


def scan(components: Sequence[int], first: int = 0, last: int = 63, bits: int = 0) -> bytes:
    """The head of a scan of these components (from 0), for the coefficients from first to last."""
    chosen = b"".join(bytes([number + 1, 0]) for number in components)
    return segment(0xDA, bytes([len(components)]) + chosen + bytes([first, last, bits]))


def blocks(width: int, height: int) -> int:
    return -(-width // 8) * -(-height // 8)


def baseline(
    width: int, height: int, components: int = 3, *, before: bytes = b"", data: bytes | None = None
) -> bytes:
    """A grey picture in one scan; `before` are segments in front of its own, `data` is what the
    scan holds in place of two bits for each block."""
    if data is None:
        data = bytes(2 * blocks(width, height) * components // 8 + 1)
    tables = quantization() + huffman(0, 0, 0) + huffman(1, 0, 0)
    head = frame(BASELINE, width, height, components) + tables + scan(range(components))
    return SOI + before + head + data + EOI


def progressive(width: int, height: int, components: int, scans: int) -> bytes:
    """A grey picture whose scans, but for the first ones, each go over all coefficients of one
    component again to refine them, which takes a few bytes."""
    count = blocks(width, height)
    parts = [SOI, quantization(), frame(PROGRESSIVE, width, height, components)]
    parts += [huffman(0, 0, 0), huffman(1, 0, 0xE0)]
    parts += [scan(range(components), 0, 0, 1), bytes(count * components // 8 + 1)]
    for number in range(scans - 1):
        bits = 0x0D if number < components else _REFINED
        parts += [scan([number % components], 1, 63, bits), _skipped(count)]
    return b"".join((*parts, EOI))


def _skipped(count: int) -> bytes:
    """The code that `huffman(1, 0, 0xE0)` has, 0, and 14 bits, as often as skips these blocks."""
    times = -(-count // _RUN)
    bits = ("0" + "1" * 14) * times
    data = int(bits + "1" * (-len(bits) % 8), 2).to_bytes(-(-len(bits) // 8), "big")
    return data.replace(b"\xff", b"\xff\x00")
