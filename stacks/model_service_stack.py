"""The stateless stack of one model service: wiring only."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from .config.alarm_receiver import AlarmReceiver
from .config.model_service import ModelService
from .config.published_model import PublishedModel
from .config.stages import Stage
from .constructs.served_model import ServedModel
from .model_store_stack import ModelStoreStack
from .packaging.sources import Sources


class ModelServiceStack(cdk.Stack):
    """One model, served from the buckets of `store`, whose brake can stop it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        service: ModelService,
        model: PublishedModel,
        store: ModelStoreStack,
        sources: Sources,
        alarms_to: AlarmReceiver,
    ) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=service.stack_name(stage),
            description=f"Serves the model {service.name} over HTTP",
            termination_protection=stage.retain,
        )
        # Of this id the CDK makes no part of a resource's.
        ServedModel(
            self,
            "Default",
            stage=stage,
            service=service,
            model=model,
            store=store.models,
            sources=sources,
            alarms_to=alarms_to,
        )
