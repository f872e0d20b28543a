"""The private, versioned bucket that batch jobs read uploaded rows from and write results to."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..config.stages import Stage
from .private_bucket import private_bucket
from .retention import removal_policy

UPLOADS, JOBS = "uploads/", "jobs/"
"""Prefixes of rows that were uploaded to be scored, and of results; each service has its own
within."""


class ResultsBucket(Construct):
    """`bucket`, one for the jobs of all services."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, log_bucket: s3.IBucket) -> None:
        super().__init__(scope, id_)
        incomplete = cdk.Duration.days(1)
        noncurrent = cdk.Duration.days(stage.noncurrent_days)
        self.bucket = private_bucket(
            self,
            "Results",
            removal_policy=removal_policy(stage),
            versioned=True,
            server_access_logs_bucket=log_bucket,
            server_access_logs_prefix="batch/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    noncurrent_version_expiration=noncurrent,
                    expired_object_delete_marker=True,
                    abort_incomplete_multipart_upload_after=incomplete,
                ),
                # What was uploaded is somebody's file still; results are kept by who wants them.
                s3.LifecycleRule(
                    prefix=UPLOADS, expiration=cdk.Duration.days(stage.noncurrent_days)
                ),
            ],
        )
