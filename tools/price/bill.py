"""The bill of one stack, from its template and what was measured of its function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from batch import prices
from batch.cutting import RANGE_BYTES

from tools.bench.cpu_share import FULL_PROCESSOR_MB
from tools.price.measured import Measured

COLD_SHARE = 0.01
"""One request in a hundred meets a new environment."""
ACCESS_LOG_BYTES = 400
"""Of a line of an API's access log, about."""

RANGE_SECONDS, PARTS_OF_RANGE = 0.1, 3
"""To fetch a range of a batch job's input, and how many parts its answers are written in, about."""

Lines = dict[str, float]
"""What for → dollars."""


@dataclass(frozen=True)
class Worker:
    """A batch job's function: its MiB and its machine."""

    memory: int
    machine: str


@dataclass(frozen=True)
class Bill:
    """Dollars: `idle` a month without a request, `busy` a month with any request at all on top of
    that, `million` for a million requests; `batch` for a million rows in a batch job, None of a
    service that takes pictures."""

    idle: Lines
    busy: Lines
    million: Lines
    batch: float | None = None

    def month(self, rate: float) -> float:
        """Dollars of a month with `rate` requests a second."""
        requests = rate * prices.SECONDS_OF_MONTH / 1e6
        busy = sum(self.busy.values()) if rate > 0 else 0.0
        return sum(self.idle.values()) + busy + requests * sum(self.million.values())


def bill(template: Mapping[str, Any], measured: Measured, worker: Worker) -> Bill:
    """The bill of a service's stack, and of a batch job of its model by `worker`."""
    resources = template["Resources"]
    return Bill(
        idle=_kept(idle(template) | {"model in S3": _stored(measured.model_bytes)}),
        busy=_kept({"metrics": measured.metrics * prices.METRIC_MONTH}),
        million=_kept(_million(resources, measured)),
        batch=_batch(measured, worker),
    )


def idle(template: Mapping[str, Any]) -> Lines:
    """What a stack of any kind costs a month by being there."""
    alarms = list(_of_type(template["Resources"], "AWS::CloudWatch::Alarm"))
    dashboards = list(_of_type(template["Resources"], "AWS::CloudWatch::Dashboard"))
    return _kept(
        {
            "alarms": sum(map(_watched, alarms)) * prices.ALARM_METRIC_MONTH,
            "dashboards": len(dashboards) * prices.DASHBOARD_MONTH,
        }
    )


def billed_ms(milliseconds: float, memory_mb: int) -> int:
    """What Lambda bills for what took so long on a whole processor."""
    return ceil(milliseconds * max(1.0, FULL_PROCESSOR_MB / memory_mb))


def endpoint_month() -> float:
    """Dollars of a month of the endpoint that is always on."""
    return prices.ENDPOINT_HOUR * prices.SECONDS_OF_MONTH / 3600


def _million(resources: Mapping[str, Any], measured: Measured) -> Lines:
    [function] = [
        properties
        for properties in _of_type(resources, "AWS::Lambda::Function")
        if "MODEL_ARTIFACTS" in properties.get("Environment", {}).get("Variables", {})
        and not properties.get("Handler", "").startswith("batch.")
    ]
    memory = function["MemorySize"]
    machine = function.get("Architectures", ["x86_64"])[0]
    milliseconds = COLD_SHARE * billed_ms(measured.cold_ms, memory) + (1 - COLD_SHARE) * billed_ms(
        measured.warm_ms, memory
    )
    behind_api = any(True for _ in _of_type(resources, "AWS::ApiGateway::RestApi"))
    logged = measured.log_bytes + (ACCESS_LOG_BYTES if behind_api else 0)
    return {
        "invocations": prices.MILLION_INVOCATIONS,
        "computing": 1e6 * milliseconds / 1000 * memory / 1024 * prices.GB_SECOND[machine],
        "REST API": prices.MILLION_REST_REQUESTS if behind_api else 0.0,
        "logs": 1e6 * logged / 1e9 * prices.LOG_GB,
        "answers out": 1e6 * measured.answer_bytes / 1e9 * prices.TRANSFER_GB,
    }


def _batch(measured: Measured, worker: Worker) -> float | None:
    """Dollars of a job of a million rows, each a line."""
    if measured.row_ms is None:
        return None
    ranges = ceil(1e6 * (measured.row_bytes + 1) / RANGE_BYTES)
    share = max(1.0, FULL_PROCESSOR_MB / worker.memory)
    seconds = 1e6 * measured.row_ms / 1000 * share + ranges * RANGE_SECONDS
    return prices.dollars(
        worker_seconds=seconds,
        memory_mb=worker.memory,
        items=ranges,
        parts=PARTS_OF_RANGE * ranges,
        machine=worker.machine,
    )


def _stored(size: int) -> float:
    return size / 1e9 * prices.STORED_GB_MONTH


def _watched(alarm: Mapping[str, Any]) -> int:
    """How many metrics an alarm looks at."""
    return sum("MetricStat" in metric for metric in alarm.get("Metrics", ())) or 1


def _of_type(resources: Mapping[str, Any], type_: str) -> Iterator[Mapping[str, Any]]:
    return (each["Properties"] for each in resources.values() if each["Type"] == type_)


def _kept(lines: Lines) -> Lines:
    return {what: dollars for what, dollars in lines.items() if dollars}
