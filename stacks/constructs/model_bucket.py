"""The private, versioned bucket that functions fetch their models from, and its access logs."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct


class ModelBucket(Construct):
    """`bucket` holds the models, `log_bucket` who read them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        removal_policy: cdk.RemovalPolicy,
        log_retention: cdk.Duration,
        noncurrent_retention: cdk.Duration,
    ) -> None:
        super().__init__(scope, id_)
        incomplete = cdk.Duration.days(1)
        self.log_bucket = _private_bucket(
            self,
            "AccessLogs",
            removal_policy=removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=log_retention, abort_incomplete_multipart_upload_after=incomplete
                )
            ],
        )
        self.bucket = _private_bucket(
            self,
            "Models",
            removal_policy=removal_policy,
            versioned=True,
            server_access_logs_bucket=self.log_bucket,
            server_access_logs_prefix="models/",
            # Only old versions go. A superseded model has keys of its own, so its objects are
            # current versions and stay for a rollback.
            lifecycle_rules=[
                s3.LifecycleRule(
                    noncurrent_version_expiration=noncurrent_retention,
                    expired_object_delete_marker=True,
                    abort_incomplete_multipart_upload_after=incomplete,
                )
            ],
        )


def _private_bucket(
    scope: Construct,
    id_: str,
    *,
    removal_policy: cdk.RemovalPolicy,
    lifecycle_rules: list[s3.LifecycleRule],
    versioned: bool = False,
    server_access_logs_bucket: s3.IBucket | None = None,
    server_access_logs_prefix: str | None = None,
) -> s3.Bucket:
    return s3.Bucket(
        scope,
        id_,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        removal_policy=removal_policy,
        versioned=versioned,
        server_access_logs_bucket=server_access_logs_bucket,
        server_access_logs_prefix=server_access_logs_prefix,
        lifecycle_rules=lifecycle_rules,
    )
