"""The function that asks a new version for golden answers before any caller meets it."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..config.model_service import ModelService
from ..config.published_model import PublishedModel
from ..config.stages import Stage
from ..packaging import golden
from ..packaging.code_asset import Content, source_files
from ..packaging.sources import Sources
from .logged_function import LoggedFunction, helper_code, helper_settings


class PreTraffic(Construct):
    """`function` is the hook. It may ask the one version and report to the one deployment group,
    `group_arn`; where there is none it answers to whoever invokes it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: ModelService,
        model: PublishedModel,
        version: lambda_.IVersion,
        group_arn: str | None,
        sources: Sources,
        stage: Stage,
    ) -> None:
        super().__init__(scope, id_)
        files: dict[str, Content] = {
            **source_files(sources.lambda_source, ["pre_traffic"]),
            golden.NAME: golden.golden_file(service, model),
        }
        statements = [
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[version.function_arn])
        ]
        if group_arn is not None:
            statements.append(
                iam.PolicyStatement(
                    actions=["codedeploy:PutLifecycleEventHookExecutionStatus"],
                    resources=[group_arn],
                )
            )
        hook = LoggedFunction(
            self,
            "Hook",
            description=f"Asks new versions of {service.name} for golden answers before traffic",
            code=helper_code(self, sources, files, "pre_traffic.handler.handler"),
            # A cold start of the version, and a few requests.
            settings=helper_settings(
                stage, cdk.Duration.minutes(2), {"TARGET": version.function_arn}
            ),
            statements=statements,
        )
        self.function = hook.function
