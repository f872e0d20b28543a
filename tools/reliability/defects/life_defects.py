"""Mistakes in what happens to a model after it is deployed: release, brake, drift, price."""

from __future__ import annotations

from tools.reliability.defects.code_defect import CodeDefect

_HOOK = ("tests/unit/pre_traffic",)
_BRAKE = ("tests/unit/brake",)
_DRIFT = ("tests/unit/tools/release/test_drift.py",)
_METRICS = ("tests/unit/serving/http/test_metrics.py",)
_WATCHING = ("tests/unit/tools/reliability/test_watching.py",)
_PRICE = ("tests/unit/tools/price/test_bill.py::test_the_sums",)
_TOLD = ("tests/stacks/test_monitoring.py::test_stages_differ_in_whether_somebody_has_to_be_told",)

LIFE_DEFECTS = (
    CodeDefect(
        "golden answers unread before traffic",
        "pre_traffic/answers.py",
        'if not _near(body["predictions"][index], entry["predicted"]):',
        "if False:",
        _HOOK,
    ),
    CodeDefect(
        "any number for a golden one",
        "pre_traffic/answers.py",
        "TOLERANCE = 1e-6",
        "TOLERANCE = 1.0",
        _HOOK,
    ),
    CodeDefect(
        "another model before traffic",
        "pre_traffic/answers.py",
        "if version != model_version:",
        "if False:",
        _HOOK,
    ),
    CodeDefect(
        "a version that ends with an error goes on",
        "pre_traffic/handler.py",
        'if "FunctionError" in invoked:',
        "if False:",
        _HOOK,
    ),
    CodeDefect(
        "a version that cannot be asked goes on",
        "pre_traffic/handler.py",
        'reason = f"the version could not be asked: {type(error).__name__}"',
        "reason = None",
        _HOOK,
    ),
    CodeDefect(
        "brake closes when an alarm ends",
        "brake/handler.py",
        'if alarm.get("NewStateValue") == "ALARM":',
        "if True:",
        _BRAKE,
    ),
    CodeDefect(
        "brake leaves one execution",
        "brake/handler.py",
        "ReservedConcurrentExecutions=0",
        "ReservedConcurrentExecutions=1",
        _BRAKE,
    ),
    CodeDefect(
        "brake stops whatever an alarm is about",
        "brake/handler.py",
        'if name == "FunctionName":',
        "if value:",
        _BRAKE,
    ),
    CodeDefect(
        "few answers are a day",
        "release/drift.py",
        "if day.answers < FEWEST_ANSWERS:",
        "if day.answers < 0:",
        _DRIFT,
        "tools",
    ),
    CodeDefect(
        "classes without a metric forgotten",
        "release/drift.py",
        "if rest > _SMALLEST_SHARE:",
        "if False:",
        _DRIFT,
        "tools",
    ),
    CodeDefect(
        "lines that make no metrics",
        "serving/http/__init__.py",
        'if "service" in fields:',
        "if False:",
        _METRICS,
    ),
    CodeDefect(
        "metrics of 1970",
        "serving/http/__init__.py",
        "int(now * 1000)",
        "int(now)",
        _METRICS,
    ),
    CodeDefect(
        "shares of a few answers compared",
        "constructs/log_metrics.py",
        "FEWEST_ANSWERS = 100",
        "FEWEST_ANSWERS = 10",
        _WATCHING,
        "stacks",
    ),
    CodeDefect(
        "a reference without an error",
        "constructs/log_metrics.py",
        " / (1 + n / {rows})",
        "",
        _WATCHING,
        "stacks",
    ),
    CodeDefect(
        "nobody told in production",
        "config/alarm_receiver.py",
        'if stage.alarm_receiver == "required":',
        "if False:",
        _TOLD,
        "stacks",
    ),
    CodeDefect(
        "part of a processor as fast as all",
        "price/bill.py",
        "return ceil(milliseconds * max(1.0, FULL_PROCESSOR_MB / memory_mb))",
        "return ceil(milliseconds)",
        _PRICE,
        "tools",
    ),
    CodeDefect(
        "an alarm's metrics billed as one",
        "price/bill.py",
        'return sum("MetricStat" in metric for metric in alarm.get("Metrics", ())) or 1',
        "return 1",
        _PRICE,
        "tools",
    ),
    CodeDefect(
        "metrics billed while nothing is asked",
        "price/bill.py",
        "busy = sum(self.busy.values()) if rate > 0 else 0.0",
        "busy = sum(self.busy.values())",
        _PRICE,
        "tools",
    ),
)
