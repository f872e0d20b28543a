"""The one thing that EXIF says about pixels: how the picture is to be turned."""

from __future__ import annotations

import struct

_ORIENTATION = 0x0112
_ENTRY = 12  # bytes: tag, type, count, value
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
# Type of a value in TIFF -> how struct reads it, and how many have room in an entry: SHORT, LONG.
_TYPES = {3: ("H", 2), 4: ("I", 1)}
_PREFIX = b"Exif\0\0"


def orientation(block: bytes) -> int:
    """The orientation that a block of EXIF names, 1 to 8; 1 where it is damaged or names none.

    Of the first directory alone, and only values that lie in the entry itself: an entry may point
    to any part of the block, and thousands of entries to the same.
    """
    block = block.removeprefix(_PREFIX).removeprefix(_PREFIX)  # some programs write it twice
    order = _ORDERS.get(block[:4])
    if order is None or len(block) < 10:
        return 1
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    if start + 2 > len(block):
        return 1
    (count,) = struct.unpack_from(f"{order}H", block, start)
    whole = min(count, (len(block) - start - 2) // _ENTRY)
    entries = block[start + 2 : start + 2 + whole * _ENTRY]
    for tag, kind, number, value in struct.iter_unpack(f"{order}HHI4s", entries):
        if tag == _ORIENTATION and kind in _TYPES:
            letter, most = _TYPES[kind]
            (turned,) = struct.unpack_from(order + letter, value)
            return int(turned) if 1 <= number <= most and 1 <= turned <= 8 else 1
    return 1
