"""What a pickle would build, followed without building it: the stack, the memo, and their cost."""

from __future__ import annotations

from portable.errors import UnsafePickle
from portable.pickles.opcode_costs import (
    CALL,
    CALLED,
    FREE_MEMORY,
    FREE_WORK,
    MEMBER,
    MEMO,
    MEMORY_PER_BYTE,
    NUMBER,
    SLOT,
    WORDS,
    WORK_PER_BYTE,
)

MAX_TUPLE_DEPTH = 6
"""Arrays, scalars and pipelines nest tuples three deep."""
MAX_STACK = 100_000
"""Objects at a time, and marks; picklers fill lists and dicts a thousand items at a time."""
# What stands on the stack: a tuple is its depth, 1 and more; what can be filled is a Filled.
TEXT, SHARED, OTHER = -2, -1, 0


class Filled:
    """A list, a dict, a set, or what a call made: an object that later opcodes fill.

    `start` is the work at which it began, `place` where the memo has it, `named` whether anything
    has named it again, `numbers` how many keys it has that are no texts.
    """

    __slots__ = ("named", "numbers", "place", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.place: int | None = None
        self.named = False
        self.numbers = 0


class Stack:
    """The stack, the marks and the memo; `position` is where in the file the next opcode is.

    Every method raises UnsafePickle for what no pickler writes, and IndexError where something is
    missing.
    """

    __slots__ = ("_kinds", "_marks", "_memo", "_starts", "_weights", "again", "memory", "position")

    def __init__(self) -> None:
        self.position = 2
        self.memory = 0
        self.again = 0
        self._kinds: list[int | Filled] = []
        self._starts: list[int] = []
        self._marks: list[int] = []
        self._memo: list[int | Filled] = []
        self._weights: list[int] = []

    def check(self, size: int) -> None:
        """Raise UnsafePickle where a file of `size` bytes has cost more than it may."""
        if self.memory > MEMORY_PER_BYTE * size + FREE_MEMORY:
            raise _costly("memory")
        if self.again > WORK_PER_BYTE * size + FREE_WORK:
            raise _costly("time")
        if len(self._kinds) > MAX_STACK or len(self._marks) > MAX_STACK:
            raise UnsafePickle(f"The pickle holds more than {MAX_STACK} objects at a time.")

    def push(self, kind: int, memory: int) -> None:
        """An object of its own: a text (or bytes), or another that nothing fills."""
        self._starts.append(self.position + self.again)
        self._kinds.append(kind)
        self.memory += memory + SLOT

    def push_terms(self, count: int, memoized: list[int], characters: int) -> None:
        """Pairs of a text and a number; `memoized` holds the length of each text the memo gets."""
        self._memo += [TEXT] * len(memoized)
        self._weights += memoized
        self._kinds += (TEXT, OTHER) * count
        self._starts += [self.position + self.again] * (2 * count)
        self.memory += count * (WORDS + NUMBER + 2 * SLOT) + 4 * characters + MEMO * len(memoized)

    def push_filled(self, memory: int) -> None:
        """An empty list, dict or set."""
        self.push(OTHER, memory)
        self._kinds[-1] = Filled(self._starts[-1])

    def mark(self) -> None:
        """MARK."""
        self._marks.append(len(self._kinds))
        self.memory += SLOT

    def memoize(self) -> None:
        """MEMOIZE: the memo gets what is on top, and what naming it again will cost."""
        top = self._kinds[-1]
        if isinstance(top, Filled):
            top.place = len(self._memo)
        self._memo.append(top)
        self._weights.append(self.position + self.again - self._starts[-1])
        self.memory += MEMO

    def get(self, place: int) -> None:
        """BINGET: what is named again is read again by whoever reads the model."""
        kind = self._memo[place]
        if isinstance(kind, Filled):
            kind.named = True
            kind = SHARED
        if kind > 0:
            raise UnsafePickle("The pickle shares a tuple; write the file again.")
        self.push(kind, 0)
        self.again += self._weights[place]

    def call(self) -> None:
        """STACK_GLOBAL, NEWOBJ, REDUCE: two objects become one."""
        del self._kinds[-1], self._starts[-1]
        self._kinds[-1] = Filled(self._starts[-1])
        self.memory += CALLED
        self.again += CALL

    def make_tuple(self, size: int | None, memory: int, member: int) -> None:
        """A tuple, or frozenset, of the `size` objects on top; None for those above the mark."""
        start = self._marks.pop() if size is None else len(self._kinds) - size
        if start < 0:
            raise IndexError
        kinds = self._kinds[start:]
        depth = 1 + max((kind for kind in kinds if not isinstance(kind, Filled)), default=0)
        if depth > MAX_TUPLE_DEPTH:
            raise UnsafePickle(f"The pickle nests tuples deeper than {MAX_TUPLE_DEPTH}.")
        self._kinds[start:] = [max(depth, 1)]
        self._starts[start:] = self._starts[start : start + 1] or [self.position + self.again]
        self.memory += memory + member * len(kinds)
        if member == MEMBER:
            self._compare(Filled(0), kinds)

    def fill(self, size: int | None, memory: int, keys: int) -> None:
        """The `size` objects on top go into the one below them; None for those above the mark.

        Every `keys`th of them is a key of its dict or a member of its set, none if 0.
        """
        start = self._marks.pop() if size is None else len(self._kinds) - size
        if start < 1:
            raise IndexError
        kinds = self._kinds[start:]
        del self._kinds[start:], self._starts[start:]
        target = self._kinds[-1]
        if not isinstance(target, Filled) or target.named:
            raise UnsafePickle(
                "The pickle refers to itself or fills what it shares; write the file again."
            )
        self.memory += memory * len(kinds)
        if keys:
            self._compare(target, kinds[::keys])
        if target.place is not None:
            self._weights[target.place] = self.position + self.again - target.start

    def _compare(self, target: Filled, keys: list[int | Filled]) -> None:
        # The hashes of texts are salted. All others may have been chosen to be the same.
        count = len(keys) - keys.count(TEXT)
        self.again += count * target.numbers + count * count // 2
        target.numbers += count


def _costly(what: str) -> UnsafePickle:
    return UnsafePickle(
        f"The pickle takes far more {what} than a fitted model of its size; write the file again."
    )
