"""Walks a pickle's opcodes, without running them, and refuses what no fitted model needs.

The C unpickler trusts its input with memory and time: LONG_BINPUT may ask for gigabytes, a tuple
that shares a tuple a few dozen levels deep takes for ever to hash, a deep one overflows the C
stack. What passes here costs at most a small multiple of the file's size to unpickle.
"""

from portable.errors import UnsafePickle

MAX_TUPLE_DEPTH = 6
"""Arrays, scalars and pipelines nest tuples three deep."""

# Opcodes by what they do to the stack; the names are those of the standard library's pickletools.
_ATOMS = dict.fromkeys(b"N\x88\x89]}\x8f)", 1)  # None, True, False and the empty containers
_ATOMS |= {ord("K"): 2, ord("M"): 3, ord("J"): 5, ord("G"): 9}  # integers and BINFLOAT
_SIZED = dict.fromkeys(b"\x8cC\x8a", 1) | dict.fromkeys(b"XB", 4)  # bytes that hold the length
_GETS = {ord("h"): 1, ord("j"): 4}  # BINGET, LONG_BINGET
_TUPLES = {0x85: 1, 0x86: 2, 0x87: 3}
_MARKED_TUPLES = b"t\x91"  # TUPLE, FROZENSET
_CALLS = b"\x93\x81R"  # STACK_GLOBAL, NEWOBJ, REDUCE: two objects become one
_FILLS = {ord("a"): 1, ord("b"): 1, ord("s"): 2}  # APPEND, BUILD, SETITEM: go into the one below
_MARKED_FILLS = b"eu\x90"  # APPENDS, SETITEMS, ADDITEMS
_MARK, _MEMOIZE, _FRAME, _STOP = ord("("), 0x94, 0x95, ord(".")
_SHORT_TEXT, _INT1, _INT2 = 0x8C, ord("K"), ord("M")


def check_opcodes(data: bytes) -> None:
    """Raise UnsafePickle unless `data` is one plain protocol 4 pickle of bounded cost.

    Refused: every opcode that scikit-learn's and numpy's own states do not use, tuples that are
    shared or nested deeper than MAX_TUPLE_DEPTH, and bytes after the end.
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
    """Follow the stack by the tuple depth of each object; return the position after STOP."""
    depths: list[int] = []
    marks: list[int] = []
    memo_size = 0
    tuples: set[int] = set()
    position = 2
    while (opcode := data[position]) != _STOP:
        if opcode == _SHORT_TEXT and (end := _end_of_terms(data, position))[0]:
            count, memoized, position = end
            memo_size += memoized
            depths += (0, 0) * count
        elif opcode in _ATOMS:
            depths.append(0)
            position += _ATOMS[opcode]
        elif opcode in _SIZED:
            depths.append(0)
            width = _SIZED[opcode] + 1
            position += width + int.from_bytes(data[position + 1 : position + width], "little")
        elif opcode == _MEMOIZE:
            if depths[-1]:
                tuples.add(memo_size)
            memo_size += 1
            position += 1
        elif opcode in _GETS:
            width = _GETS[opcode] + 1
            if int.from_bytes(data[position + 1 : position + width], "little") in tuples:
                raise UnsafePickle("The pickle shares a tuple; write the file again.")
            depths.append(0)
            position += width
        else:
            _apply(opcode, depths, marks)
            position += 9 if opcode == _FRAME else 1
    return position + 1


def _end_of_terms(data: bytes, position: int) -> tuple[int, int, int]:
    """Walk a run of SHORT_BINUNICODE, perhaps MEMOIZE, BININT1 or BININT2.

    A vocabulary is such a run, and nearly all of a file's opcodes; hence a loop of its own.
    Returns how many terms it holds, how many of them are memoized, and where it ends.
    """
    count = memoized = 0
    while data[position] == _SHORT_TEXT:
        after = position + data[position + 1] + 2
        opcode = data[after]
        if opcode == _MEMOIZE:
            opcode = data[after + 1]
            if opcode == _INT2:
                position = after + 4
            elif opcode == _INT1:
                position = after + 3
            else:
                break
            memoized += 1
        elif opcode == _INT2:
            position = after + 3
        elif opcode == _INT1:
            position = after + 2
        else:
            break
        count += 1
    return count, memoized, position


def _apply(opcode: int, depths: list[int], marks: list[int]) -> None:
    """Apply the opcodes that combine what is on the stack."""
    if opcode == _MARK:
        marks.append(len(depths))
    elif opcode in _TUPLES:
        _make_tuple(depths, len(depths) - _TUPLES[opcode])
    elif opcode in _MARKED_TUPLES:
        _make_tuple(depths, marks.pop())
    elif opcode in _CALLS:
        depths.pop()
        depths[-1] = 0
    elif opcode in _FILLS:
        del depths[-_FILLS[opcode] :]
    elif opcode in _MARKED_FILLS:
        del depths[marks.pop() :]
    elif opcode != _FRAME:
        raise UnsafePickle(
            f"The pickle holds opcode 0x{opcode:02x}, which no fitted model needs; "
            "write it with pickle.dump(model, file, protocol=4)."
        )


def _make_tuple(depths: list[int], start: int) -> None:
    if start < 0:
        raise IndexError
    depth = 1 + max(depths[start:], default=0)
    if depth > MAX_TUPLE_DEPTH:
        raise UnsafePickle(f"The pickle nests tuples deeper than {MAX_TUPLE_DEPTH}.")
    depths[start:] = [depth]
