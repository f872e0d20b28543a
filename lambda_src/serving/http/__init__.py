"""HTTP: the router and what it reads requests and words responses with; and the log's lines."""

from __future__ import annotations

import sys
import time
from functools import lru_cache

from serving.http.strict_json import encode


@lru_cache(maxsize=1)
def _timestamp(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def write_log(level: str, message: str, **fields: object) -> None:
    """Writes one JSON object as a line to standard output, in one call.

    Lambda passes it on as it is; `level` and `timestamp` are what its own filter looks for. The
    `logging` module would add a handler, a formatter and 30 µs to each request. `fields` never hold
    what a caller sent: counts, sizes, our own names.
    """
    line: dict[str, object] = {
        "timestamp": _timestamp(int(time.time())),
        "level": level,
        "message": message,
    }
    line.update(fields)
    sys.stdout.write(encode(line) + "\n")
