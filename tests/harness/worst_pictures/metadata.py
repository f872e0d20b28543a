"""Metadata that says little and costs much."""

from __future__ import annotations

import struct
import zlib

from tests.harness.worst_pictures.png import chunk

_MEGABYTE = zlib.compress(bytes(1_000_000), 9)
_EXIF_BYTES = 4_900_000


def profile() -> bytes:
    """An iCCP chunk of a kilobyte that is inflated to a megabyte."""
    return chunk(b"iCCP", b"p\0\0" + _MEGABYTE)


def text() -> bytes:
    """A zTXt chunk that is inflated as far."""
    return chunk(b"zTXt", b"t\0\0" + _MEGABYTE)


def exif(size: int = _EXIF_BYTES) -> bytes:
    """EXIF of as many entries as there may be, each of which points at everything after them."""
    count = min(65_535, size // 24)
    rest = max(0, size - 14 - 12 * count)
    entry = [struct.pack("<HHII", tag, 7, rest, 14 + 12 * count) for tag in range(1, count + 1)]
    head = b"II*\0" + struct.pack("<IH", 8, count)
    return head + b"".join(entry) + bytes(4 + rest)
