"""Pickles that would cost far more than their size: time by colliding or shared objects, memory by
empty ones. Each is made of any number of pieces, so that its growth can be measured."""

import struct
from collections.abc import Callable, Iterable

from tests.unit.portable.pickle_pieces import ARRAY, F8, P4, name, text

MODULUS = 2**61 - 1
"""What the hash of every number in Python is reduced by (on 64 bits)."""
_BATCH = 1000
NAIVE_BAYES = name("sklearn.naive_bayes", "MultinomialNB")


def long1(value: int) -> bytes:
    raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(raw)]) + raw


def binfloat(value: float) -> bytes:
    return b"G" + struct.pack(">d", value)


def long_text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def get(place: int) -> bytes:
    return b"j" + struct.pack("<I", place) if place > 255 else b"h" + bytes([place])


def batches(container: bytes, items: Iterable[bytes], fill: bytes) -> bytes:
    """A container filled a thousand items at a time, as every pickler does."""
    known = list(items)
    parts = [known[at : at + _BATCH] for at in range(0, len(known), _BATCH)]
    return container + b"".join(b"(" + b"".join(part) + fill for part in parts)


def as_dict(keys: Iterable[bytes]) -> bytes:
    return batches(b"}", (key + b"N" for key in keys), b"u")


def as_list(items: Iterable[bytes]) -> bytes:
    return batches(b"]", items, b"e")


def shared(one: bytes, count: int) -> bytes:
    """A list that names one object over and over; the object itself comes first."""
    return as_list([one + b"\x94", *[b"h\x00"] * count])


def laughs(levels: int) -> bytes:
    """Lists of ten lists of ten lists …"""
    body, place = b"](NNNNNNNNNNe\x94", 0
    for place in range(levels):
        body += b"](" + get(place) * 10 + b"e\x94"
    return b"](" + body + b"e"


STATE = b"}(" + text("classes_") + long_text("x" * 1000) + b"u"


def _colliding(count: int) -> list[int]:
    return [at * MODULUS for at in range(1, count + 1)]


def _arrays_of_one_buffer(count: int) -> bytes:
    raw = b"B" + struct.pack("<I", 8 * count) + bytes(8 * count) + b"\x94"
    length = b"J" + struct.pack("<i", count) + b"\x85"
    one = ARRAY + b"(K\x01" + length + F8 + b"\x89"
    return as_list([raw, *[one + get(0) + b"tb"] * count])


def _equal_long_keys(count: int) -> bytes:
    long = long_text("x" * count)
    return as_dict([long, long + b"\x94", *[b"h\x00"] * count])


COLLIDING: dict[str, Callable[[int], bytes]] = {
    "colliding integers as keys": lambda n: as_dict(map(long1, _colliding(n))),
    "colliding integers in a set": lambda n: batches(b"\x8f", map(long1, _colliding(n)), b"\x90"),
    "colliding integers in a frozenset": lambda n: (
        b"(" + b"".join(map(long1, _colliding(n))) + b"\x91"
    ),
    "colliding integers one by one": lambda n: (
        b"}" + b"".join(long1(key) + b"Ns" for key in _colliding(n))
    ),
    "colliding floats as keys": lambda n: as_dict(
        binfloat(at * 2.0 ** (61 * turn)) for at in range(1, n // 8 + 2) for turn in range(8)
    ),
    "integers as keys": lambda n: as_dict(b"J" + struct.pack("<i", at) for at in range(n)),
    "tuples as keys": lambda n: as_dict(
        b"J" + struct.pack("<i", at) + b"K\x01\x86" for at in range(n)
    ),
    "colliding integers by name": lambda n: (
        b"](" + as_list(long1(key) + b"\x94" for key in _colliding(min(n, 250)))
        + as_dict(get(at) for at in range(min(n, 250))) * (n // 250 + 1) + b"e"
    ),
    "long keys that are equal": _equal_long_keys,
}  # fmt: skip
SHARED: dict[str, Callable[[int], bytes]] = {
    "one object over and over": lambda n: shared(NAIVE_BAYES + b")\x81" + STATE + b"b", n),
    "one list over and over": lambda n: shared(as_list([b"N"] * 100), n),
    "one long text over and over": lambda n: shared(long_text("x" * 1000), n),
    "one state for every object": lambda n: as_list(
        [NAIVE_BAYES + b"\x94", STATE + b"\x94", *[b"h\x00)\x81h\x01b"] * n]
    ),
    "one buffer for every array": _arrays_of_one_buffer,
    "lists of lists of lists": lambda n: laughs(min(n, 200)),
}
EMPTY: dict[str, Callable[[int], bytes]] = {
    "empty sets": lambda n: as_list([b"\x8f"] * n),
    "empty dicts": lambda n: as_list([b"}"] * n),
    "empty lists": lambda n: as_list([b"]"] * n),
    "empty frozensets": lambda n: as_list([b"(\x91"] * n),
    "tuples of one": lambda n: as_list([b"N\x85\x85\x85\x85\x85"] * (n // 6)),
    "everything on the stack": lambda n: b"(" + b"N" * 2 * n + b"t",
    "marks": lambda n: b"(" * 2 * n,
}
MISUSED: dict[str, bytes] = {
    "long integers": as_list([b"\x8a\xff" + b"\x7f" * 255]),
    "filled by name": b"](]\x94h\x00Nae",
    "built by name": b"](" + NAIVE_BAYES + b")\x81\x94h\x00}be",
    "list in itself": b"]\x94h\x00a",
    "object in itself": NAIVE_BAYES + b")\x81\x94}" + text("classes_") + b"h\x00sb",
    "filled after it was named": b"](]\x94]h\x00aae",
}


GROWING: dict[str, Callable[[int], bytes]] = {**COLLIDING, **SHARED, **EMPTY}
NAMES = sorted({**GROWING, **MISUSED})


def costly(key: str, pieces: int) -> bytes:
    """The one of this name, of so many pieces."""
    body = GROWING[key](pieces) if key in GROWING else MISUSED[key]
    return P4 + body + b"."
