"""What goes wrong between a function and its model, and that it is told, retried or given up."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator

import pytest
from serving.loading import LoadError
from serving.loading.artifacts import Artifact, RetryPolicy, fetch
from serving.loading.s3 import reader

from tools.local_aws import fake_s3
from tools.local_aws.fake_s3 import FakeS3, Fault

BODY = b"\x80\x04 the model " + bytes(range(256)) * 40
KEY = "service/digest/model.pkl"
PATH = f"/bucket/{KEY}"
RETRY_POLICY = RetryPolicy(attempt=0.15, pause=0.002, attempts=4)


@pytest.fixture
def s3() -> Iterator[FakeS3]:
    with FakeS3({PATH: BODY}) as server:
        yield server


def _artifact(**changes: object) -> Artifact:
    fields = {"key": KEY, "sha256": hashlib.sha256(BODY).hexdigest(), "size": len(BODY)}
    return Artifact(**(fields | changes))  # type: ignore[arg-type]  # facts by name


def _fetch(s3: FakeS3, artifact: Artifact | None = None, seconds: float = 5.0) -> bytes:
    read = reader("bucket", s3.environ())
    return fetch(read, artifact or _artifact(), RETRY_POLICY, time.monotonic() + seconds)


CURED: dict[str, Fault] = {
    "500": fake_s3.error(500, "InternalError"),
    "502": fake_s3.error(502, "BadGateway"),
    "503 SlowDown": fake_s3.error(503, "SlowDown"),
    "504": fake_s3.error(504, "Timeout"),
    "429": fake_s3.error(429, "TooManyRequests"),
    "408": fake_s3.error(408, "RequestTimeout"),
    "truncated to nothing": fake_s3.truncated(0),
    "truncated in the middle": fake_s3.truncated(5_000),
    "truncated by one byte": fake_s3.truncated(len(BODY) - 1),
    "reset": fake_s3.reset,
    "closed without an answer": fake_s3.raw(b""),
    "closed within the headers": fake_s3.raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "not HTTP": fake_s3.raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "endless headers": fake_s3.flooding,
    "no answer": fake_s3.stalled(),
    "stalled after the headers": fake_s3.stalled(0),
    "stalled in the body": fake_s3.stalled(5_000),
    "trickling": fake_s3.trickling(0.02),
}


@pytest.mark.parametrize("name", CURED)
@pytest.mark.parametrize("times", [1, 2])
def test_is_retried_until_it_is_over(s3: FakeS3, name: str, times: int) -> None:
    s3.faults[PATH] = [CURED[name]] * times
    assert _fetch(s3) == BODY
    assert s3.count(PATH) == times + 1


@pytest.mark.parametrize("name", CURED)
def test_gives_up_when_it_never_ends(s3: FakeS3, name: str) -> None:
    s3.always[PATH] = CURED[name]
    with pytest.raises(LoadError, match=r"attempt 4"):
        _fetch(s3)
    assert s3.count(PATH) == RETRY_POLICY.attempts


REFUSED: dict[str, tuple[Fault, str]] = {
    "403": (fake_s3.error(403, "AccessDenied"), "403 AccessDenied"),
    "clock skew": (fake_s3.error(403, "RequestTimeTooSkewed"), "403 RequestTimeTooSkewed"),
    "KMS": (fake_s3.error(400, "KMS.DisabledException"), "400"),
    "404": (fake_s3.error(404, "NoSuchKey"), "404 NoSuchKey"),
    "another region": (fake_s3.error(301, "PermanentRedirect"), "301 PermanentRedirect"),
    "flipped bit": (fake_s3.flipped(77), "SHA-256"),
    "flipped first bit": (fake_s3.flipped(0), "SHA-256"),
    "HTML": (fake_s3.replaced(b"<html>"), "6 bytes where"),
    "HTML of the same length": (fake_s3.replaced(b"<html>".ljust(len(BODY))), "SHA-256"),
    "empty": (fake_s3.replaced(b""), "0 bytes where"),
    "one byte more": (fake_s3.replaced(BODY + b"x"), "bytes where"),
    "a terabyte announced": (
        fake_s3.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n"),
        "1099511627776 bytes where",
    ),
    "no length": (fake_s3.raw(b"HTTP/1.1 200 OK\r\n\r\n" + BODY), "unknown length"),
    "nonsense for a length": (
        fake_s3.raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        "unknown length",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_at_once(s3: FakeS3, name: str) -> None:
    s3.always[PATH], reason = REFUSED[name]
    with pytest.raises(LoadError, match=reason):
        _fetch(s3)
    assert s3.count(PATH) == 1


@pytest.mark.parametrize("size", [0, -1, 100_000_001])
def test_a_pinned_size_out_of_bounds_is_not_even_asked_for(s3: FakeS3, size: int) -> None:
    with pytest.raises(LoadError, match="bytes are pinned"):
        _fetch(s3, _artifact(size=size))
    assert not s3.calls


def test_the_deadline_holds_over_all_attempts(s3: FakeS3) -> None:
    s3.always[PATH] = fake_s3.stalled()
    started = time.monotonic()
    with pytest.raises(LoadError, match="in time"):
        _fetch(s3, seconds=0.2)
    assert s3.count(PATH) <= 2
    assert time.monotonic() - started < 5  # not the 60 s for which the server is silent


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (lambda: f"http://127.0.0.1:{fake_s3.closed_port()}", "ConnectionRefusedError"),
        (lambda: "http://model-bucket.invalid", "gaierror"),
    ],
)
def test_no_connection(address: Callable[[], str], reason: str) -> None:
    environ = FakeS3().environ() | {"AWS_ENDPOINT_URL_S3": address()}
    read = reader("bucket", environ)
    with pytest.raises(LoadError, match=reason):
        fetch(read, _artifact(), RETRY_POLICY, time.monotonic() + 5)
