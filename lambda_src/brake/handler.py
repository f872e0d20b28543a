"""An alarm's message on a topic sets the concurrency of the function that it counts to zero."""

from __future__ import annotations

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def handler(event: dict[str, Any], _context: object) -> None:
    """Close the brake where an alarm has gone off. Lambda tries again what raises."""
    import boto3  # part of the runtime; not needed to import this module

    for record in event["Records"]:
        alarm = json.loads(record["Sns"]["Message"])
        # A state that ends is told to the same topic: only make resume lifts the brake.
        if alarm.get("NewStateValue") == "ALARM":
            close(boto3.client("lambda"), alarm)


def close(functions: Any, alarm: dict[str, Any]) -> None:
    """Let the function that an alarm is about have no execution; the alarm itself tells people."""
    name = counted_function(alarm)
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    line = {"level": "WARN", "message": "stopped", "function": name, "alarm": alarm["AlarmName"]}
    sys.stdout.write(json.dumps(line) + "\n")


def counted_function(alarm: dict[str, Any]) -> str:
    """The function whose invocations an alarm counts, by the dimension of its metric.

    Raises `ValueError` for an alarm on something else.
    """
    for dimension in alarm["Trigger"]["Dimensions"]:
        # CloudWatch writes these names small in messages, and large everywhere else.
        name, value = (
            dimension.get(key, dimension.get(key.title(), "")) for key in ("name", "value")
        )
        if name == "FunctionName":
            return str(value)
    raise ValueError(f"the alarm {alarm['AlarmName']} counts no function's invocations")
