"""The function that serves one model: verified files, one alias for callers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.config.model_service import ModelService
from stacks.config.published_model import PublishedModel
from stacks.config.stages import Egress
from stacks.constructs.dependency_layers import DependencyLayers
from stacks.constructs.function_code import ARCHITECTURES, image_code, zip_code
from stacks.constructs.logged_function import LoggedFunction
from stacks.packaging.code_asset import zipped_size
from stacks.packaging.function_files import function_environment, function_files
from stacks.packaging.layers.built import BuiltLayers
from stacks.packaging.layers.size_gate import (
    ZIPPED_LIMIT,
    check_unzipped,
    check_zipped,
    sizes_by_part,
    together,
)


class InferenceFunction(Construct):
    """`alias` is what callers get; a new model, code or setting is a new version behind it.

    `layers` hold what the runtime needs beyond Python; None where it needs nothing, or an image
    brings it. `python` is an interpreter of the runtime's version, to compile a zip's code with;
    None ships it as sources. `reserved_concurrency` is how many executions it keeps for itself,
    and may have at most; None shares those of the account.

    The role belongs to one version of the model: it may read that model's keys and no others.
    Were it shared, deploying a model would take the right to read the old one from versions
    that still answer, and a rollback would find nothing it may read.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: ModelService,
        model: PublishedModel,
        bucket: s3.IBucket,
        layers: BuiltLayers | None,
        python: Path | None,
        lambda_source: Path,
        staging: Path,
        egress: Egress,
        reserved_concurrency: int | None,
        cors_origin: str | None,
        log_retention: logs.RetentionDays,
        log_level: str,
        removal_policy: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        files = function_files(service, model, lambda_source)
        environment = function_environment(service, model, egress)
        statements = []
        if service.model_location == "s3":
            environment["MODEL_BUCKET"] = bucket.bucket_name
            statements.append(
                iam.PolicyStatement(
                    actions=["s3:GetObject"],
                    resources=[bucket.arn_for_objects(key) for key in model.keys],
                )
            )
        if cors_origin is not None:
            environment["CORS_ALLOW_ORIGIN"] = cors_origin
        architecture = ARCHITECTURES[service.architecture]
        folder = staging / self.node.addr
        dependencies: list[lambda_.LayerVersion] = []
        code: lambda_.Code
        if service.package == "image":
            code = image_code(folder, service, files)
        else:
            check_size(service.name, files, layers)
            code = zip_code(folder, service, files, python)
            if layers is not None:
                dependencies = DependencyLayers(
                    self, "Layers", built=layers, architecture=architecture
                ).versions
        logged = LoggedFunction(
            self,
            "Inference",
            description=f"Answers for the model {model.name}",
            code=code,
            handler=None if service.package == "image" else service.handler,
            architecture=architecture,
            memory=service.memory,
            timeout=cdk.Duration.seconds(service.timeout),
            environment=environment,
            statements=statements,
            layers=dependencies,
            reserved_concurrency=reserved_concurrency,
            log_retention=log_retention,
            log_level=log_level,
            role_id=f"Role{model.version}",
            removal_policy=removal_policy,
        )
        self.function = logged.function
        self.alias = lambda_.Alias(
            self, "Live", alias_name="live", version=logged.function.current_version
        )


def check_size(name: str, files: Mapping[str, Path], layers: BuiltLayers | None) -> None:
    """Raise `TooLarge` where AWS would refuse a function of these files and layers."""
    code = sizes_by_part((path, file.stat().st_size) for path, file in files.items())
    # Nothing doubles in a zip, so most functions need not be zipped to be found small enough.
    if sum(code.values()) > ZIPPED_LIMIT // 2:
        check_zipped(f"the function {name}", zipped_size(files), code)
    check_unzipped(
        f"The function {name}",
        together(code, {} if layers is None else layers.parts),
        layers=0 if layers is None else len(layers.layers),
    )
