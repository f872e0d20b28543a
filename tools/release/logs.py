"""A service's log, the last minutes of it or as it is written."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tools.release.failure import ReleaseFailed
from tools.release.places import Place
from tools.release.versions import LiveService

SINCE_MINUTES = 10
_PAUSE_SECONDS = 2.0


def log_group(place: Place, live: LiveService) -> str:
    """The name of the group that the service's function writes to."""
    configuration = place.client("lambda").get_function_configuration(
        FunctionName=live.deployed.function
    )
    group: str = configuration["LoggingConfig"]["LogGroup"]
    return group


def show_logs(
    place: Place, live: LiveService, *, follow: bool, say: Callable[[str], None] = print
) -> None:
    """Print the lines of the last ten minutes; with `follow`, those to come too, until Ctrl-C.

    On AWS the AWS CLI does it, where it is installed. Raises `ReleaseFailed`.
    """
    group = log_group(place, live)
    cli = shutil.which("aws") if place.endpoint is None else None
    if cli is not None:
        options = ["--since", f"{SINCE_MINUTES}m", "--region", str(place.session.region_name)]
        command = [cli, "logs", "tail", group, *options, *(["--follow"] if follow else [])]
        if subprocess.run(command, check=False).returncode not in (0, 130):
            raise ReleaseFailed(f"The AWS CLI could not show the log group {group}.")
        return
    events = place.client("logs")
    start, seen = int((time.time() - SINCE_MINUTES * 60) * 1000), set[str]()
    while True:
        start = _print_new(events, group, start, seen, say)
        if not follow:
            return
        time.sleep(_PAUSE_SECONDS)


def _print_new(
    events: Any, group: str, start: int, seen: set[str], say: Callable[[str], None]
) -> int:
    """Print the events since `start` (milliseconds) that were not seen; where to go on. Raises
    `ReleaseFailed`."""
    try:
        pages = events.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=start
        )
        for event in (event for page in pages for event in page["events"]):
            key = f"{event['timestamp']} {event['logStreamName']} {event['message']}"
            if key not in seen:
                seen.add(key)
                start = max(start, event["timestamp"])
                say(event["message"].rstrip("\n"))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        raise ReleaseFailed(f"There is no log group {group} (yet).") from None
    return start
