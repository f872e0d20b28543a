"""The memory that decoding may take: held by the operating system, and survived by the decoders."""

from __future__ import annotations

import mmap
import resource
import subprocess
import sys
import threading

import pytest
from clothes.formats.file import PictureFile
from clothes.memory import at_most

from tools import PROJECT
from tools.local_aws.served_models import LAMBDA_SRC

MEGABYTE = 1 << 20
_PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS


def take(megabytes: int) -> None:
    """Asks the system for memory, and gives it back; raises `OSError` where it is refused."""
    mmap.mmap(-1, megabytes * MEGABYTE, flags=_PRIVATE).close()


def test_what_is_within_is_given_and_what_is_beyond_is_not() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with at_most(64 * MEGABYTE):
        take(60)
        with pytest.raises(OSError, match="memory"):
            take(65)
        take(60)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    take(65)


def test_the_limit_is_taken_back_where_it_was_met() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(MemoryError), at_most(MEGABYTE):
        bytearray(4_000 * MEGABYTE)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_it_is_of_the_process() -> None:
    refused: list[bool] = []

    def ask() -> None:
        try:
            take(200)
        except OSError:
            refused.append(True)

    with at_most(64 * MEGABYTE):
        other = threading.Thread(target=ask)
        other.start()
        other.join()
    assert refused == [True]


def test_it_grows_with_the_pixels() -> None:
    small, large = (PictureFile("PNG", b"", side, side).memory for side in (10, 5_000))
    # Beside a process of 110 MB and 40 MB of files that arrive, 600 MB have room for it.
    assert 10 * MEGABYTE < small < large < 440 * MEGABYTE


SWEEP = """
import sys
import clothes.predictor  # which imports what a decoder needs
from clothes.formats import UnreadablePicture, read
from clothes.memory import at_most
from clothes.picture import decoded
from tools.bench.drawings import draw, encoded

seen = set()
for form, options in (("PNG", {}), ("JPEG", {"progressive": True}), ("WEBP", {"lossless": True})):
    file = read(encoded(draw().resize((1_000, 4_000)), form, **options))
    for megabytes in range(0, 90, 6):
        try:
            with at_most(megabytes << 20):
                decoded(file, 260)
            seen.add((form, "decoded"))
        except (UnreadablePicture, MemoryError):
            seen.add((form, "refused"))
print(len(seen))
"""


def test_decoders_that_get_too_little_refuse_and_live_on() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SWEEP],
        # What the allocator keeps of one picture would else be enough for the next.
        env={"PYTHONPATH": f"{LAMBDA_SRC}:{PROJECT}", "MALLOC_MMAP_THRESHOLD_": "65536"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout.strip()) == (0, "6"), ran.stderr[-2_000:]


KEPT = """
import sys, threading
from clothes.memory import give_back_large_blocks

if sys.argv[1:]:
    give_back_large_blocks()

def arrive():
    for _ in range(3):
        bytearray(5_000_000)

for _ in range(2):
    threads = [threading.Thread(target=arrive) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
blocks = [bytearray(16 << 20) for _ in range(4)]
del blocks[0]
more = [bytearray(16 << 20) for _ in range(4)] + [bytes(900_000)]
del blocks, more[:-1]
lines = open("/proc/self/status").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmRSS")))
"""


def test_large_blocks_are_given_back() -> None:
    def left(*arguments: str) -> int:
        ran = subprocess.run(
            [sys.executable, "-c", KEPT, *arguments],
            env={"PYTHONPATH": str(LAMBDA_SRC)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return int(ran.stdout)

    assert left("give back") < left() - 10_000
