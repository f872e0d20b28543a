"""What a pickle may cost, and what its objects do; sizes are CPython's on 64 bits."""

from __future__ import annotations

MEMORY_PER_BYTE, FREE_MEMORY = 32, 1024 * 1024
"""Bytes of memory for each byte of a file, and for any file. The shortest terms take 25."""
WORK_PER_BYTE, FREE_WORK = 12, 1024 * 1024
"""For each byte of a file, and for any: bytes that are read once more wherever something names
them again, and keys compared with those before them."""

NUMBER, WORDS, TUPLE, CALLED, SLOT = 32, 80, 56, 64, 8
"""Bytes of memory: a number, a text without its characters, a tuple without its members, what a
call makes, a place on the stack."""
LIST, DICT, SET = 80, 80, 240
MEMO, ITEM, ENTRY, MEMBER = 16, 16, 72, 100
"""Bytes of memory: a place in the memo, in a list, in a dict, in a set."""
CALL = 8
"""Work: what a call does besides."""
