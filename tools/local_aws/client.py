"""One HTTP request from this machine, timed."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from dataclasses import dataclass

# Loopback is never reached through a proxy, whatever this machine's settings say.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """Status, lower-cased headers, body, and how long the answer took in milliseconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    milliseconds: float


def request(
    url: str,
    body: bytes | None = None,
    *,
    method: str | None = None,
    headers: dict[str, str] | None = None,
    timeout: float = 60,
) -> Answer:
    """Send one request and return the answer, whatever its status is.

    Raises:
        OSError: if nothing answers within `timeout` seconds.
    """
    # What `curl -d` sends is the form type; urllib's own default for a body is the same.
    prepared = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    start = time.perf_counter()
    try:
        with _OPENER.open(prepared, timeout=timeout) as response:
            content, status, response_headers = response.read(), response.status, response.headers
    except urllib.error.HTTPError as error:
        content, status, response_headers = error.read(), error.code, error.headers
    elapsed = (time.perf_counter() - start) * 1000
    return Answer(
        status, {name.lower(): value for name, value in response_headers.items()}, content, elapsed
    )
