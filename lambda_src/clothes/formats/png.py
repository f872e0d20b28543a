"""PNG: a list of chunks, of which four kinds decide about pixels."""

from __future__ import annotations

import struct
import zlib

from clothes.formats.exif import orientation
from clothes.formats.file import PictureFile
from clothes.formats.unreadable import UnreadablePicture, crowded, damaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

START = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 5_000
"""Programs write the picture in pieces of 8 KB and more: a file of 5 MB is about 600 chunks."""
_ONCE = frozenset((b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"eXIf"))
_LONGEST = {b"IHDR": 13, b"PLTE": 768, b"tRNS": 256}


def read(data: bytes) -> PictureFile:
    """The file with its header, palette, transparency and compressed picture, and no other chunk:
    text, profiles and the later frames of an animation are left out unread.

    Raises `UnreadablePicture` for more than `MAX_CHUNKS` chunks, for one of a kind that may be
    there once which is there twice, and for a file without header and picture.
    """
    chunks: dict[bytes, bytes] = {}
    picture: list[bytes] = []
    kind_before = b""
    for kind, content in _chunks(data):
        if kind in _ONCE:
            if kind in chunks:
                raise UnreadablePicture(
                    f"The PNG has two {kind.decode()} chunks; expected at most one"
                )
            chunks[kind] = content
        if kind == b"IDAT":
            if picture and kind_before != b"IDAT":
                raise damaged()
            picture.append(content)
        kind_before = kind
    header = chunks.get(b"IHDR", b"")
    if len(header) != _LONGEST[b"IHDR"] or not picture:
        raise damaged()
    width, height = struct.unpack_from(">II", header)
    if not width or not height:
        raise damaged()
    kept = [(kind, chunks[kind]) for kind in _LONGEST if kind in chunks]
    if any(len(content) > _LONGEST[kind] for kind, content in kept):
        raise damaged()
    kept += [(b"IDAT", b"".join(picture)), (b"IEND", b"")]
    return PictureFile(
        "PNG",
        START + b"".join(_chunk(kind, content) for kind, content in kept),
        width,
        height,
        orientation(chunks.get(b"eXIf", b"")),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk; what is cut off is given as far as it is there."""
    position = len(START)
    for _ in range(MAX_CHUNKS):
        if position + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, position)
        if not kind.isalpha() or kind == b"IEND":
            return
        position += 8
        content = data[position : position + size]
        if kind in _LONGEST and not _is_whole(kind, content, data, position + size):
            raise damaged()
        yield kind, content
        position += size + 4
    raise crowded(MAX_CHUNKS, "chunks")


def _is_whole(kind: bytes, content: bytes, data: bytes, end: int) -> bool:
    return data[end : end + 4] == struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return b"".join((struct.pack(">I", len(content)), kind, content, struct.pack(">I", check)))
