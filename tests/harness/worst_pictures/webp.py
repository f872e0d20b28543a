"""WebP files: RIFF, animations, and lossless pictures of as many codes as there may be."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_REVERSED = [int(f"{byte:08b}"[::-1], 2) for byte in range(256)]
# The order in which a code of lengths of codes is written.
_ORDER = (17, 18, 0, 1, 2, 3, 4, 5, 16, *range(6, 16))
_GREEN, _OTHER = 280, 256  # symbols of an alphabet
PREDICTOR, COLOURS, SUBTRACT_GREEN = 0, 1, 2


def riff(chunks: Sequence[tuple[bytes, bytes]]) -> bytes:
    return riff_of(b"WEBP" + b"".join(chunk(kind, content) for kind, content in chunks))


def riff_of(body: bytes) -> bytes:
    """The file whose content this is."""
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) & 1)


def canvas(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    """The chunk of an extended file; of the flags 2 is an animation, 16 transparency."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes([flags, 0, 0, 0]) + size


def frame(width: int, height: int, picture: bytes) -> tuple[bytes, bytes]:
    """A frame of an animation in the canvas's corner, of a lossless picture."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"ANMF", bytes(6) + size + bytes([10, 0, 0, 0]) + chunk(b"VP8L", picture)


def lossless(
    width: int,
    height: int,
    *,
    transforms: Sequence[int] = (),
    groups: int = 1,
    block_bits: int = 2,
    long_codes: int = 0,
) -> bytes:
    """A black picture, transparent throughout, as VP8L.

    `groups` of five Huffman codes each are used in turn, by one block of 2**block_bits pixels a
    side after the other. Of each group `long_codes` are tables of sixteen symbols with codes of up
    to 15 bits, each pixel then being that many bits; the others have one symbol and cost no bit.
    """
    bits = _Bits()
    bits.put(0x2F, 8).put(width - 1, 14).put(height - 1, 14).put(1, 1).put(0, 3)
    for transform in transforms:
        bits.put(1, 1).put(transform, 2)
        if transform != SUBTRACT_GREEN:
            bits.put(0, 3).put(0, 1)
            for symbol in (13, 9, 11, 0, 0):
                bits.one_symbol(symbol)
    bits.put(0, 2)  # no other transform, no cache of colours
    bits.put(int(groups > 1), 1)
    if groups > 1:
        bits.put(block_bits - 2, 3).put(0, 1)
        _which_group(bits, groups, -(-width >> block_bits) * -(-height >> block_bits))
    for _ in range(groups):
        for number, alphabet in enumerate((_GREEN, _OTHER, _OTHER, _OTHER)):
            if number < long_codes:
                bits.long_code(alphabet)
            else:
                bits.one_symbol(0)
        bits.one_symbol(0)
    return bits.bytes() + bytes(width * height * long_codes // 8 + 64)


def _which_group(bits: _Bits, groups: int, count: int) -> None:
    """A picture of `count` pixels, red and green of which are the number of a group."""
    bits.all_bytes(_GREEN)
    bits.all_bytes(_OTHER)
    for _ in range(3):
        bits.one_symbol(0)
    for place in range(count):
        red, green = divmod(place % groups, 256)
        bits.put(_REVERSED[green] | _REVERSED[red] << 8, 16)


class _Bits:
    """Bits from the lowest to the highest of each byte."""

    def __init__(self) -> None:
        self._value = self._count = 0
        self._bytes = bytearray()

    def put(self, value: int, count: int) -> _Bits:
        self._value |= value << self._count
        self._count += count
        whole = self._count // 8
        self._bytes += (self._value & ((1 << 8 * whole) - 1)).to_bytes(whole, "little")
        self._value >>= 8 * whole
        self._count -= 8 * whole
        return self

    def bytes(self) -> bytes:
        return bytes(self._bytes) + bytes([self._value])

    def one_symbol(self, symbol: int) -> None:
        """A code whose only symbol takes no bit."""
        if symbol < 2:
            self.put(0b0001 | symbol << 3, 4)
        else:
            self.put(0b101 | symbol << 3, 11)

    def all_bytes(self, alphabet: int) -> None:
        """A code of 8 bits for each byte, for an alphabet that may have more symbols."""
        self.put(0, 1).put(12 - 4, 4)
        for length in _ORDER[:12]:
            self.put(int(length in (0, 8)), 3)
        self.put(0, 1).put((1 << 256) - 1, 256).put(0, alphabet - 256)

    def long_code(self, alphabet: int) -> None:
        """Codes of 1, 2, 3, ... 15 and 15 bits for sixteen symbols, none for the others."""
        self.put(0, 1).put(19 - 4, 4)
        for length in _ORDER:
            self.put(4 if 1 <= length <= 15 or length == 18 else 0, 3)
        self.put(0, 1)
        for length in (*range(1, 16), 15):
            self.put(_REVERSED[length - 1] >> 4, 4)
        left = alphabet - 16
        while left:
            skipped = 127 if 138 < left < 149 else min(left, 138)
            self.put(0b1111, 4).put(skipped - 11, 7)
            left -= skipped
