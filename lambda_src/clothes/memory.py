"""Memory: how much one thing may take, held by the operating system, and what is given back."""

from __future__ import annotations

from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MMAP_THRESHOLD = -3  # mallopt's name for it
_LARGE = 1 << 20


def give_back_large_blocks() -> None:
    """Have blocks of a megabyte and more given back to the system as soon as they are freed.

    glibc raises that size with the blocks it sees, and keeps what is smaller for each thread: after
    a few requests for eight pictures the process had 180 MB more than it used. Other C libraries
    are left as they are.
    """
    from ctypes import CDLL

    try:
        CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
    except (AttributeError, OSError):
        return


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Within it the process is refused more than `size` bytes beyond what it has; whatever asks for
    them fails: Python with `MemoryError`, a library as it does where there is no memory left.

    Other threads are held to it too. Where Linux's /proc is missing, nothing is held.
    """
    import resource

    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[5])
    except OSError:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    soft, hard = before
    limit = pages * resource.getpagesize() + size
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
