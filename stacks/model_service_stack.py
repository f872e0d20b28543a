"""The stateless stack of one model service: wiring only."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.constructs.inference_function import InferenceFunction
from stacks.constructs.monitoring import Monitoring
from stacks.constructs.rest_endpoint import RestEndpoint
from stacks.published_model import PublishedModel
from stacks.retention import log_retention, removal_policy
from stacks.services import ModelService
from stacks.stages import Stage


class ModelServiceStack(cdk.Stack):
    """A function, the API in front of it, and the alarms on both."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        service: ModelService,
        model: PublishedModel,
        bucket: s3.IBucket,
        lambda_source: Path,
        staging: Path,
        alarm_email: str | None,
    ) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=f"{stage.name}-{service.slug}",
            description=f"Serves the model {service.name} over HTTP",
            termination_protection=stage.retain,
        )
        inference = InferenceFunction(
            self,
            "Inference",
            service=service,
            model=model,
            bucket=bucket,
            lambda_source=lambda_source,
            staging=staging,
            cors_origin=stage.cors_origin,
            log_retention=log_retention(stage),
            log_level=stage.log_level,
            removal_policy=removal_policy(stage),
        )
        endpoint = RestEndpoint(
            self,
            "Endpoint",
            name=f"{stage.name}-{service.slug}",
            routes=service.routes,
            target=inference.alias,
            auth=stage.auth,
            rate=stage.rate,
            burst=stage.burst,
            cors_origin=stage.cors_origin,
            log_retention=log_retention(stage),
            removal_policy=removal_policy(stage),
        )
        Monitoring(
            self,
            "Monitoring",
            function=inference.alias,
            api=endpoint.api,
            slow=cdk.Duration.millis(round(service.timeout * 1000 * stage.slow_share)),
            email=alarm_email,
        )
        cdk.CfnOutput(self, "ServiceName", value=service.name)
        cdk.CfnOutput(self, "EndpointUrl", value=endpoint.url)
        cdk.CfnOutput(self, "ApiId", value=endpoint.api.rest_api_id)
