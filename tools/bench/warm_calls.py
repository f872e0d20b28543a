"""A handler around a handler, which times the call itself inside the function's process.

Copied into the benchmark's runtime, not into a package; needs nothing but the standard library.
"""

import gc
import importlib
import os
import time
from typing import Any

_module, _, _name = os.environ["TIMED_HANDLER"].rpartition(".")
_handler = getattr(importlib.import_module(_module), _name)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"event", "calls", "seconds"}` → microseconds of each call, and the last answer.

    At most `calls` calls in at most `seconds`, after an unmeasured tenth of them.
    """
    message, calls, end = event["event"], event["calls"], time.perf_counter() + event["seconds"]
    for _ in range(max(3, calls // 10)):
        answer = _handler(message, context)
        if time.perf_counter() > end:
            break
    gc.collect()
    clock = time.perf_counter_ns
    durations: list[float] = []
    while len(durations) < calls and (time.perf_counter() < end or len(durations) < 20):
        started = clock()
        answer = _handler(message, context)
        durations.append((clock() - started) / 1000)
    return {"microseconds": durations, "answer": answer}
