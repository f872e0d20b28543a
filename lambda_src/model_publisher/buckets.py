"""Empties a bucket that is about to be deleted."""

from __future__ import annotations

import json

from model_publisher.objects import PublicationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def empty(s3: Any, arn: str) -> None:
    """Delete every version and delete marker of the bucket; one that is already gone is empty.

    New objects are forbidden first: access logs arrive hours late and would keep the bucket from
    being deleted. Raises `PublicationError` for an object that would not go.
    """
    bucket = arn.rpartition(":")[2]
    try:
        _forbid_writes(s3, bucket, arn)
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            _delete(s3, bucket, [*page.get("Versions", []), *page.get("DeleteMarkers", [])])
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


def _forbid_writes(s3: Any, bucket: str, arn: str) -> None:
    try:
        policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
            raise
        return  # the policy went first, and with it everybody else's right to write
    sid = "NothingNewWhileEmptying"
    # A deletion that failed half-way is tried again and finds the denial of the first time.
    kept = [statement for statement in policy["Statement"] if statement.get("Sid") != sid]
    denial = {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"{arn}/*",
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({**policy, "Statement": [*kept, denial]}))


def _delete(s3: Any, bucket: str, versions: list[dict[str, Any]]) -> None:
    objects = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
    if not objects:
        return
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    for error in answer.get("Errors", []):
        raise PublicationError(
            f"The bucket {bucket} keeps {error.get('Key')}: S3 says {error.get('Code')}."
        )
