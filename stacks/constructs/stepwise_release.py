"""CodeDeploy moves the alias in steps, and back where an alarm on the new version goes off."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..config.release import Steps

GROUP = "live"
"""The deployment group's name, unique in its application. It is written out because the hook's
role names the group, and the group's role names the hook."""
MOST_ALARMS = 10
"""What CodeDeploy allows a deployment group."""


class Application(Construct):
    """What CodeDeploy knows a service by; `group_arn` is that of the group it is going to have."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.application = codedeploy.LambdaApplication(self, "Application")
        self.group_arn = cdk.Stack.of(self).format_arn(
            service="codedeploy",
            resource="deploymentgroup",
            resource_name=f"{self.application.application_name}/{GROUP}",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )


class StepwiseRelease(Construct):
    """The deployment group of one alias. `hook` runs before any traffic is shifted to a version,
    `alarms` stop the shift and put the version before back.

    The role is written out: for one that it may change, the CDK's construct takes a managed
    policy, which may do more than this.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        application: codedeploy.LambdaApplication,
        alias: lambda_.Alias,
        hook: lambda_.Function,
        alarms: Sequence[cloudwatch.Alarm],
        steps: Steps,
    ) -> None:
        super().__init__(scope, id_)
        if len(alarms) > MOST_ALARMS:
            raise ValueError(f"{len(alarms)} alarms where CodeDeploy allows {MOST_ALARMS}")
        shifting = (
            codedeploy.TimeBasedLinearTrafficRouting
            if steps.linear
            else codedeploy.TimeBasedCanaryTrafficRouting
        )
        config = codedeploy.LambdaDeploymentConfig(
            self,
            "Steps",
            traffic_routing=shifting(
                interval=cdk.Duration.minutes(steps.minutes), percentage=steps.percent
            ),
        )
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
            description="Moves the alias live in steps",
            inline_policies={
                "Permissions": iam.PolicyDocument(statements=_statements(alias, hook, alarms))
            },
        )
        self.group = codedeploy.LambdaDeploymentGroup(
            self,
            "Group",
            application=application,
            deployment_group_name=GROUP,
            alias=alias,
            deployment_config=config,
            role=iam.Role.from_role_arn(self, "Given", role.role_arn, mutable=False),
            alarms=list(alarms),
            auto_rollback=codedeploy.AutoRollbackConfig(
                failed_deployment=True, stopped_deployment=True, deployment_in_alarm=bool(alarms)
            ),
            pre_hook=_immutable(self, hook),
        )


def _statements(
    alias: lambda_.Alias, hook: lambda_.Function, alarms: Sequence[cloudwatch.Alarm]
) -> list[iam.PolicyStatement]:
    """What CodeDeploy's own managed policy allows it for any function, for this one. The function
    itself is named with the alias, because that is what some of these actions are checked on."""
    function = alias.lambda_
    statements = [
        iam.PolicyStatement(
            actions=[
                "lambda:GetAlias",
                "lambda:GetProvisionedConcurrencyConfig",
                "lambda:UpdateAlias",
            ],
            resources=[function.function_arn, f"{function.function_arn}:{alias.alias_name}"],
        ),
        iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[hook.function_arn]),
    ]
    if alarms:
        statements.append(
            iam.PolicyStatement(
                actions=["cloudwatch:DescribeAlarms"],
                resources=[alarm.alarm_arn for alarm in alarms],
            )
        )
    return statements


def _immutable(scope: Construct, hook: lambda_.Function) -> lambda_.IFunction:
    """The hook, as a function whose role and permissions are not the construct's to change."""
    role = hook.role
    if role is None:  # pragma: no cover - functions of ours have one
        raise ValueError("the hook has no role")
    return lambda_.Function.from_function_attributes(
        scope,
        "GivenHook",
        function_arn=hook.function_arn,
        role=iam.Role.from_role_arn(scope, "GivenHookRole", role.role_arn, mutable=False),
        skip_permissions=True,
    )
