"""How long a service takes, and how much it writes: of the last benchmark, or measured now."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from app import ROOT
from stacks.config.model_service import ModelService
from stacks.config.stages import STAGES
from stacks.packaging.function_files import function_environment
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.invoke import package, place
from tools.local_aws.runtime_api import LambdaProcess
from tools.smoke import EVENTS
from tools.verified_model import verified_model

_WARM_CALLS = 50


@dataclass(frozen=True)
class Measured:
    """Of one whole processor: `cold_ms` from the start of a process to its first answer, `warm_ms`
    the median of the answers after it. `answer_bytes` is a response's body, `log_bytes` the line of
    a request, `metrics` how many it has. `model_bytes` lie in the model bucket."""

    cold_ms: float
    warm_ms: float
    answer_bytes: int
    log_bytes: int
    metrics: int
    model_bytes: int


def measure(service: ModelService) -> Measured | None:
    """Ask a process of the packaged function for its recorded example; None where there is none, or
    this machine has not what the function runs on.

    Raises `ArtifactError` where the model is none to publish.
    """
    file = EVENTS / f"{service.name}.json"
    if not file.exists():
        return None
    event = json.loads(file.read_text(encoding="utf-8"))
    model = verified_model(service, ROOT / service.model_folder)
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
        warm = []
        for _ in range(_WARM_CALLS):
            started = time.perf_counter()
            process.invoke(event)
            warm.append((time.perf_counter() - started) * 1000)
    directive = json.loads(line)["_aws"]["CloudWatchMetrics"][0]
    return Measured(
        cold_ms=cold,
        warm_ms=statistics.median(warm),
        answer_bytes=len(first["body"]),
        log_bytes=len(line),
        metrics=len(directive["Metrics"]) * len(directive["Dimensions"]),
        model_bytes=stored if service.model_location == "s3" else 0,
    )


def _request_line(process: LambdaProcess) -> str:
    """The line that the first request has written, which may arrive after its answer."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for line in process.lines:
            if '"message":"request"' in line:
                return line
        time.sleep(0.01)
    raise TimeoutError("the function wrote no line for its request")
