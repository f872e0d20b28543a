"""Several pictures fetched at once, and waited for no longer than one may take."""

from __future__ import annotations

import threading
import time

from clothes.fetch.problems import timed_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clothes.fetch.fetcher import Fetcher
    from clothes.fetch.urls import Url

# Seconds to hear of a thread that has just met the deadline by itself.
_GRACE = 0.1


class Download:
    """One picture on its way, in a thread that nobody has to wait for for ever: neither a lookup
    of a name nor a close of a connection can be interrupted."""

    def __init__(self, fetcher: Fetcher, url: Url, deadline: float) -> None:
        self._deadline = deadline
        self._data: bytes | None = None
        self._error: Exception | None = None
        self._done = threading.Event()
        threading.Thread(target=self._run, args=(fetcher, url), daemon=True).start()

    def _run(self, fetcher: Fetcher, url: Url) -> None:
        try:
            self._data = fetcher.fetch(url, self._deadline)
        except Exception as error:
            # Its traceback holds this object: a cycle, and all that had arrived in it.
            self._error = error.with_traceback(None)
        self._done.set()

    def result(self) -> bytes:
        """The picture's bytes, to be asked for once. Raises `Problem`: what `Fetcher.fetch` does,
        and fetch-timeout at the deadline whatever the thread is doing."""
        self._done.wait(max(0.0, self._deadline + _GRACE - time.monotonic()))
        if self._error is not None:
            try:
                raise self._error
            finally:
                self._error = None  # it has a traceback again
        if self._data is None:
            raise timed_out()
        return self._data


def begin(fetcher: Fetcher, urls: list[Url], seconds: float) -> list[Download]:
    """Starts fetching all of them, each in a thread of its own, under one deadline."""
    deadline = time.monotonic() + max(0.0, seconds)
    return [Download(fetcher, url, deadline) for url in urls]
