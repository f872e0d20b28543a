"""The one shape every function of ours has: own role, own log group, JSON logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from ..config.stages import Stage
from ..packaging.code_asset import Content, stage_files
from ..packaging.sources import Sources
from .retention import log_retention

# The newest runtime of Lambda; the handlers are written for 3.11 and later.
RUNTIME = lambda_.Runtime.PYTHON_3_14
HELPER = "helper"


@dataclass(frozen=True, kw_only=True)
class FunctionCode:
    """A zip with its `handler` and `layers`, or a container image (`handler` None), which brings
    its own Python and names its own handler."""

    code: lambda_.Code
    handler: str | None
    architecture: lambda_.Architecture = lambda_.Architecture.ARM_64
    layers: Sequence[lambda_.ILayerVersion] = ()


@dataclass(frozen=True, kw_only=True)
class FunctionSettings:
    """`memory` is MB, `environment` the function's variables. `reserved_concurrency` is how many
    executions it keeps for itself, and may have at most; None shares those of the account. `helper`
    tags a function that answers no caller: our rules ask all others for a pinned model."""

    memory: int
    timeout: cdk.Duration
    environment: Mapping[str, str] = field(default_factory=dict)
    reserved_concurrency: int | None = None
    log_level: str = "INFO"
    log_retention: logs.RetentionDays
    removal_policy: cdk.RemovalPolicy
    helper: bool = False


def helper_code(
    scope: Construct, sources: Sources, files: Mapping[str, Content], handler: str
) -> FunctionCode:
    """The zip of a helper of `scope`, of these files and no layers."""
    folder = stage_files(sources.staging / scope.node.addr, files)
    return FunctionCode(code=lambda_.Code.from_asset(folder), handler=handler)


def helper_settings(
    stage: Stage, timeout: cdk.Duration, environment: Mapping[str, str] | None = None
) -> FunctionSettings:
    """Those of a function that answers no caller: little memory, and nothing to keep of it."""
    return FunctionSettings(
        memory=256,
        timeout=timeout,
        environment=environment or {},
        log_retention=log_retention(stage),
        removal_policy=cdk.RemovalPolicy.DESTROY,
        helper=True,
    )


class LoggedFunction(Construct):
    """A Python function that may write to its log group and do what `statements` allow.

    The permissions lie inside the role instead of in a policy next to it: whoever has the role
    has its permissions, also while CloudFormation is half-way through an update.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        description: str,
        code: FunctionCode,
        settings: FunctionSettings,
        statements: Sequence[iam.PolicyStatement],
        role_id: str = "Role",
        role_path: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            retention=settings.log_retention,
            removal_policy=settings.removal_policy,
        )
        write_logs = iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[self.log_group.log_group_arn],
        )
        self.role = iam.Role(
            self,
            role_id,
            path=role_path,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=description,
            inline_policies={
                "Permissions": iam.PolicyDocument(statements=[write_logs, *statements])
            },
        )
        self.role.apply_removal_policy(settings.removal_policy)
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            runtime=lambda_.Runtime.FROM_IMAGE if code.handler is None else RUNTIME,
            architecture=code.architecture,
            code=code.code,
            handler=code.handler or lambda_.Handler.FROM_IMAGE,
            memory_size=settings.memory,
            timeout=settings.timeout,
            layers=list(code.layers) or None,
            reserved_concurrent_executions=settings.reserved_concurrency,
            environment=dict(settings.environment),
            # By its ARN: given the role itself, the CDK writes a second, redundant dependency.
            role=iam.Role.from_role_arn(self, "Given", self.role.role_arn, mutable=False),
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=lambda_.ApplicationLogLevel(settings.log_level),
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            current_version_options=lambda_.VersionOptions(removal_policy=cdk.RemovalPolicy.RETAIN),
        )
        if settings.helper:
            cdk.Tags.of(self.function).add(HELPER, "yes")
