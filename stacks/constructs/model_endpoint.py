"""A published model behind an HTTP API of its own, in a stack of any CDK app."""

from __future__ import annotations

import atexit
import tempfile
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..config.alarm_receiver import AlarmReceiver
from ..config.endpoint_service import ServiceOptions
from ..config.model_service import FunctionUrl
from ..config.stages import STAGES, Stage
from ..lambda_source import LAMBDA_SOURCE
from ..packaging.byte_code.packaging import interpreter_of
from ..packaging.checked_model import RefusedModel, checked_model
from ..packaging.layers.built import layers_for
from ..packaging.layers.target import target_named
from ..packaging.sources import Sources
from .api_gateway_account import ApiGatewayAccount
from .model_store import ModelStore
from .rest_endpoint import RestEndpoint
from .served_model import ServedModel

# Without it the CDK lets a bucket's access log in by an ACL, which buckets of ours do not have.
FLAGS = ("@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy",)
_ACCOUNT = "ApiGatewayAccount"
APP = replace(STAGES["dev"], name="app", cors_origin=None)
"""What a stage says where nobody says it: `dev`, without other origins' browsers."""


class ModelEndpoint(Construct):
    """`url` answers for the model: a function, its bucket, what is in front of it, alarms, and what
    stops it where callers cost more than the stage may spend.

    `model` is a published model folder, as `make add` leaves it in model_training/NAME/trained.
    `route` is the path of a REST API that predicts, or a `FunctionUrl`. `service` and `stage` group
    what can be said beyond. The model is published into `bucket`, where one is given, else
    into one of its own. `alarm_email` is told of alarms.

    `function`, `alias`, `bucket`, `topic` (of alarms) and `served` are what was made. Raises
    `RefusedModel` or, where layers are to be built first, `LayerError`, one sentence each.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        model: str | Path,
        route: str | FunctionUrl = "/predict",
        service: ServiceOptions | None = None,
        stage: Stage = APP,
        bucket: s3.Bucket | None = None,
        alarm_email: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        _require_flags(self)
        # Assets are copied from here while the constructs are made.
        staging = tempfile.TemporaryDirectory(prefix="model-endpoint-")
        atexit.register(staging.cleanup)
        folder = Path(staging.name)
        entry, published = checked_model(Path(model), route, service or ServiceOptions(), folder)
        layers = layers_for(entry, published, stage)
        python = interpreter_of(f"python{target_named(stage.layer_target).python}")
        sources = Sources(
            lambda_source=LAMBDA_SOURCE, staging=folder / "assets", python=python, layers=layers
        )
        store = ModelStore(
            self,
            "Store",
            stage=stage,
            models=[published],
            sources=sources,
            batch=entry.batch,
            bucket=bucket,
        )
        self.served = ServedModel(
            self,
            "Served",
            stage=stage,
            service=entry,
            model=published,
            store=store,
            sources=sources,
            alarms_to=AlarmReceiver(email=alarm_email),
        )
        self.served.inference.node.add_dependency(store.publication.resource)
        if isinstance(self.served.endpoint, RestEndpoint) and stage.account_logging:
            self.served.endpoint.node.add_dependency(_logging_account(cdk.Stack.of(self)))
        self.bucket = store.bucket
        self.function = self.served.inference.function
        self.alias = self.served.inference.alias
        self.topic = self.served.monitoring.topic
        self.url = self.served.endpoint.url


def _require_flags(scope: Construct) -> None:
    flags = cdk.FeatureFlags.of(scope)
    missing = [flag for flag in FLAGS if not flags.is_enabled(flag)]
    if missing:
        listed = ", ".join(f'"{flag}": true' for flag in missing)
        raise RefusedModel(
            "ModelEndpoint needs a feature flag of the CDK that new apps have: add to the context "
            f"in cdk.json {listed}."
        )


def _logging_account(stack: cdk.Stack) -> Construct:
    """The account's setting, once in a stack."""
    there = stack.node.try_find_child(_ACCOUNT)
    return there if isinstance(there, Construct) else ApiGatewayAccount(stack, _ACCOUNT)
