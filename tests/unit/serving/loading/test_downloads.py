"""A download whose read never comes back is left behind at the deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from serving.loading import LoadError
from serving.loading.artifacts import Artifact, RetryPolicy, begin


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_read_that_cannot_be_interrupted_is_left_behind(released: threading.Event) -> None:
    def stuck(_key: str, _size: int, _until: float) -> bytes:
        """As name resolution is, which knows no time-out."""
        released.wait(3)
        return b""

    deadline = time.monotonic() + 0.05
    downloads = begin({"m.pkl": Artifact("k", "0" * 64, 1)}, stuck, RetryPolicy(), deadline)
    with pytest.raises(LoadError, match=r"m\.pkl: not fetched before the deadline"):
        downloads["m.pkl"].result()
    assert not released.is_set()
