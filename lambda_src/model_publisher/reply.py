"""The answer CloudFormation waits for.

The form is in "Custom resource response objects" of the CloudFormation user guide.
"""

from __future__ import annotations

import json
import urllib.request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# CloudFormation refuses answers above 4,096 bytes.
_LONGEST_REASON = 1000
_SECONDS = 10


def send(event: dict[str, Any], *, reason: str, physical_id: str) -> None:
    """Put the outcome to the event's pre-signed address; an empty reason means success."""
    body = json.dumps(
        {
            "Status": "FAILED" if reason else "SUCCESS",
            "Reason": reason[:_LONGEST_REASON] or "Done.",
            "PhysicalResourceId": physical_id,
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
        }
    ).encode()
    address = event["ResponseURL"]
    if not address.startswith(("https://", "http://")):
        raise ValueError("ResponseURL must be an http or https address")
    # The signature covers an empty content type; urllib would add one of its own.
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        address, data=body, method="PUT", headers={"Content-Type": ""}
    )
    with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310 # nosec B310
        pass
