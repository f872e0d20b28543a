"""MurmurHash3 of 32 bits (Austin Appleby's x86_32), with the seed 0, as a signed number."""

from __future__ import annotations

from struct import unpack_from

_BITS = 0xFFFFFFFF


def murmurhash3(data: bytes) -> int:
    """sklearn.utils.murmurhash3_32 of `data`: from -2**31 to 2**31 - 1."""
    size = len(data)
    whole = size // 4
    state = 0
    for word in unpack_from(f"<{whole}I", data):
        word = word * 0xCC9E2D51 & _BITS
        word = (word << 15 | word >> 17) * 0x1B873593 & _BITS
        state ^= word
        state = (state << 13 | state >> 19) * 5 + 0xE6546B64 & _BITS
    if size % 4:
        word = int.from_bytes(data[4 * whole :], "little") * 0xCC9E2D51 & _BITS
        state ^= (word << 15 | word >> 17) * 0x1B873593 & _BITS
    state ^= size
    state = (state ^ state >> 16) * 0x85EBCA6B & _BITS
    state = (state ^ state >> 13) * 0xC2B2AE35 & _BITS
    state ^= state >> 16
    return state - ((state & 0x80000000) << 1)
