"""CodeDeploy's hook before traffic: the new version answers as published, or meets no caller.

An event of CodeDeploy's is answered to CodeDeploy. One without a deployment is answered to whoever
invokes this function, and may name another version to ask, in `target`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from pre_traffic.answers import problem, requests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

GOLDEN = "golden.json"
_FOLDER = Path(__file__).resolve().parents[1]


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Ask the version, log the outcome and report it; what goes wrong on the way is a failure."""
    import boto3  # part of the runtime; not needed to import this module

    target = event.get("target") or os.environ["TARGET"]
    try:
        reason = wrong(boto3.client("lambda"), target)
    except Exception as error:  # whatever it is, no caller is to meet it
        reason = f"the version could not be asked: {type(error).__name__}"
    status = "Failed" if reason else "Succeeded"
    line = {"level": "ERROR" if reason else "INFO", "message": reason or "answers as published"}
    sys.stdout.write(json.dumps({**line, "target": target}) + "\n")
    if "DeploymentId" in event:
        boto3.client("codedeploy").put_lifecycle_event_hook_execution_status(
            deploymentId=event["DeploymentId"],
            lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
            status=status,
        )
    return {"status": status, "reason": reason or ""}


def wrong(functions: Any, target: str) -> str | None:
    """What a version answers other than its model's golden answers; None where nothing is."""
    published = json.loads((_FOLDER / GOLDEN).read_bytes())
    for event, golden in requests(published):
        invoked = functions.invoke(FunctionName=target, Payload=json.dumps(event).encode())
        payload = json.loads(invoked["Payload"].read())
        if "FunctionError" in invoked:
            return f"the version ended with an error: {payload.get('errorType', 'unnamed')}"
        found = problem(payload, golden, published["model_version"])
        if found is not None:
            return found
    return None
