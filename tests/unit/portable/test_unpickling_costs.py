"""What a pickle may cost: a small multiple of its size, in memory and in CPU time, measured."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from portable.errors import UnsafePickle
from portable.pickles.opcode_costs import FREE_MEMORY, MEMORY_PER_BYTE
from portable.pickles.opcodes import check_opcodes

from tests.unit.portable.costly_attacks import GROWING, NAMES, as_list, batches, costly
from tests.unit.portable.pickle_pieces import P4, text
from tests.unit.portable.unpickling_costs import measured

PIECES = 100_000
MEGABYTE = 1024 * 1024
REASONS = "far more (memory|time) than|refers to itself|an integer of|objects at a time"


def vocabulary(size: int) -> bytes:
    """Terms and their columns, as nearly all of a model of texts is."""
    terms = (text(f"term{at:07}") + b"M\x01\x02" for at in range(size // 16))
    return batches(b"}", terms, b"u")


def one_for_every_change(names: Sequence[str], chosen: str) -> list[Any]:
    """A case for each name; all but the chosen one for the night, as each takes a second."""
    return [
        pytest.param(name, marks=[] if name == chosen else [pytest.mark.judge]) for name in names
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_walk_refuses_it(name: str) -> None:
    with pytest.raises(UnsafePickle, match=REASONS):
        check_opcodes(costly(name, PIECES))


@pytest.mark.parametrize(
    "name",
    one_for_every_change(
        ["colliding integers as keys", "colliding integers in a set", "empty sets"], "empty sets"
    ),
)
def test_simply_loaded_it_is_as_dear_as_it_is_said_to_be(name: str) -> None:
    few, many = (measured("load", costly(name, pieces)) for pieces in (3_000, 12_000))
    size = len(costly(name, 12_000))
    # Four times the keys, sixteen times the comparisons; or 232 bytes of memory for one.
    assert many.seconds > 9 * few.seconds or many.memory > 150 * size


@pytest.mark.parametrize("name", one_for_every_change(NAMES, "colliding integers as keys"))
def test_the_walk_itself_is_cheap(name: str) -> None:
    """Behind two megabytes that are good, whether or not they let it pass."""
    good = vocabulary(2 * MEGABYTE)
    hostile = P4 + as_list([good, costly(name, PIECES)[2:-1]]) + b"."
    found, usual = (measured("walk", data) for data in (hostile, P4 + good + b"."))
    assert {found.outcome, usual.outcome} <= {"UnsafePickle", "done"}
    assert found.memory < usual.memory + 10 * len(hostile)
    assert found.seconds < 30 * usual.seconds


def largest_accepted(make: Callable[[int], bytes]) -> bytes:
    """A pickle with as much of one kind as the walk lets pass beside an ordinary vocabulary."""

    def pickled(pieces: int) -> bytes:
        return P4 + as_list([make(pieces), vocabulary(MEGABYTE // 2)]) + b"."

    def accepted(pieces: int) -> bool:
        try:
            check_opcodes(pickled(pieces))
        except UnsafePickle:
            return False
        return True

    few, many = 1, 5 * PIECES
    assert accepted(few)
    assert not accepted(many)
    while many - few > max(1, few // 10):
        middle = (few + many) // 2
        few, many = (middle, many) if accepted(middle) else (few, middle)
    return pickled(few)


@pytest.mark.parametrize(
    "name", one_for_every_change(sorted(GROWING.keys() - {"marks"}), "colliding integers as keys")
)
def test_what_passes_costs_a_small_multiple_of_its_size(name: str) -> None:
    data = largest_accepted(GROWING[name])
    found = measured("load", data)
    usual = measured("load", P4 + vocabulary(len(data)) + b".")
    assert (found.outcome, usual.outcome) == ("done", "done")
    assert found.memory < MEMORY_PER_BYTE * len(data) + FREE_MEMORY + 2 * MEGABYTE
    assert found.seconds < 30 * usual.seconds


def test_a_pickle_may_hold_what_models_hold() -> None:
    """Short terms, each weight of a class by its number, and a name over and over."""
    terms = (text(chr(at) + chr(more)) for at in range(97, 123) for more in range(33, 123))
    pairs = (term + b"M" + at.to_bytes(2, "little") for at, term in enumerate(terms))
    weights = batches(b"}", (b"K" + bytes([at]) + b"K\x01" for at in range(100)), b"u")
    names = as_list([text("min_samples_leaf") + b"\x94", *[b"h\x00"] * 10_000])
    check_opcodes(P4 + as_list([names, batches(b"}", pairs, b"u"), *[weights] * 200]) + b".")
