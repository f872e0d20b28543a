"""A model's artifacts: fetched at once, verified against the digests the template pins."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module
from json import loads

from serving.loading import LoadError, TransientError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from serving.loading.s3 import Read

    Files = Callable[[], dict[str, bytes]]
    """Waits for the verified files by name. Raises `LoadError`."""

MAX_BYTES = 100_000_000
"""The largest artifact that is read at all, whatever the template pins."""
START_SECONDS = 8.0
"""For the load at init, which Lambda ends after 10."""
# Seconds after which a thread that computes lets another go on. With the usual ones, a thread that
# has its next byte from S3 would wait that long for another that imports.
_USUAL = sys.getswitchinterval()
_STARTING = 0.0002


class Artifact:
    """One pinned object: its key in the model bucket, SHA-256 (hex) and size in bytes."""

    __slots__ = ("key", "sha256", "size")

    def __init__(self, key: str, sha256: str, size: int) -> None:
        self.key = key
        self.sha256 = sha256
        self.size = size


class ModelSettings:
    """What the stack tells the function about its model: its `location`, a module of this package;
    the `bucket`, empty where the model travels in the function's own zip; the pinned `artifacts`
    by file name; and where there is one, the object that has them all, `bundle`."""

    __slots__ = ("artifacts", "bucket", "bundle", "location")

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Raises `LoadError` naming the variable that is missing or malformed."""
        self.location = location = environ.get("MODEL_LOCATION", "s3")
        if location not in ("s3", "package"):
            raise LoadError("MODEL_LOCATION is neither s3 nor package")
        self.bucket = environ.get("MODEL_BUCKET", "") if location == "s3" else ""
        if location == "s3" and not self.bucket:
            raise LoadError("MODEL_BUCKET is not set")
        entries = _object("MODEL_ARTIFACTS", environ)
        self.artifacts = {name: _artifact(name, entry) for name, entry in entries.items()}
        self.bundle: Artifact | None = None
        if location == "s3" and "MODEL_BUNDLE" in environ:
            self.bundle = _artifact("MODEL_BUNDLE", _object("MODEL_BUNDLE", environ))
            if self.bundle.size != sum(one.size for one in self.artifacts.values()):
                raise LoadError("MODEL_BUNDLE has another size than the artifacts together")


def _object(variable: str, environ: Mapping[str, str]) -> dict[str, object]:
    try:
        entries = loads(environ.get(variable, ""))
    except ValueError:
        entries = None
    if not isinstance(entries, dict) or not entries:
        raise LoadError(f"{variable} is not a JSON object")
    return entries


def _artifact(name: str, entry: object) -> Artifact:
    if isinstance(entry, dict):
        key, sha256, size = entry.get("key"), entry.get("sha256"), entry.get("bytes")
        if (
            isinstance(key, str)
            and isinstance(sha256, str)
            and len(sha256) == 64
            and isinstance(size, int)
        ):
            return Artifact(key, sha256, size)
    raise LoadError(f"MODEL_ARTIFACTS: {name} needs key, sha256 (64 hex digits) and bytes")


class RetryPolicy:
    """How long a fetch may take: seconds for one attempt, for the first pause, and how many.

    The pause before attempt n is random between nothing and `pause * 2**n` ("full jitter"), so
    that a burst of cold starts does not come back as the same burst.
    """

    __slots__ = ("attempt", "attempts", "pause")

    def __init__(self, attempt: float = 2.0, pause: float = 0.1, attempts: int = 6) -> None:
        self.attempt = attempt
        self.pause = pause
        self.attempts = attempts


def fetch(
    read: Read, artifact: Artifact, retry_policy: RetryPolicy, deadline: float
) -> bytes | bytearray:
    """The artifact's bytes, verified; transient faults are retried until the deadline.

    Raises `LoadError` when S3 refuses, the size or digest differs, or retry_policy has run out.
    """
    if not 0 < artifact.size <= MAX_BYTES:
        raise LoadError(f"{artifact.size} bytes are pinned where 1 to {MAX_BYTES} are read")
    attempt = 0
    while True:
        try:
            until = min(deadline, time.monotonic() + retry_policy.attempt)
            data = read(artifact.key, artifact.size, until)
            break
        except TransientError as error:
            attempt += 1
            pause = retry_policy.pause * 2**attempt * os.urandom(1)[0] / 255
            if attempt >= retry_policy.attempts or time.monotonic() + pause >= deadline:
                raise LoadError(f"{error} (attempt {attempt})") from error
            time.sleep(pause)
    from _hashlib import openssl_sha256  # of OpenSSL, which a connection does not wait for

    actual = openssl_sha256(data).hexdigest()
    if actual != artifact.sha256:
        raise LoadError(f"its SHA-256 begins {actual[:12]} where {artifact.sha256[:12]} is pinned")
    return data


class Download:
    """One object on its way, in a thread of its own that nobody has to wait for for ever."""

    def __init__(
        self, name: str, artifact: Artifact, read: Read, retry_policy: RetryPolicy, deadline: float
    ) -> None:
        self._name = name
        self._deadline = deadline
        self._data: bytes | bytearray | None = None
        self._error: Exception | None = None
        self._done = threading.Event()
        threading.Thread(
            target=self._run, args=(artifact, read, retry_policy, deadline), daemon=True
        ).start()

    def _run(
        self, artifact: Artifact, read: Read, retry_policy: RetryPolicy, deadline: float
    ) -> None:
        try:
            self._data = fetch(read, artifact, retry_policy, deadline)
        except Exception as error:
            self._error = error
        self._done.set()

    def result(self) -> bytes | bytearray:
        """The verified bytes. Raises `LoadError`, at the deadline whatever the thread is doing:
        name resolution cannot be interrupted."""
        if not self._done.wait(max(0.0, self._deadline - time.monotonic())):
            raise LoadError(f"{self._name}: not fetched before the deadline")
        if self._data is None:
            reason = str(self._error) if isinstance(self._error, LoadError) else ""
            raise LoadError(f"{self._name}: {reason or type(self._error).__name__}")
        return self._data


def begin(settings: ModelSettings, read: Read, retry_policy: RetryPolicy, deadline: float) -> Files:
    """Starts fetching all artifacts: the object that has them all, or each in parallel, the largest
    first."""
    bundle, artifacts = settings.bundle, settings.artifacts
    if bundle is not None:
        download = Download("the bundle", bundle, read, retry_policy, deadline)
        return lambda: _cut(download.result(), artifacts)
    largest_first = sorted(artifacts.items(), key=lambda item: -item[1].size)
    downloads = {
        name: Download(name, artifact, read, retry_policy, deadline)
        for name, artifact in largest_first
    }
    return lambda: {name: bytes(download.result()) for name, download in downloads.items()}


def _cut(data: bytes | bytearray, artifacts: Mapping[str, Artifact]) -> dict[str, bytes]:
    """The files of a bundle, which follow each other in the order of their names. Its digest is
    verified, and with it theirs."""
    files, start, view = {}, 0, memoryview(data)
    for name in sorted(artifacts):
        end = start + artifacts[name].size
        files[name] = bytes(view[start:end])
        start = end
    return files


def reader(settings: ModelSettings, environ: Mapping[str, str]) -> Read:
    """What reads the artifacts; each place's module is in the package where it is the place."""
    place = import_module(f"serving.loading.{settings.location}")
    read: Read = place.reader(settings.bucket, environ)
    return read


_begun: list[tuple[Mapping[str, str], float, Files]] = []


def begin_at_init(environ: Mapping[str, str] = os.environ) -> None:
    """Starts fetching the model of an execution environment, which its handler calls before it
    imports anything else; the load at init takes it up. What is wrong, that load will say."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in environ:
        return
    sys.setswitchinterval(_STARTING)
    started = time.monotonic()
    with suppress(LoadError):
        settings = ModelSettings(environ)
        # What reads is imported here: two threads that import take turns, and neither waits for
        # S3 meanwhile. What encrypts is made ready while S3 is found and answers.
        read = reader(settings, environ)
        files = begin(settings, read, RetryPolicy(), started + START_SECONDS)
        _begun.append((environ, started, files))
        getattr(read, "prepare", bool)()


def taken(environ: Mapping[str, str]) -> tuple[float, Files] | None:
    """What has begun with these variables: when, and what waits for the files. Only once."""
    if not _begun or _begun[-1][0] is not environ:
        return None
    _, started, files = _begun.pop()
    return started, files


def change_threads_as_usual() -> None:
    """Ends what `begin_at_init` has set, once the load at init has ended: nothing travels now."""
    sys.setswitchinterval(_USUAL)
