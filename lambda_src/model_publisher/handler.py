"""Answers CloudFormation: puts the models in this zip into the bucket, or empties buckets.

The keys in the resource's properties end in `<service>/<sha256>/<file>`. Each file is checked
against the digest in its key before it is sent, and S3 checks the same digest when it arrives.
What earlier deployments published stays, so that a rollback finds it.
"""

from __future__ import annotations

import json
import sys
import traceback

from model_publisher.buckets import empty
from model_publisher.objects import PublicationError, publish
from model_publisher.reply import send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# It never changes: an update must not make CloudFormation delete "the old resource" afterwards.
PHYSICAL_ID = "published-models"


def handler(event: dict[str, Any], context: Any) -> None:
    """Handle one Create, Update or Delete and report the outcome to the pre-signed address.

    Nothing is raised for a failure: Lambda would run the function again, and CloudFormation would
    wait for an answer that never comes.
    """
    reason = ""
    request = event.get("RequestType")
    try:
        _apply(event["RequestType"], event["ResourceProperties"])
    except PublicationError as error:
        reason = str(error)
    except Exception as error:  # whatever it is, CloudFormation has to hear of it
        code = getattr(error, "response", {}).get("Error", {}).get("Code")
        reason = f"{request} failed with {code or type(error).__name__}; see the function's log."
        traceback.print_exc()
    entry = {
        "level": "ERROR" if reason else "INFO",
        "requestId": getattr(context, "aws_request_id", None),
        "message": reason or f"{request} done",
    }
    sys.stdout.write(json.dumps(entry) + "\n")
    send(event, reason=reason, physical_id=PHYSICAL_ID)


def _apply(request: str, properties: dict[str, Any]) -> None:
    import boto3  # part of the runtime; not needed to import this module

    s3 = boto3.client("s3")
    if request == "Delete":
        for arn in properties["EmptyOnDelete"]:
            empty(s3, arn)
    else:
        publish(s3, properties["Bucket"], properties["Keys"])
