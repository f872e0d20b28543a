"""What services share: the model bucket and what is published into it, the brake, the dashboard,
and the account's setting."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from .config.model_service import ModelService
from .config.published_model import PublishedModel
from .config.stages import Stage
from .constructs.api_gateway_account import ApiGatewayAccount
from .constructs.dashboard import Dashboard
from .constructs.model_store import ModelStore
from .constructs.saved_queries import SavedQueries
from .packaging.sources import Sources


class ModelStoreStack(cdk.Stack):
    """`models` are in `bucket` when this stack is deployed, so whoever needs them comes after. The
    stage's dashboard shows the services `watched`."""

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
        self.models = ModelStore(
            self, "Default", stage=stage, models=models, sources=sources, batch=batch
        )
        self.bucket = self.models.bucket
        if stage.account_logging:
            # Here because it is stateful and shared: every API's access log waits for it.
            ApiGatewayAccount(self, "ApiGatewayAccount")
        if watched:
            Dashboard(self, "Dashboard", services=watched)
        if stage.saved_queries:
            SavedQueries(self, "Queries", folder=f"{stage.name}-model-services")
        cdk.CfnOutput(self, "ModelBucketName", value=self.bucket.bucket_name)
        # What services import of it, whichever of them are synthesized this time: an export that a
        # deployed stack imports cannot go.
        for bucket in filter(None, (self.bucket, self.models.results)):
            self.export_value(bucket.bucket_arn)
            self.export_value(bucket.bucket_name)
        self.export_value(self.models.brake.topic.topic_arn)
        self.export_value(self.models.brake.role.role_name)
