"""A model that is loaded once, kept, and tried again where loading failed."""

from __future__ import annotations

import gc
import os
import time

from serving.http import write_log
from serving.http.problems import MODEL_UNAVAILABLE, Problem
from serving.loading import LoadError
from serving.loading.artifacts import (
    START_SECONDS,
    ModelSettings,
    RetryPolicy,
    begin,
    change_threads_as_usual,
    reader,
    taken,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from serving.loading.artifacts import Files

    Build = Callable[[dict[str, bytes]], None]

BACK_OFF = 1.0
"""Seconds for which a failed load is answered at once, without another try."""


class LoadTimeouts:
    """Seconds: `start` for the load at init, `retry` for one within a request.

    Lambda ends an init after 10 s, and the gateway a request after 29 s.
    """

    __slots__ = ("back_off", "retry", "retry_policy", "start")

    def __init__(
        self,
        *,
        start: float = START_SECONDS,
        retry: float = 3.0,
        back_off: float = BACK_OFF,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        self.start = start
        self.retry = retry
        self.back_off = back_off
        self.retry_policy = retry_policy or RetryPolicy()


class ModelLoader:
    """The loading of an environment's one model: once, and again after a failure.

    `prepare` is called when the fetch has begun, so that what it imports is imported while the
    bytes travel; what it returns is called with the verified files by name, and keeps the
    model they make.
    """

    def __init__(
        self,
        prepare: Callable[[], Build],
        environ: Mapping[str, str] = os.environ,
        timeouts: LoadTimeouts | None = None,
    ) -> None:
        self._prepare = prepare
        self._environ = environ
        self._timeouts = timeouts or LoadTimeouts()
        self._loaded = False
        self.milliseconds = 0.0
        self._failed_at: float | None = None

    def start(self) -> None:
        """Loads at init, what has begun before where something has. A failure is logged and told to
        the first request, never raised.

        Nothing that start-up makes is garbage: it is not searched now, nor by later collections.
        """
        gc.disable()
        self._load(self._timeouts.start, taken(self._environ))
        change_threads_as_usual()
        gc.freeze()
        gc.enable()

    def ensure(self, remaining: float | None = None) -> None:
        """Returns once the model is loaded, trying where no load failed a moment ago.

        `remaining` is the time left to the request, in seconds. Raises `Problem`
        model-unavailable.
        """
        if self._loaded:
            return
        failed_at = self._failed_at
        if failed_at is None or time.monotonic() - failed_at >= self._timeouts.back_off:
            # A second is left to say that it failed.
            left = self._timeouts.retry if remaining is None else remaining - 1.0
            self._load(max(0.0, min(self._timeouts.retry, left)))
        if not self._loaded:
            raise Problem(
                MODEL_UNAVAILABLE,
                "The model could not be loaded. Try again after the seconds that Retry-After says.",
                {"Retry-After": str(max(1, round(self._timeouts.back_off)))},
            )

    def _load(self, seconds: float, begun: tuple[float, Files] | None = None) -> None:
        """The one place where a model comes into memory; every failure ends here."""
        started = time.monotonic()
        try:
            if begun is None:
                begun = started, self._begin(started + seconds)
            started, fetched_files = begun
            build = self._prepare()
            files = fetched_files()
            # What they came in is not kept while the model is built of them.
            del begun, fetched_files
            fetched = time.monotonic()
            build(files)
        except Exception as error:
            self._failed_at = time.monotonic()
            # ValueError: the sentences of the runtime that refused the artifacts. Any other
            # exception's text is unknown, so only its type is told.
            is_ours = isinstance(error, (LoadError, ValueError))
            write_log(
                "ERROR",
                "model not loaded",
                error=type(error).__name__,
                reason=str(error) if is_ours else "unexpected",
                duration_ms=round((self._failed_at - started) * 1e3, 3),
            )
            return
        self._loaded = True
        ended = time.monotonic()
        self.milliseconds = round((ended - started) * 1e3, 3)
        write_log(
            "INFO",
            "model loaded",
            fetch_ms=round((fetched - started) * 1e3, 3),
            build_ms=round((ended - fetched) * 1e3, 3),
        )

    def _begin(self, deadline: float) -> Files:
        settings = ModelSettings(self._environ)
        read = reader(settings, self._environ)
        return begin(settings, read, self._timeouts.retry_policy, deadline)
