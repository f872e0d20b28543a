"""A bucket is emptied of every version, and nothing new gets in meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from model_publisher.buckets import empty
from model_publisher.objects import PublicationError

ARN = "arn:aws:s3:::logs"
POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "Tls", "Effect": "Deny"}]}


@pytest.fixture
def s3() -> Iterator[tuple[Any, Stubber]]:
    client = boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    with Stubber(client) as stub:
        yield client, stub
        stub.assert_no_pending_responses()


def expect_policy(stub: Stubber, found: dict[str, Any] = POLICY) -> None:
    stub.add_response("get_bucket_policy", {"Policy": json.dumps(found)}, {"Bucket": "logs"})
    stub.add_response("put_bucket_policy", {}, {"Bucket": "logs", "Policy": ANY})


def version(key: str, id_: str) -> dict[str, str]:
    return {"Key": key, "VersionId": id_}


def test_deletes_versions_and_markers_of_every_page(s3: tuple[Any, Stubber]) -> None:
    client, stub = s3
    expect_policy(stub)
    pages = [
        {
            "IsTruncated": True,
            "NextKeyMarker": "a",
            "NextVersionIdMarker": "1",
            "Versions": [version("a", "1")],
            "DeleteMarkers": [version("a", "2")],
        },
        {"IsTruncated": False, "Versions": [version("b", "null")]},
    ]
    gone = [[version("a", "1"), version("a", "2")], [version("b", "null")]]
    for page, objects in zip(pages, gone, strict=True):
        stub.add_response("list_object_versions", page)
        stub.add_response(
            "delete_objects", {}, {"Bucket": "logs", "Delete": {"Objects": objects, "Quiet": True}}
        )
    empty(client, ARN)


def test_writes_are_denied_before_anything_is_listed(s3: tuple[Any, Stubber]) -> None:
    client, stub = s3
    denial = {
        "Sid": "NothingNewWhileEmptying",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"{ARN}/*",
    }
    # As a deletion finds it that is tried a second time.
    expected = {**POLICY, "Statement": [*POLICY["Statement"], denial]}
    stub.add_response("get_bucket_policy", {"Policy": json.dumps(expected)})
    stub.add_response("put_bucket_policy", {}, {"Bucket": "logs", "Policy": json.dumps(expected)})
    stub.add_response("list_object_versions", {"IsTruncated": False})
    empty(client, ARN)


def test_a_bucket_that_is_gone_is_empty(s3: tuple[Any, Stubber]) -> None:
    client, stub = s3
    stub.add_client_error("get_bucket_policy", "NoSuchBucket")
    empty(client, ARN)


def test_a_policy_that_went_first_does_not_keep_the_objects(s3: tuple[Any, Stubber]) -> None:
    client, stub = s3
    stub.add_client_error("get_bucket_policy", "NoSuchBucketPolicy")
    stub.add_response("list_object_versions", {"IsTruncated": False})
    empty(client, ARN)


@pytest.mark.parametrize("operation", ["get_bucket_policy", "list_object_versions"])
def test_a_refusal_is_not_taken_for_empty(s3: tuple[Any, Stubber], operation: str) -> None:
    client, stub = s3
    if operation != "get_bucket_policy":
        expect_policy(stub)
    stub.add_client_error(operation, "AccessDenied")
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        empty(client, ARN)


def test_an_object_that_stays_is_named(s3: tuple[Any, Stubber]) -> None:
    client, stub = s3
    expect_policy(stub)
    stub.add_response(
        "list_object_versions", {"IsTruncated": False, "Versions": [version("a", "1")]}
    )
    stub.add_response("delete_objects", {"Errors": [{"Key": "a", "Code": "AccessDenied"}]})
    with pytest.raises(PublicationError, match="keeps a: S3 says AccessDenied"):
        empty(client, ARN)
