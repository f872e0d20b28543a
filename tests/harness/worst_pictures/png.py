"""PNG files of any size, colour and depth, with whatever chunks and compressed data."""

from __future__ import annotations

import struct
import zlib

START = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
PAETH = 4
_CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
# Of Adam7: first column and row, and the steps from one to the next.
_PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
           (0, 1, 1, 2)]  # fmt: skip


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


class Shape:
    """What a header says of a picture."""

    def __init__(
        self, width: int, height: int, colour: int = RGBA, depth: int = 8, interlaced: bool = False
    ) -> None:
        self.width, self.height = width, height
        self.colour, self.depth, self.interlaced = colour, depth, interlaced

    def header(self) -> bytes:
        fields = (self.width, self.height, self.depth, self.colour, 0, 0, int(self.interlaced))
        return chunk(b"IHDR", struct.pack(">IIBBBBB", *fields))

    def rows(self) -> list[tuple[int, int]]:
        """Bytes of a row and number of rows, of each pass."""
        passes = _PASSES if self.interlaced else [(0, 0, 1, 1)]
        bits = self.depth * _CHANNELS[self.colour]
        sizes = [
            (-((left - self.width) // across), -((top - self.height) // down))
            for left, top, across, down in passes
        ]
        return [((width * bits + 7) // 8, height) for width, height in sizes if width and height]


def compressed(shape: Shape, *, padding: bytes = b"", more_megabytes: int = 0) -> bytes:
    """The zlib stream of a black picture whose rows are all filtered by Paeth's predictor.

    `padding` are deflate blocks without content, whole bytes of them; `more_megabytes` of zeros
    come after the last row, which no decoder needs to read, nor the checksum after them.
    """
    deflate = zlib.compressobj(1, wbits=-15)
    check, parts = zlib.adler32(b""), [b"\x78\x01", padding]
    for size, count in shape.rows():
        row = bytes([PAETH]) + bytes(size)
        at_once = min(count, max(1, (1 << 20) // len(row)))
        for done in range(0, count, at_once):
            rows = row * min(at_once, count - done)
            check = zlib.adler32(rows, check)
            parts.append(deflate.compress(rows))
    if more_megabytes:
        parts.append(deflate.flush(zlib.Z_FULL_FLUSH))
        parts.append(_megabyte() * more_megabytes)
    return b"".join((*parts, deflate.flush(), struct.pack(">I", check)))


def _megabyte() -> bytes:
    """A megabyte of zeros as a whole number of bytes of deflate blocks, none of them the last."""
    deflate = zlib.compressobj(9, wbits=-15)
    return deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)


def png(shape: Shape, picture: bytes, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """The file, with these chunks before and after the picture's."""
    ends = after + chunk(b"IEND", b"")
    return START + shape.header() + before + chunk(b"IDAT", picture) + ends


def empty_blocks(size: int) -> bytes:
    """About `size` bytes of deflate blocks that hold nothing but two whole tables of codes.

    Each is 236 bits, for which a decoder builds tables of 286 and of 30 codes.
    """
    return _two_blocks() * (size // 59)


def _two_blocks() -> bytes:
    bits = _Bits()
    for _ in range(2):
        bits.put(0, 1).put(2, 2).put(29, 5).put(29, 5).put(8, 4)
        # How long the codes of lengths are, in deflate's own order: 16, 17, 18, 0, 8, 7, 9, ...
        for length in (1, 0, 0, 0, 3, 0, 3, 0, 0, 3, 0, 3):
            bits.put(length, 3)
        # 226 codes of 8 bits and 60 of 9; two of 4 and 28 of 5.
        for length, count in ((8, 226), (9, 60), (4, 2), (5, 28)):
            bits.lengths(length, count)
        # Among the codes of 9 bits, which begin at 452, that of the block's end is number 30.
        bits.put(int(f"{452 + 256 - 226:09b}"[::-1], 2), 9)
    return bits.value.to_bytes(bits.count // 8, "little")


class _Bits:
    """Bits in deflate's order, and lengths of codes by these codes: of three bits for a length, of
    one bit for "the same again"."""

    def __init__(self) -> None:
        self.value = self.count = 0

    def put(self, value: int, count: int) -> _Bits:
        self.value |= value << self.count
        self.count += count
        return self

    def lengths(self, length: int, count: int) -> None:
        """`count` times this length, as few bits as possible."""
        code = {4: 0b001, 5: 0b101, 8: 0b011, 9: 0b111}[length]
        self.put(code, 3)
        count -= 1
        while count >= 3:
            again = min(6, count)
            self.put(0, 1).put(again - 3, 2)
            count -= again
        for _ in range(count):
            self.put(code, 3)
