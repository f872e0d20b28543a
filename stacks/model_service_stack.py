"""The stateless stack of one model service: wiring only."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.config.model_service import FunctionUrl, ModelService, RestRoutes
from stacks.config.published_model import PublishedModel
from stacks.config.stages import Stage
from stacks.constructs.batch_scoring import BatchScoring
from stacks.constructs.inference_function import InferenceFunction
from stacks.constructs.monitoring import Monitoring
from stacks.constructs.rest_endpoint import RestEndpoint
from stacks.constructs.url_endpoint import UrlEndpoint
from stacks.packaging.sources import Sources


class ModelServiceStack(cdk.Stack):
    """A function, the endpoint in front of it, and the alarms on both; and batch jobs, where the
    entry says so, whose results go to the bucket `results`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        service: ModelService,
        model: PublishedModel,
        bucket: s3.IBucket,
        sources: Sources,
        alarm_email: str | None,
        results: s3.IBucket | None = None,
    ) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=service.stack_name(stage),
            description=f"Serves the model {service.name} over HTTP",
            termination_protection=stage.retain,
        )
        inference = InferenceFunction(
            self,
            "Inference",
            service=service,
            model=model,
            bucket=bucket,
            sources=sources,
            stage=stage,
        )
        endpoint = _endpoint(self, stage, service, inference.alias)
        monitoring = Monitoring(
            self,
            "Monitoring",
            function=inference.alias,
            server_errors=endpoint.server_errors,
            latency=endpoint.latency,
            slow=cdk.Duration.millis(round(service.timeout * 1000 * stage.slow_share)),
            remote_faults=service.fetches,
            email=alarm_email,
        )
        if service.batch and results is not None:
            batch = BatchScoring(
                self,
                "Batch",
                service=service,
                model=model,
                inference=inference,
                results=results,
                sources=sources,
                stage=stage,
            )
            batch.alarms(monitoring)
            cdk.CfnOutput(self, "BatchMachine", value=batch.machine.state_machine_arn)
            cdk.CfnOutput(self, "BatchInput", value=batch.access.input_url)
            cdk.CfnOutput(self, "BatchOutput", value=batch.access.output_url)
        cdk.CfnOutput(self, "ServiceName", value=service.name)
        cdk.CfnOutput(self, "EndpointUrl", value=endpoint.url)
        # What answers after this deployment, and how to put it live again should it not.
        cdk.CfnOutput(self, "ModelVersion", value=model.version)
        function = inference.function
        cdk.CfnOutput(self, "FunctionName", value=function.function_name)
        cdk.CfnOutput(self, "FunctionVersion", value=function.current_version.version)


def _endpoint(
    scope: Construct, stage: Stage, service: ModelService, target: lambda_.Alias
) -> RestEndpoint | UrlEndpoint:
    """The kind of endpoint that the service declares."""
    match service.endpoint:
        case FunctionUrl() as declared:
            return UrlEndpoint(
                scope,
                "Endpoint",
                target=target,
                open_to_all=service.is_open(stage),
                methods=declared.routes[0].methods,
                cors_origin=stage.cors_origin,
            )
        case RestRoutes():
            return RestEndpoint(
                scope,
                "Endpoint",
                name=f"{stage.name}-{service.slug}",
                routes=service.routes,
                target=target,
                stage=stage,
            )
