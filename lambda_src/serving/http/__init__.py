"""HTTP: the router and what it reads requests and words responses with; and the log's lines.

A request's line is a document in CloudWatch's embedded metric format.
"""

from __future__ import annotations

import sys
import time
from functools import lru_cache

from serving.http.strict_json import encode

NAMESPACE = "ModelService"
DIMENSIONS = ("service", "function_version")
CLASSES = ("class_0", "class_1", "class_2")
"""Of a model's first classes: metrics are billed."""
METRICS = (
    "duration_ms", "server_error", "client_error", "cold_ms", "inputs", "confidence", "unknown",
    *CLASSES,
)  # fmt: skip
"""All there may be: of a refusal the first four."""


@lru_cache(maxsize=1)
def _timestamp(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def write_log(level: str, message: str, **fields: object) -> None:
    """Writes one JSON object as a line to standard output, in one call.

    Lambda passes it on as it is; `level` and `timestamp` are what its own filter looks for. The
    `logging` module would add a handler, a formatter and 30 µs to each request. `fields` never hold
    what a caller sent: counts, sizes, our own names. A service's make metrics.
    """
    now = time.time()
    line: dict[str, object] = {
        "timestamp": _timestamp(int(now)),
        "level": level,
        "message": message,
        **fields,
    }
    text = encode(line)
    if "service" in fields:
        before, after = _directive(tuple(fields))
        text = f"{before}{int(now * 1000)}{after}{text[1:]}"
    sys.stdout.write(text + "\n")


@lru_cache(maxsize=64)
def _directive(names: tuple[str, ...]) -> tuple[str, str]:
    """The line's beginning, around the time."""
    metrics = METRICS if "predictions" in names else METRICS[:4]
    about = {
        "Namespace": NAMESPACE,
        "Dimensions": [DIMENSIONS[:1], DIMENSIONS],
        "Metrics": [{"Name": name} for name in metrics if name in names],
    }
    return '{"_aws":{"Timestamp":', f',"CloudWatchMetrics":[{encode(about)}]}},'
