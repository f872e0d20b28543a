"""Walks a pickle's opcodes, without running them, and refuses what no fitted model needs.

The C unpickler trusts its input with memory and time: LONG_BINPUT may ask for gigabytes, a tuple
that shares a tuple a few dozen levels deep takes for ever to hash, a deep one overflows the C
stack. One byte makes a set of 232, keys can be chosen so that each is compared with all before it,
and two bytes can name a megabyte again for the model's readers to read. What passes here costs at
most a small multiple of the file's size, to unpickle and to read.
"""

from __future__ import annotations

from portable.errors import UnsafePickle
from portable.pickles.opcode_costs import (
    DICT,
    ENTRY,
    ITEM,
    LIST,
    MEMBER,
    NUMBER,
    SET,
    SLOT,
    TUPLE,
    WORDS,
)
from portable.pickles.opcode_stack import OTHER, TEXT, Stack

MAX_INTEGER = 32
"""Bytes of an integer; those in the state of a random generator have 17."""

# Opcodes by what they do; the names are those of the standard library's pickletools.
# Bytes in the file, and of memory: None, True, False, the empty tuple; integers, BINFLOAT.
_ATOMS = dict.fromkeys(b"N\x88\x89)", (1, 0)) | {
    ord("K"): (2, 0), ord("M"): (3, NUMBER), ord("J"): (5, NUMBER), ord("G"): (9, NUMBER)
}  # fmt: skip
_EMPTY = {ord("]"): LIST, ord("}"): DICT, 0x8F: SET}
_SIZED = dict.fromkeys(b"\x8cC\x8a", 1) | dict.fromkeys(b"XB", 4)  # bytes that hold the length
_GETS = {ord("h"): 1, ord("j"): 4}  # BINGET, LONG_BINGET
# How many objects, or None for those above the mark; bytes of memory, and for each member.
_TUPLES = {
    0x85: (1, TUPLE, SLOT), 0x86: (2, TUPLE, SLOT), 0x87: (3, TUPLE, SLOT),
    ord("t"): (None, TUPLE, SLOT), 0x91: (None, SET, MEMBER),  # TUPLE, FROZENSET
}  # fmt: skip
_CALLS = b"\x93\x81R"  # STACK_GLOBAL, NEWOBJ, REDUCE
# How many objects go into the one below; bytes of memory for each; every which one is a key.
_FILLS = {
    ord("a"): (1, ITEM, 0), ord("e"): (None, ITEM, 0),  # APPEND, APPENDS
    ord("s"): (2, ENTRY // 2, 2), ord("u"): (None, ENTRY // 2, 2),  # SETITEM, SETITEMS
    ord("b"): (1, 0, 0), 0x90: (None, MEMBER, 1),  # BUILD, ADDITEMS
}  # fmt: skip
_MARK, _MEMOIZE, _FRAME, _STOP = ord("("), 0x94, 0x95, ord(".")
_SHORT_TEXT, _LONG1 = 0x8C, 0x8A
_CHECKED = 4096
"""Bytes between two looks at what the pickle costs so far."""
_INTEGERS = {ord("K"): 2, ord("M"): 3, ord("J"): 5}


def check_opcodes(data: bytes) -> None:
    """Raise UnsafePickle unless `data` is one plain protocol 4 pickle of bounded cost.

    Refused: every opcode that scikit-learn's and numpy's own states do not use, tuples that are
    shared or nested deeper than six, objects that refer to themselves, whatever costs more memory
    or work than its size allows (opcode_costs.py), and bytes after the end.
    """
    try:
        end = _end_of_pickle(data)
    except IndexError:
        raise UnsafePickle(
            "The pickle is cut short or does not add up; write the file again."
        ) from None
    if end != len(data):
        raise UnsafePickle(f"{len(data) - end} bytes follow the pickle; write the file again.")


def _end_of_pickle(data: bytes) -> int:
    """Follow the stack; return the position after STOP."""
    stack = Stack()
    unchecked = _CHECKED
    while (opcode := data[stack.position]) != _STOP:
        position = stack.position
        if opcode == _SHORT_TEXT and _push_terms(stack, data, position):
            pass
        elif opcode in _ATOMS:
            width, memory = _ATOMS[opcode]
            stack.push(OTHER, memory)
            stack.position += width
        elif opcode in _SIZED:
            _push_sized(stack, data, opcode)
        elif opcode in _GETS:
            width = _GETS[opcode] + 1
            stack.get(int.from_bytes(data[position + 1 : position + width], "little"))
            stack.position += width
        else:
            # What is on top ends with this opcode.
            stack.position += 9 if opcode == _FRAME else 1
            _apply(stack, opcode)
        if position > unchecked:
            stack.check(len(data))
            unchecked = position + _CHECKED
    stack.check(len(data))
    return stack.position + 1


def _push_sized(stack: Stack, data: bytes, opcode: int) -> None:
    """SHORT_BINUNICODE, SHORT_BINBYTES, LONG1 and the longer ones."""
    width = _SIZED[opcode] + 1
    length = int.from_bytes(data[stack.position + 1 : stack.position + width], "little")
    if opcode == _LONG1:
        if length > MAX_INTEGER:
            raise UnsafePickle(f"The pickle holds an integer of {length} bytes.")
        stack.push(OTHER, NUMBER + length)
    else:
        # A character beyond the first plane makes all of its text four bytes wide.
        stack.push(TEXT, WORDS + 4 * length)
    stack.position += width + length


def _push_terms(stack: Stack, data: bytes, position: int) -> bool:
    """Walk a run of SHORT_BINUNICODE, perhaps MEMOIZE, and an integer; whether there is one.

    A vocabulary is such a run, and nearly all of a file's opcodes; hence a loop of its own.
    """
    start = position
    count = 0
    memoized: list[int] = []
    while data[position] == _SHORT_TEXT:
        after = position + data[position + 1] + 2
        opcode = data[after]
        if opcode == _MEMOIZE:
            width = _INTEGERS.get(data[after + 1])
            if width is None:
                break
            memoized.append(after - position)
            position = after + 1 + width
        else:
            width = _INTEGERS.get(opcode)
            if width is None:
                break
            position = after + width
        count += 1
    if count:
        stack.push_terms(count, memoized, position - start)
        stack.position = position
    return count > 0


def _apply(stack: Stack, opcode: int) -> None:
    """Apply the opcodes that combine what is on the stack."""
    if opcode == _MEMOIZE:
        stack.memoize()
    elif opcode == _MARK:
        stack.mark()
    elif opcode in _EMPTY:
        stack.push_filled(_EMPTY[opcode])
    elif opcode in _TUPLES:
        stack.make_tuple(*_TUPLES[opcode])
    elif opcode in _CALLS:
        stack.call()
    elif opcode in _FILLS:
        stack.fill(*_FILLS[opcode])
    elif opcode != _FRAME:
        raise UnsafePickle(
            f"The pickle holds opcode 0x{opcode:02x}, which no fitted model needs; "
            "write it with pickle.dump(model, file, protocol=4)."
        )
