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
    """An alarm on `requests` an hour, and the function that it has stop the service; `topic` is
    told. Only a person lifts it again."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: ModelService,
        function: lambda_.Function,
        requests: int,
        topic: sns.Topic,
        sources: Sources,
        stage: Stage,
    ) -> None:
        super().__init__(scope, id_)
        closing = alarm_topic(self, "Topic")
        files = source_files(sources.lambda_source, ["brake"])
        brake = LoggedFunction(
            self,
            "Brake",
            description=f"Stops {service.name} where it costs more than {stage.name} may spend",
            code=helper_code(self, sources, files, "brake.handler.handler"),
            settings=helper_settings(
                stage,
                cdk.Duration.seconds(30),
                {
                    "FUNCTION": function.function_name,
                    "SERVICE": service.name,
                    "STAGE": stage.name,
                    "TOPIC": topic.topic_arn,
                },
            ),
            statements=[
                iam.PolicyStatement(
                    actions=["lambda:PutFunctionConcurrency"], resources=[function.function_arn]
                ),
                iam.PolicyStatement(actions=["sns:Publish"], resources=[topic.topic_arn]),
            ],
        )
        closing.add_subscription(subscriptions.LambdaSubscription(brake.function))
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ArnPrincipal(brake.role.role_arn)],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
            )
        )
        hour = cdk.Duration.hours(1)
        self.alarm = cloudwatch.Alarm(
            self,
            "Spending",
            metric=function.metric_invocations(period=hour, statistic="Sum"),
            threshold=requests,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description="So many requests in an hour may cost more than the stage's budget: "
            f"{service.name} is stopped. Lift the brake: make resume.",
        )
        self.alarm.add_alarm_action(actions.SnsAction(closing))
