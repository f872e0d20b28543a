"""The account-wide setting without which API Gateway writes no logs."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct


class ApiGatewayAccount(Construct):
    """The role with which API Gateway writes the logs of every API in this account and region.

    There is one such setting per account and region. Whoever sets it last wins and other APIs
    may have come to rely on it, so the setting and its role stay when the stack goes.

    API Gateway tries the role when it is set and refuses one that lacks any of these actions: they
    are the ones in "Set up CloudWatch logging for REST APIs" of its developer guide. The managed
    policy grants them on every resource; this grants them on this account's log groups.
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        log_groups = cdk.Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name="*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        write_logs = iam.PolicyStatement(
            actions=[
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:FilterLogEvents",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
            ],
            resources=[log_groups],
        )
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            description="Lets API Gateway write the logs of the APIs in this account and region",
            inline_policies={"WriteLogs": iam.PolicyDocument(statements=[write_logs])},
        )
        self.account = apigateway.CfnAccount(self, "Account", cloud_watch_role_arn=role.role_arn)
        for retained in (role, self.account):
            retained.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        cdk.Validations.of(role).acknowledge(
            cdk.Acknowledgment(
                id="AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:"
                "<AWS::AccountId>:log-group:*]",
                reason="The setting is the account's: every API in it logs through this one role, "
                "to log groups that no single template knows.",
            )
        )
