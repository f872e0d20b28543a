"""The model bucket is private and kept; publishing needs no more than its keys."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from tools.reliability.defects.assembly import Assembly, Resource, as_list, flat, statements

STORE = "ModelStore"
Published = dict[str, PublishedModel]


@pytest.fixture(scope="module")
def stored(published: Published) -> Published:
    """The models that do not travel with their functions."""
    return {
        service.name: published[service.name]
        for service in SERVICES
        if service.model_location == "s3"
    }


def model_bucket(assembly: Assembly) -> Resource:
    return assembly.only(STORE, "AWS::S3::Bucket", "StoreModels")


def publisher_role(assembly: Assembly) -> Resource:
    return assembly.only(STORE, "AWS::IAM::Role", "Publisher")


@pytest.mark.parametrize("bucket", ["StoreModels", "StoreAccessLogs"])
def test_buckets_are_encrypted_private_and_tls_only(dev: Assembly, bucket: str) -> None:
    properties = dev.only(STORE, "AWS::S3::Bucket", bucket)["Properties"]
    [rule] = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert "BucketName" not in properties
    policy = dev.only(STORE, "AWS::S3::BucketPolicy", bucket)["Properties"]["PolicyDocument"]
    denied = [s["Condition"] for s in policy["Statement"] if s["Effect"] == "Deny"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in denied
    assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in denied


def test_models_are_versioned_logged_and_cleaned_up(dev: Assembly) -> None:
    properties = model_bucket(dev)["Properties"]
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "StoreAccessLogs" in flat(properties["LoggingConfiguration"]["DestinationBucketName"])
    [rule] = properties["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert "ExpirationInDays" not in rule, "a current version is what a rollback goes back to"


def test_production_keeps_its_data_and_development_does_not(dev: Assembly, prod: Assembly) -> None:
    for assembly, policy in ((dev, "Delete"), (prod, "Retain")):
        for bucket in assembly.resources(STORE, "AWS::S3::Bucket").values():
            assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == policy


def test_only_a_destroyable_stage_is_emptied(dev: Assembly, prod: Assembly) -> None:
    emptied = dev.only(STORE, "Custom::PublishedModels")["Properties"]["EmptyOnDelete"]
    assert [flat(arn).split("{")[1][:9] for arn in emptied] == ["StoreMode", "StoreAcce"]
    assert prod.only(STORE, "Custom::PublishedModels")["Properties"]["EmptyOnDelete"] == []
    for policy in prod.resources(STORE, "AWS::S3::BucketPolicy").values():
        text = str(policy["Properties"]["PolicyDocument"])
        assert "Delete" not in text
        assert "Publisher" not in text


def test_every_digest_is_pinned(dev: Assembly, stored: Published) -> None:
    properties = dev.only(STORE, "Custom::PublishedModels")["Properties"]
    assert properties["Keys"] == [key for model in stored.values() for key in model.keys]
    assert len(properties["Keys"]) == sum(len(model.artifacts) + 1 for model in stored.values())
    assert "PublicationPublisherFunction" in flat(properties["ServiceToken"])
    assert int(properties["ServiceTimeout"]) < 600


def test_the_publisher_may_put_exactly_its_keys(dev: Assembly, stored: Published) -> None:
    allowed = {
        action: [flat(resource) for resource in as_list(statement["Resource"])]
        for statement in statements(publisher_role(dev))
        for action in as_list(statement["Action"])
    }
    assert set(allowed) == {"s3:PutObject", "logs:CreateLogStream", "logs:PutLogEvents"}
    [bucket_arn] = {resource.partition("/")[0] for resource in allowed["s3:PutObject"]}
    assert bucket_arn.startswith("${StoreModels")
    keys = {key for model in stored.values() for key in model.keys}
    assert set(allowed["s3:PutObject"]) == {f"{bucket_arn}/{key}" for key in keys}


def test_the_publisher_carries_the_models(dev: Assembly, model: PublishedModel) -> None:
    key = dev.only(STORE, "AWS::Lambda::Function", "Publisher")["Properties"]["Code"]["S3Key"]
    asset = dev.folder / f"asset.{Path(key).stem}"
    assert not zipfile.is_zipfile(asset)
    for file in model.artifacts:
        carried = asset / "artifacts" / model.name / file
        assert carried.read_bytes() == (model.folder / file).read_bytes()
    together = b"".join((model.folder / file).read_bytes() for file in sorted(model.artifacts))
    assert (asset / "artifacts" / model.name / "bundle").read_bytes() == together
    digest = hashlib.sha256(together).hexdigest()
    assert f"{model.name}/{digest}/bundle" in model.keys
    assert {entry.name for entry in asset.iterdir()} == {"artifacts", "model_publisher"}


def test_buckets_outlive_what_empties_them(dev: Assembly) -> None:
    policies = dev.resources(STORE, "AWS::S3::BucketPolicy")
    assert set(dev.only(STORE, "Custom::PublishedModels")["DependsOn"]) == set(policies)


def test_the_account_s_logging_role_is_retained(dev: Assembly, prod: Assembly) -> None:
    for assembly in (dev, prod):
        account = assembly.only(STORE, "AWS::ApiGateway::Account")
        role = assembly.only(STORE, "AWS::IAM::Role", "ApiGatewayAccount")
        assert account["DeletionPolicy"] == role["DeletionPolicy"] == "Retain"
        [trust] = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "apigateway.amazonaws.com"}
        [statement] = statements(role)
        # API Gateway refuses a role that lacks any of the managed policy's actions.
        assert {action.removeprefix("logs:") for action in statement["Action"]} == {
            "CreateLogGroup", "CreateLogStream", "DescribeLogGroups", "DescribeLogStreams",
            "FilterLogEvents", "GetLogEvents", "PutLogEvents",
        }  # fmt: skip
        assert flat(statement["Resource"]).startswith("arn:${AWS::Partition}:logs:")
