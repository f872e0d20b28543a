"""One model as it is served: what answers, what is in front of it, and what watches it."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..config.alarm_receiver import AlarmReceiver
from ..config.budget import requests_an_hour
from ..config.concurrency import reserved_concurrency
from ..config.model_service import FunctionUrl, ModelService, RestRoutes
from ..config.published_model import PublishedModel, Reference
from ..config.release import Steps
from ..config.stages import Stage
from ..lambda_source import DIMENSIONS
from ..packaging.sources import Sources
from .batch_scoring import BatchScoring
from .brake import SpendingAlarm
from .inference_function import InferenceFunction
from .log_metrics import confidence_far_from, shares_far_from
from .model_store import ModelStore
from .monitoring import Monitoring
from .pre_traffic import PreTraffic
from .rest_endpoint import RestEndpoint
from .stepwise_release import GROUP, Application, StepwiseRelease
from .url_endpoint import UrlEndpoint
from .version_alarms import VersionAlarms


class ServedModel(Construct):
    """A function, the endpoint in front of it, alarms on both, and how versions are released; and
    batch jobs, where the entry says so. `store` has the buckets of models and of results, and the
    brake that stops the function where it costs too much."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        service: ModelService,
        model: PublishedModel,
        store: ModelStore,
        sources: Sources,
        alarms_to: AlarmReceiver,
    ) -> None:
        super().__init__(scope, id_)
        self.inference = inference = InferenceFunction(
            self,
            "Inference",
            service=service,
            model=model,
            bucket=store.bucket,
            sources=sources,
            stage=stage,
        )
        slow = cdk.Duration.millis(round(service.timeout * 1000 * stage.slow_share))
        if stage.release is not None:
            _release(
                self,
                stage=stage,
                steps=stage.release,
                service=service,
                model=model,
                inference=inference,
                sources=sources,
                slow=slow,
            )
        self.endpoint = endpoint = _endpoint(self, stage, service, inference.alias)
        self.monitoring = monitoring = Monitoring(
            self,
            "Monitoring",
            function=inference.alias,
            server_errors=endpoint.server_errors,
            latency=endpoint.latency,
            slow=slow,
            remote_faults=service.fetches,
            receiver=alarms_to,
        )
        if stage.metric_math and model.reference is not None:
            _compared(monitoring, model.reference, service)
        SpendingAlarm(
            self,
            "Brake",
            service=service,
            function=inference.function,
            requests=requests_an_hour(service, stage),
            brake=store.brake,
            topic=monitoring.topic,
            stage=stage,
        )
        if service.batch and store.results is not None:
            batch = BatchScoring(
                self,
                "Batch",
                service=service,
                model=model,
                inference=inference,
                results=store.results,
                sources=sources,
                stage=stage,
            )
            batch.alarms(monitoring)
            cdk.CfnOutput(self, "BatchMachine", value=batch.machine.state_machine_arn)
            cdk.CfnOutput(self, "BatchInput", value=batch.access.input_url)
            cdk.CfnOutput(self, "BatchOutput", value=batch.access.output_url)
        cdk.CfnOutput(self, "ServiceName", value=service.name)
        cdk.CfnOutput(self, "EndpointUrl", value=endpoint.url)
        if isinstance(endpoint, RestEndpoint):
            cdk.CfnOutput(self, "ApiId", value=endpoint.api.rest_api_id)
        # What answers after this deployment, and how to put it live again should it not.
        cdk.CfnOutput(self, "ModelVersion", value=model.version)
        function = inference.function
        cdk.CfnOutput(self, "FunctionName", value=function.function_name)
        reserved = reserved_concurrency(service, stage)
        cdk.CfnOutput(self, "ReservedConcurrency", value=str(reserved or "none"))
        cdk.CfnOutput(self, "FunctionVersion", value=function.current_version.version)


def _compared(monitoring: Monitoring, reference: Reference, service: ModelService) -> None:
    """The alarms on answers unlike those that the model gave when it was measured."""
    own = {DIMENSIONS[0]: service.name}
    look = "look at what callers send, and at make drift."
    if reference.shares:
        monitoring.alarm(
            "Shares",
            shares_far_from(reference, own),
            threshold=1,
            periods=3,
            meaning="For a quarter of an hour the answers have had other shares of classes than "
            f"when the model was measured: {look}",
        )
    confidence = confidence_far_from(reference, own)
    if confidence is not None:
        monitoring.alarm(
            "Confidence",
            confidence,
            threshold=1,
            periods=3,
            meaning="For a quarter of an hour the model has been more or less sure of its answers "
            f"than when it was measured: {look}",
        )


def _release(
    scope: Construct,
    *,
    stage: Stage,
    steps: Steps,
    service: ModelService,
    model: PublishedModel,
    inference: InferenceFunction,
    sources: Sources,
    slow: cdk.Duration,
) -> None:
    """The hook before traffic and, where there is CodeDeploy, what it shifts the requests by."""
    known = Application(scope, "Release") if stage.code_deploy else None
    hook = PreTraffic(
        scope,
        "PreTraffic",
        service=service,
        model=model,
        version=inference.function.current_version,
        group_arn=None if known is None else known.group_arn,
        sources=sources,
        stage=stage,
    )
    cdk.CfnOutput(scope, "PreTrafficHook", value=hook.function.function_name)
    if known is None:
        return
    watched = VersionAlarms(
        scope,
        "VersionAlarms",
        service=service,
        alias=inference.alias,
        reference=model.reference,
        slow=slow,
    )
    StepwiseRelease(
        scope,
        "Stepwise",
        application=known.application,
        alias=inference.alias,
        hook=hook.function,
        alarms=watched.alarms,
        steps=steps,
    )
    cdk.CfnOutput(scope, "ReleaseApplication", value=known.application.application_name)
    cdk.CfnOutput(scope, "ReleaseGroup", value=GROUP)


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
