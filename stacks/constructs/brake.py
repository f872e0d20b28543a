"""Ends what a service costs, where callers ask more of it than its stage may spend."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from ..config.model_service import ModelService
from ..config.stages import Stage
from ..packaging.code_asset import source_files
from ..packaging.sources import Sources
from .logged_function import LoggedFunction, helper_code, helper_settings
from .monitoring import alarm_topic


class Brake(Construct):
    """A stage's one function that has services stopped. An alarm that tells `topic` has it stop the
    function that the alarm counts the invocations of; only a person lets it run again.

    Its `role` may do that to no function yet: each service's stack, which comes after this one,
    allows its own.
    """

    def __init__(self, scope: Construct, id_: str, *, sources: Sources, stage: Stage) -> None:
        super().__init__(scope, id_)
        self.topic = alarm_topic(self, "Topic")
        files = source_files(sources.lambda_source, ["brake"])
        brake = LoggedFunction(
            self,
            "Brake",
            description=f"Stops services that cost more than {stage.name} may spend",
            code=helper_code(self, sources, files, "brake.handler.handler"),
            settings=helper_settings(stage, cdk.Duration.seconds(30)),
            statements=[],
        )
        self.topic.add_subscription(subscriptions.LambdaSubscription(brake.function))
        self.role = brake.role


class SpendingAlarm(Construct):
    """An alarm on `requests` an hour that has the stage's `brake` stop `function`, and tells
    `topic` how to undo that."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: ModelService,
        function: lambda_.Function,
        requests: int,
        brake: Brake,
        topic: sns.ITopic,
        stage: Stage,
    ) -> None:
        super().__init__(scope, id_)
        # In this stack, because that of the brake is deployed before there is the function.
        iam.CfnPolicy(
            self,
            "Stop",
            policy_name=f"Stop-{service.slug}",
            roles=[brake.role.role_name],
            policy_document=iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(
                        actions=["lambda:PutFunctionConcurrency"], resources=[function.function_arn]
                    )
                ]
            ),
        )
        alarm = cloudwatch.Alarm(
            self,
            "Spending",
            metric=function.metric_invocations(period=cdk.Duration.hours(1), statistic="Sum"),
            threshold=requests,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{service.name} has had more requests in an hour than the stage "
            f"{stage.name} may spend on, and is stopped until somebody runs: "
            f"make resume STAGE={stage.name} SERVICE={service.name}",
        )
        alarm.add_alarm_action(actions.SnsAction(brake.topic), actions.SnsAction(topic))
