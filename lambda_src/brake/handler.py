"""An alarm's message on a topic sets the concurrency of a function to zero, and tells people."""

from __future__ import annotations

import json
import os
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
            close(boto3.client("lambda"), boto3.client("sns"), os.environ)


def close(functions: Any, topics: Any, environ: Any) -> None:
    """Let the function have no execution, and say to the topic how to undo that."""
    name, service, stage = environ["FUNCTION"], environ["SERVICE"], environ["STAGE"]
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    message = (
        f"{service} has had more requests in an hour than the stage {stage} may spend on, and "
        f"answers none until somebody runs: make resume STAGE={stage} SERVICE={service}"
    )
    sys.stdout.write(json.dumps({"level": "WARN", "message": message}) + "\n")
    topics.publish(
        TopicArn=environ["TOPIC"], Subject=f"{service} is stopped ({stage})", Message=message
    )
