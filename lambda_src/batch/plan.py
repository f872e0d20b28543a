"""The Lambda entry that begins a job: whose output this is, and which ranges are to be answered.

`event`: `inputs`, s3:// addresses of objects or, ending in `/`, of prefixes, all in one bucket;
`output`, an s3:// prefix in the bucket of results; `options`; and `execution`, the ARN of the
execution that asks. What it returns is handed to the other functions.
"""

from __future__ import annotations

import json
import os
import tempfile
import time

from batch.cutting import RANGE_BYTES, items
from batch.errors import InputChanged, Refused, told
from batch.forms import LINES, form_of
from batch.job import JOB, PLAN, refuse_other

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from batch.cutting import Input

    Json = dict[str, Any]

_CHUNK = 1 << 20
_RUNNING = "RUNNING"


def handler(event: Json, _context: object) -> Json:
    """Begins the job, or goes on with it; or says why it is `refused`."""
    import boto3  # part of the runtime; not needed to import this module

    try:
        return begin(event, boto3.client("s3"), boto3.client("stepfunctions"), os.environ)
    except Refused as refusal:
        return told(refusal)


def begin(event: Json, s3: Any, stepfunctions: Any, environ: Mapping[str, str]) -> Json:
    """What the other functions are handed. Raises `Refused`, `InputChanged`."""
    bucket, prefix = _output(event, environ)
    input_bucket, keys = _inputs(event, environ)
    options = {"keep": [], "form": "jsonl", "range_bytes": RANGE_BYTES, **event.get("options", {})}
    options["named"] = len(keys) > 1 or keys[0].endswith("/")
    job: Json = {
        "service": environ["MODEL_NAME"],
        "model_version": environ["MODEL_VERSION"],
        "inputs": event["inputs"],
        "options": options,
        "execution": event["execution"],
    }
    job["started"] = _hold(s3, stepfunctions, bucket, prefix, job)
    if not _exists(s3, bucket, prefix + PLAN):
        write_plan(s3, input_bucket, keys, bucket, prefix + PLAN, options["range_bytes"])
    return {
        **job, "bucket": bucket, "prefix": prefix, "plan": prefix + PLAN,
        "input_bucket": input_bucket, "keys": keys,
    }  # fmt: skip


def _output(event: Json, environ: Mapping[str, str]) -> tuple[str, str]:
    bucket, prefix = address(event["output"])
    results, within = environ["RESULTS_BUCKET"], environ["RESULTS_PREFIX"]
    if bucket != results or not prefix.startswith(within) or prefix == within:
        raise Refused(
            f"{event['output']} is not where results go. Choose OUTPUT=s3://{results}/{within}NAME/"
        )
    return bucket, prefix if prefix.endswith("/") else f"{prefix}/"


def _inputs(event: Json, environ: Mapping[str, str]) -> tuple[str, list[str]]:
    addresses = [address(one) for one in event["inputs"]]
    if not addresses:
        raise Refused("There is no input. Name objects, or prefixes that end in /.")
    bucket, within = environ["INPUT_BUCKET"], environ["INPUT_PREFIX"]
    for name, key in addresses:
        if name != bucket or not key.startswith(within):
            raise Refused(
                f"s3://{name}/{key} may not be read: this service was deployed to read "
                f"s3://{bucket}/{within}. Put the input there, or deploy with another prefix."
            )
        if not key.endswith("/") and form_of(key)[0] == LINES and environ["INPUT_KIND"] != "text":
            raise Refused(f"{key}: plain lines have no fields. Send JSON lines or CSV.")
    return bucket, [key for _, key in addresses]


def address(url: str) -> tuple[str, str]:
    """Bucket and key of an s3:// address. Raises `Refused`."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    if not url.startswith("s3://") or not bucket or not key:
        raise Refused(f"{url} is no address of S3. Write s3://BUCKET/KEY.")
    return bucket, key


def _hold(s3: Any, stepfunctions: Any, bucket: str, prefix: str, job: Json) -> float:
    """Makes the output this execution's. Returns when the job began, in seconds since 1970.

    Raises `Refused` where the output holds another job, or another execution works on it.
    """
    key = prefix + JOB
    job = {**job, "started": time.time()}
    # Twice: what is there may be of an execution that has ended, and then is taken over.
    condition = {"IfNoneMatch": "*"}
    for _ in range(2):
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(job).encode(), **condition)
            return float(job["started"])
        except s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in ("PreconditionFailed", "412"):
                raise
        there = s3.get_object(Bucket=bucket, Key=key)
        holder = json.loads(there["Body"].read())
        refuse_other(job, holder, f"s3://{bucket}/{prefix}")
        if holder["execution"] == job["execution"]:
            return float(holder["started"])
        if _status(stepfunctions, holder["execution"]) == _RUNNING:
            raise Refused(
                f"A job is running into s3://{bucket}/{prefix}: {holder['execution']}. "
                "Wait for it, or choose another OUTPUT."
            )
        job["started"] = holder["started"]
        condition = {"IfMatch": there["ETag"]}
    raise Refused(f"Another job has just begun into s3://{bucket}/{prefix}.")


def _status(stepfunctions: Any, execution: str) -> str:
    try:
        return str(stepfunctions.describe_execution(executionArn=execution)["status"])
    except stepfunctions.exceptions.ExecutionDoesNotExist:
        return "GONE"


def _exists(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
            return False
        raise
    return True


def write_plan(
    s3: Any, input_bucket: str, keys: Sequence[str], bucket: str, target: str, range_bytes: int
) -> None:
    """Writes the plan, item by item, to a file of this function and from there to the bucket.

    Raises `Refused`, `InputChanged`.
    """
    count = 0
    with tempfile.TemporaryFile() as file:
        for item in items(listed(s3, input_bucket, keys), reader(s3, input_bucket), range_bytes):
            file.write(json.dumps(item, separators=(",", ":")).encode() + b"\n")
            count += 1
        if not count:
            raise Refused(f"There is no object under {', '.join(keys)[:200]}: nothing to score.")
        file.seek(0)
        s3.put_object(Bucket=bucket, Key=target, Body=file)


def listed(s3: Any, bucket: str, keys: Sequence[str]) -> Iterator[Input]:
    """(key, ETag, bytes) of every object, in the order of the keys. Raises `Refused`."""
    pages = s3.get_paginator("list_objects_v2")
    for key in keys:
        there = False
        for page in pages.paginate(Bucket=bucket, Prefix=key):
            for entry in page.get("Contents", []):
                # A prefix that is a whole key may begin others.
                if key.endswith("/") != (entry["Key"] == key):
                    there = True
                    yield entry["Key"], entry["ETag"], entry["Size"]
        if not there:
            raise Refused(f"There is nothing at s3://{bucket}/{key}.")


def reader(s3: Any, bucket: str) -> Any:
    """What gives all bytes of an input."""

    def read(key: str, etag: str) -> Iterator[bytes]:
        try:
            body = s3.get_object(Bucket=bucket, Key=key, IfMatch=etag)["Body"]
        except s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in ("PreconditionFailed", "412", "NoSuchKey"):
                raise InputChanged(f"s3://{bucket}/{key} has changed.") from None
            raise
        while chunk := body.read(_CHUNK):
            yield chunk

    return read
