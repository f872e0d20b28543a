"""What services share: the model bucket and what is published into it, the brake, the dashboard,
and the account's setting."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.config.model_service import ModelService
from stacks.config.published_model import PublishedModel
from stacks.config.stages import Stage
from stacks.constructs.api_gateway_account import ApiGatewayAccount
from stacks.constructs.brake import Brake
from stacks.constructs.dashboard import Dashboard
from stacks.constructs.model_bucket import ModelBucket
from stacks.constructs.model_publication import ModelPublication
from stacks.constructs.results_bucket import ResultsBucket
from stacks.constructs.retention import removal_policy
from stacks.constructs.saved_queries import SavedQueries
from stacks.packaging.sources import Sources


class ModelStoreStack(cdk.Stack):
    """`bucket` holds the models when this stack is deployed, so whoever needs them comes after.
    `results` is the bucket of batch jobs, where any service has them; `brake` stops services that
    cost too much. The stage's dashboard shows the services `watched`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        models: Sequence[PublishedModel],
        sources: Sources,
        watched: Sequence[tuple[ModelService, PublishedModel]] = (),
        batch: bool = False,
    ) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=f"{stage.name}-model-store",
            description="Trained models, published under the digests of their files",
            termination_protection=stage.retain,
        )
        store = ModelBucket(
            self,
            "Store",
            removal_policy=removal_policy(stage),
            log_retention=cdk.Duration.days(stage.log_retention_days),
            noncurrent_retention=cdk.Duration.days(stage.noncurrent_days),
        )
        self.bucket = store.bucket
        buckets = [store.bucket, store.log_bucket]
        self.results: s3.IBucket | None = None
        if batch:
            results = ResultsBucket(self, "Batch", stage=stage, log_bucket=store.log_bucket)
            self.results = results.bucket
            buckets.append(results.bucket)
        ModelPublication(
            self,
            "Publication",
            bucket=store.bucket,
            models=models,
            sources=sources,
            empties=[] if stage.retain else buckets,
            stage=stage,
        )
        if stage.account_logging:
            # Here because it is stateful and shared: every API's access log waits for it.
            ApiGatewayAccount(self, "ApiGatewayAccount")
        self.brake = Brake(self, "Brake", sources=sources, stage=stage)
        if watched:
            Dashboard(self, "Dashboard", services=watched)
        if stage.saved_queries:
            SavedQueries(self, "Queries", folder=f"{stage.name}-model-services")
        cdk.CfnOutput(self, "ModelBucketName", value=self.bucket.bucket_name)
        # What services import of it, whichever of them are synthesized this time: an export that a
        # deployed stack imports cannot go.
        for bucket in filter(None, (self.bucket, self.results)):
            self.export_value(bucket.bucket_arn)
            self.export_value(bucket.bucket_name)
        self.export_value(self.brake.topic.topic_arn)
        self.export_value(self.brake.role.role_name)
