"""The bill of a stack, against sums made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stacks.config.services import SERVICES
from tools.price import measured as measured_module
from tools.price.__main__ import _rate
from tools.price.bill import Worker, bill, billed_ms, endpoint_month, idle
from tools.price.measured import Measured, _of_benchmark, measure

MEASURED = Measured(
    source="by hand",
    cold_ms=100.0,
    warm_ms=1.0,
    answer_bytes=200,
    log_bytes=600,
    metrics=10,
    model_bytes=10**9,
)
WORKER = Worker(1769, "arm64")


def resource(type_: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type_, "Properties": properties}


TEMPLATE = {
    "Resources": {
        "Function": resource(
            "AWS::Lambda::Function",
            MemorySize=1024,
            Architectures=["arm64"],
            Handler="spam_or_ham.handler.handler",
            Environment={"Variables": {"MODEL_ARTIFACTS": "{}"}},
        ),
        "Hook": resource("AWS::Lambda::Function", MemorySize=256, Handler="pre_traffic.x.y"),
        "Api": resource("AWS::ApiGateway::RestApi"),
        "Plain": resource("AWS::CloudWatch::Alarm", MetricName="Errors"),
        "Math": resource(
            "AWS::CloudWatch::Alarm",
            Metrics=[{"Expression": "a / b"}, {"MetricStat": {}}, {"MetricStat": {}}],
        ),
        "Dashboard": resource("AWS::CloudWatch::Dashboard"),
    }
}


def test_the_sums() -> None:
    one = bill(TEMPLATE, MEASURED, WORKER)
    assert one.batch is None
    assert one.idle == pytest.approx({"alarms": 0.30, "dashboards": 3.0, "model in S3": 0.023})
    assert one.busy == pytest.approx({"metrics": 3.0})
    # 1024 MB are 58 % of a processor: 173 and 2 ms are billed, 3.71 ms on average, of 1 GB.
    assert one.million == pytest.approx(
        {
            "invocations": 0.20,
            "computing": 1e6 * (0.01 * 173 + 0.99 * 2) / 1000 * 0.0000133334,
            "REST API": 3.50,
            "logs": 0.50,
            "answers out": 0.018,
        }
    )
    # One request a second is 2.628 million a month.
    assert one.month(1) == pytest.approx(3.323 + 3.0 + 2.628 * sum(one.million.values()))
    assert one.month(0) == pytest.approx(3.323)


def test_a_million_rows_in_a_batch_job() -> None:
    """As docs/batch.md has them: 19 ranges, 42 seconds of workers, two tenths of a cent."""
    rows = replace(MEASURED, row_ms=0.040, row_bytes=149)
    dollars = bill(TEMPLATE, rows, WORKER).batch
    assert dollars is not None
    functions = (40 + 18 * 0.1) * 1769 / 1024 * 0.0000133334 + 18 * 0.20e-6
    assert functions < dollars == pytest.approx(0.0018, abs=0.0003)


def test_the_last_benchmark_is_asked_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured_module, "PROJECT", tmp_path)
    by_name = {service.name: service for service in SERVICES}
    spam, loans = by_name["spam_or_ham"], by_name["loan_grade"]
    assert _of_benchmark(spam) is None
    figures = {
        "client_overhead_ms": 0.4,
        "functions": {"ours": {"cold_ms": 48, "warm_p50_ms": 0.1}},
    }
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "bench.json").write_text(json.dumps(figures))
    found = _of_benchmark(spam)
    assert found is not None
    assert found[0].startswith("by the benchmark of ")
    assert found[1:] == (48, pytest.approx(0.5))
    assert _of_benchmark(loans) is None


def test_a_part_of_a_processor_takes_longer() -> None:
    assert [billed_ms(10, memory) for memory in (512, 1769, 3008)] == [35, 10, 10]


def test_an_endpoint_that_is_always_on() -> None:
    assert endpoint_month() == pytest.approx(83.95)
    assert idle({"Resources": {}}) == {}


@pytest.mark.parametrize("text", ["fast", "-1", "nan", "inf", "1e9"])
def test_a_rate_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="give requests a second"):
        _rate(text)


def test_a_service_is_measured_as_it_is_packaged() -> None:
    [spam] = [service for service in SERVICES if service.name == "spam_or_ham"]
    measured = measure(spam)
    assert measured is not None
    assert measured.cold_ms > measured.warm_ms > 0
    assert 300 < measured.log_bytes < 1200
    # With their two sets of dimensions: duration, cold start, inputs, confidence, unknown, a class.
    assert measured.metrics == 12
    assert measured.model_bytes > 1000
    assert measured.row_ms is not None
    assert measured.row_bytes > 10
