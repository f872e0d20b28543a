"""How long a service takes, and how much it writes: of the last benchmark, or measured now."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pre_traffic.answers import requests

from model_training.publishing.kinds.picture import PICTURE
from stacks.config.model_service import ModelService
from stacks.config.published_model import PublishedModel
from stacks.config.stages import STAGES
from stacks.packaging.function_files import function_environment
from stacks.packaging.golden import golden_file
from tools import PROJECT
from tools.bench.report import FIRST
from tools.bench.variants import OURS
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.invoke import package, place
from tools.local_aws.runtime_api import LambdaProcess
from tools.smoke import EVENTS
from tools.verified_model import verified_model

_WARM_CALLS = 50


@dataclass(frozen=True)
class Measured:
    """Of one whole processor: `cold_ms` from the start of a process to its first answer, `warm_ms`
    the median of the answers after it, as `source` says. `answer_bytes` is a response's body,
    `log_bytes` the line of a request, `metrics` how many it has. `model_bytes` lie in the model
    bucket. `row_ms` and `row_bytes` are those of one of many inputs, None where an input is a
    picture."""

    source: str
    cold_ms: float
    warm_ms: float
    answer_bytes: int
    log_bytes: int
    metrics: int
    model_bytes: int
    row_ms: float | None = None
    row_bytes: int = 0


def measure(service: ModelService) -> Measured | None:
    """Ask a process of the packaged function for its recorded example; None where there is none, or
    this machine has not what the function runs on.

    Raises `ArtifactError` where the model is none to publish.
    """
    file = EVENTS / f"{service.name}.json"
    if not file.exists():
        return None
    event = json.loads(file.read_text(encoding="utf-8"))
    model = verified_model(service, PROJECT / service.model_folder)
    with tempfile.TemporaryDirectory(prefix="price-") as scratch, ExitStack() as running:
        code, _ = package(service, model, Path(scratch))
        environ = function_environment(service, model, STAGES["local"].egress)
        # Each file on its own, and all of them once more as what one request fetches.
        stored = 2 * len(model.bundle)
        if service.model_location == "s3":
            environ |= place(running.enter_context(FakeS3()), model)
        process = running.enter_context(LambdaProcess(code, service.handler, environ=environ))
        first = process.invoke(event).payload
        cold = (time.perf_counter() - process.spawned) * 1000
        if first["statusCode"] != 200:
            return None
        line = _request_line(process)
        warm = _median_ms(process, event)
        row_ms, row_bytes = _row(process, service, model, warm)
    source = "measured here now"
    if (benchmark := _of_benchmark(service)) is not None:
        source, cold, warm = benchmark
    directive = json.loads(line)["_aws"]["CloudWatchMetrics"][0]
    return Measured(
        source=source,
        cold_ms=cold,
        warm_ms=warm,
        answer_bytes=len(first["body"]),
        log_bytes=len(line),
        metrics=len(directive["Metrics"]) * len(directive["Dimensions"]),
        model_bytes=stored if service.model_location == "s3" else 0,
        row_ms=row_ms,
        row_bytes=row_bytes,
    )


def _median_ms(process: LambdaProcess, event: Mapping[str, Any]) -> float:
    taken = []
    for _ in range(_WARM_CALLS):
        started = time.perf_counter()
        process.invoke(event)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def _row(
    process: LambdaProcess, service: ModelService, model: PublishedModel, warm_ms: float
) -> tuple[float | None, int]:
    """Milliseconds and bytes of one of several golden inputs in a request."""
    if model.kind == PICTURE.name:
        return None, 0
    event, golden = next(requests(json.loads(golden_file(service, model))))
    several_ms = _median_ms(process, event)
    row = max(several_ms - warm_ms, 0.0) / (len(golden) - 1)
    return row, len(event["body"]) // len(golden)


def _of_benchmark(service: ModelService) -> tuple[str, float, float] | None:
    """Cold and warm milliseconds of the last benchmark of a service; None where there was none."""
    ending = "" if service.name == FIRST else f"-{service.name}"
    file = PROJECT / f"build/bench{ending}.json"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        ours = found["functions"][OURS]
        warm = ours["warm_p50_ms"] + found["client_overhead_ms"]
    except (OSError, ValueError, KeyError):
        return None
    day = datetime.fromtimestamp(file.stat().st_mtime, UTC).strftime("%d %B %Y")
    return f"by the benchmark of {day}", ours["cold_ms"], warm


def _request_line(process: LambdaProcess) -> str:
    """The line that the first request has written, which may arrive after its answer."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for line in process.lines:
            if '"message":"request"' in line:
                return line
        time.sleep(0.01)
    raise TimeoutError("the function wrote no line for its request")
