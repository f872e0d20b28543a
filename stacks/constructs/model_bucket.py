"""The private, versioned bucket that functions fetch their models from, and its access logs."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .private_bucket import private_bucket


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
        self.log_bucket = private_bucket(
            self,
            "AccessLogs",
            removal_policy=removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=log_retention, abort_incomplete_multipart_upload_after=incomplete
                )
            ],
        )
        self.bucket = private_bucket(
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
