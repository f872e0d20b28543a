"""WebP: a RIFF file of chunks, of which the first frame's decide about pixels."""

from __future__ import annotations

import struct

from clothes.formats.exif import orientation
from clothes.formats.file import PictureFile
from clothes.formats.unreadable import crowded, damaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHUNKS = 5_000
"""Each frame of an animation is one, with two or three in it."""
_HEAD = 12  # bytes: RIFF, size, WEBP
_FRAME = 16  # bytes of an ANMF chunk before its own chunks
_IMAGES = (b"VP8 ", b"VP8L")
# Of the flags of VP8X: those of a profile, of EXIF and of XMP, which are left out.
_METADATA = 0x20 | 0x08 | 0x04


def is_one(data: bytes) -> bool:
    """Whether it begins as a WebP file does."""
    return data.startswith(b"RIFF") and data[8:_HEAD] == b"WEBP"


def read(data: bytes) -> PictureFile:
    """The file with the first picture and its transparency, and no other chunk: of an animation
    the first frame on its canvas.

    Raises `UnreadablePicture` for more than `MAX_CHUNKS` chunks and for a file without a picture.
    """
    end = int.from_bytes(data[4:8], "little") + 8
    if end > len(data):
        raise damaged()
    chunks = _chunks(data, _HEAD, end)
    kind, first = next(chunks, (b"", b""))
    if kind in _IMAGES:
        # The simple form: nothing but the picture.
        return PictureFile("WEBP", _file([(kind, first)]), *_size(kind, first))
    if kind != b"VP8X" or len(first) < 10:
        raise damaged()
    kept = [(kind, bytes((first[0] & ~_METADATA,)) + first[1:10])]
    exif, has_picture = b"", False
    for kind, content in chunks:
        if kind == b"EXIF":
            exif = exif or content
        elif not has_picture and kind in (b"ANIM", b"ALPH", b"ANMF", *_IMAGES):
            kept.append((kind, _frame(content) if kind == b"ANMF" else content))
            has_picture = kind in (b"ANMF", *_IMAGES)
    if not has_picture:
        raise damaged()
    width, height = (int.from_bytes(first[offset : offset + 3], "little") + 1 for offset in (4, 7))
    return PictureFile("WEBP", _file(kept), width, height, orientation(exif))


def _frame(content: bytes) -> bytes:
    """A frame of an animation without what is not its picture or transparency."""
    kept = [
        _chunk(kind, inner)
        for kind, inner in _chunks(content, _FRAME, len(content))
        if kind in (b"ALPH", *_IMAGES)
    ]
    return content[:_FRAME] + b"".join(kept)


def _size(kind: bytes, content: bytes) -> tuple[int, int]:
    if kind == b"VP8 " and len(content) >= 10 and content[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 6)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(content) >= 5 and content[0] == 0x2F:
        (bits,) = struct.unpack_from("<I", content, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise damaged()


def _chunks(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    for _ in range(MAX_CHUNKS):
        if position + 8 > end:
            return
        kind, size = struct.unpack_from("<4sI", data, position)
        position += 8
        if position + size > end:
            raise damaged()
        yield kind, data[position : position + size]
        position += size + (size & 1)
    raise crowded(MAX_CHUNKS, "chunks")


def _file(chunks: list[tuple[bytes, bytes]]) -> bytes:
    body = b"WEBP" + b"".join(_chunk(kind, content) for kind, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) & 1)
