"""Puts verified models into the model bucket as part of the deployment."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..config.published_model import PublishedModel
from ..config.stages import Stage
from ..packaging.code_asset import source_files
from ..packaging.sources import Sources
from .logged_function import LoggedFunction, helper_code, helper_settings

_TIMEOUT = cdk.Duration.minutes(2)


class ModelPublication(Construct):
    """A custom resource whose function carries the models in its own zip.

    So nobody needs to read the bootstrap bucket, and the digests in the resource's properties
    say which bytes belong in the model bucket. `empties` are the buckets to empty when the
    resource is deleted; the permission comes from their policies, our role stays free of it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket: s3.Bucket,
        models: Sequence[PublishedModel],
        sources: Sources,
        empties: Sequence[s3.Bucket],
        stage: Stage,
    ) -> None:
        super().__init__(scope, id_)
        files = source_files(sources.lambda_source, ["model_publisher"])
        for model in models:
            for file in model.artifacts:
                files[f"artifacts/{model.name}/{file}"] = model.folder / file
        keys = [key for model in models for key in model.keys]
        publisher = LoggedFunction(
            self,
            "Publisher",
            description="Puts the models of a deployment into the model bucket",
            code=helper_code(self, sources, files, "model_publisher.handler.handler"),
            settings=helper_settings(stage, _TIMEOUT),
            statements=[
                iam.PolicyStatement(
                    actions=["s3:PutObject"],
                    resources=[bucket.arn_for_objects(key) for key in keys],
                )
            ]
            # Where every model travels with its function there is nothing to put.
            if keys
            else [],
        )
        self.resource = cdk.CustomResource(
            self,
            "Published",
            resource_type="Custom::PublishedModels",
            service_token=publisher.function.function_arn,
            # A function that dies without an answer should cost minutes, not the default hour.
            service_timeout=cdk.Duration.seconds(_TIMEOUT.to_seconds() + 60),
            properties={
                "Bucket": bucket.bucket_name,
                "Keys": keys,
                "EmptyOnDelete": [emptied.bucket_arn for emptied in empties],
            },
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        for emptied in empties:
            _let_empty(emptied, publisher.role)
        # Deletion goes the other way round: empty, then delete the policies and the buckets.
        for guarded in (bucket, *empties):
            if guarded.policy is not None:
                self.resource.node.add_dependency(guarded.policy)


def _let_empty(bucket: s3.Bucket, role: iam.IRole) -> None:
    for actions, resource in (
        (["s3:ListBucketVersions", "s3:GetBucketPolicy", "s3:PutBucketPolicy"], bucket.bucket_arn),
        (["s3:DeleteObject", "s3:DeleteObjectVersion"], bucket.arn_for_objects("*")),
    ):
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ArnPrincipal(role.role_arn)],
                actions=actions,
                resources=[resource],
            )
        )
