"""The function that serves one model: verified files, one alias for callers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..config.concurrency import reserved_concurrency
from ..config.model_service import FunctionUrl, ModelService
from ..config.published_model import PublishedModel
from ..config.stages import Stage
from ..packaging.code_asset import Content, zipped_size
from ..packaging.function_files import function_environment, function_files
from ..packaging.layers.built import BuiltLayers
from ..packaging.layers.size_gate import (
    ZIPPED_LIMIT,
    check_unzipped,
    check_zipped,
    sizes_by_part,
    together,
)
from ..packaging.sources import Sources
from .dependency_layers import DependencyLayers
from .function_code import ARCHITECTURES, image_code, zip_code
from .logged_function import FunctionCode, FunctionSettings, LoggedFunction
from .retention import log_retention, removal_policy


@dataclass(frozen=True)
class ModelAccess:
    """What lets a function read its model: variables, and statements of its role."""

    environment: dict[str, str]
    statements: list[iam.PolicyStatement]


def model_access(service: ModelService, model: PublishedModel, bucket: s3.IBucket) -> ModelAccess:
    """Of a model in the model bucket its keys and no others; of one in the package nothing."""
    if service.model_location != "s3":
        return ModelAccess({}, [])
    reads = iam.PolicyStatement(
        actions=["s3:GetObject"], resources=[bucket.arn_for_objects(key) for key in model.keys]
    )
    return ModelAccess({"MODEL_BUCKET": bucket.bucket_name}, [reads])


class InferenceFunction(Construct):
    """`alias` is what callers get; a new model, code or setting is a new version behind it.

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
        sources: Sources,
        stage: Stage,
    ) -> None:
        super().__init__(scope, id_)
        files = function_files(service, model, sources.lambda_source)
        environment = function_environment(service, model, stage.egress)
        self.model_access = model_access(service, model, bucket)
        environment |= self.model_access.environment
        # A Function URL adds the CORS headers itself.
        if stage.cors_origin is not None and not isinstance(service.endpoint, FunctionUrl):
            environment["CORS_ALLOW_ORIGIN"] = stage.cors_origin
        code = _code(self, service, files, sources, frame=model.frame)
        self.layers = code.layers
        logged = LoggedFunction(
            self,
            "Inference",
            description=f"Answers for the model {model.name}",
            code=code,
            settings=FunctionSettings(
                memory=service.memory,
                timeout=cdk.Duration.seconds(service.timeout),
                environment=environment,
                reserved_concurrency=reserved_concurrency(service, stage),
                log_level=stage.log_level,
                log_retention=log_retention(stage),
                removal_policy=removal_policy(stage),
            ),
            statements=self.model_access.statements,
            role_id=f"Role{model.version}",
            role_path=service.role_path(stage),
        )
        # In every stage the role stays with the versions that run as it, which stay, too.
        logged.role.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        self.function = logged.function
        self.alias = lambda_.Alias(
            self, "Live", alias_name="live", version=logged.function.current_version
        )


def _code(
    scope: Construct,
    service: ModelService,
    files: Mapping[str, Content],
    sources: Sources,
    *,
    frame: bool,
) -> FunctionCode:
    """The files as the service is packaged. Raises `TooLarge` where AWS would refuse them."""
    architecture = ARCHITECTURES[service.architecture]
    folder = sources.staging / scope.node.addr
    if service.package == "image":
        code: lambda_.Code = image_code(folder, service, files, frame=frame)
        return FunctionCode(code=code, handler=None, architecture=architecture)
    layers = sources.layers
    check_size(service.name, files, layers)
    code = zip_code(folder, service, files, sources.python)
    versions: list[lambda_.LayerVersion] = []
    if layers is not None:
        versions = DependencyLayers(
            scope, "Layers", built=layers, architecture=architecture
        ).versions
    return FunctionCode(
        code=code, handler=service.handler, architecture=architecture, layers=versions
    )


def check_size(name: str, files: Mapping[str, Content], layers: BuiltLayers | None) -> None:
    """Raise `TooLarge` where AWS would refuse a function of these files and layers."""
    code = sizes_by_part(
        (path, len(file) if isinstance(file, bytes) else file.stat().st_size)
        for path, file in files.items()
    )
    # Nothing doubles in a zip, so most functions need not be zipped to be found small enough.
    if sum(code.values()) > ZIPPED_LIMIT // 2:
        check_zipped(f"the function {name}", zipped_size(files), code)
    check_unzipped(
        f"The function {name}",
        together(code, {} if layers is None else layers.parts),
        layers=0 if layers is None else len(layers.layers),
    )
