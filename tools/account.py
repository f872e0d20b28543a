"""What AWS says of the account that a deployment goes to: who, how prepared, how much is free."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound

# The version the current CDK asks of the account's bootstrap stack for assets and roles.
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
OLDEST_BOOTSTRAP = 6
# What Lambda keeps for functions that reserve nothing: 100 by its developer guide, and in accounts
# with a small quota no less than this, by the refusal that a deployment ends with.
SMALLEST_SHARED_CONCURRENCY = 10


class Missing(Exception):
    """AWS cannot be asked anything; the message is a phrase that says what is missing."""


def signed_in() -> tuple[boto3.Session, str]:
    """A session in a region, and the account whose credentials it has, by asking AWS.

    Raises `Missing`.
    """
    # The CDK CLI reads both variables, boto3 only the second.
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    try:
        session = boto3.Session(region_name=region)
        if session.region_name is None:
            raise Missing("a region (set AWS_REGION, or run: aws configure)")
        return session, session.client("sts").get_caller_identity()["Account"]
    except ProfileNotFound as error:
        remedy = "set AWS_PROFILE to one that aws configure list-profiles names"
        raise Missing(f"an AWS profile that exists ({_reason(error)}; {remedy})") from None
    # OSError and ValueError: a file or a setting that boto3 was told of and cannot use.
    except (BotoCoreError, ClientError, OSError, ValueError) as error:
        remedy = "run: aws configure, or aws sso login"
        raise Missing(f"working AWS credentials ({_reason(error)}; {remedy})") from None


def missing_bootstrap(session: boto3.Session, account: str) -> list[str]:
    """One phrase where the account's region was not bootstrapped, or too long ago."""
    try:
        parameter = session.client("ssm").get_parameter(Name=BOOTSTRAP_PARAMETER)
        version = int(parameter["Parameter"]["Value"])
    except (BotoCoreError, ClientError):
        version = 0
    if version >= OLDEST_BOOTSTRAP:
        return []
    target = f"aws://{account}/{session.region_name}"
    return [f"a current CDK bootstrap (run: node_modules/.bin/cdk bootstrap {target})"]


@dataclass(frozen=True)
class Quota:
    """Concurrent executions of an account in a region: `total`, and what other functions than
    those of the stacks asked about have reserved of it."""

    total: int
    reserved_by_others: int

    def has_room(self, reserved: int) -> bool:
        """Whether so many may be reserved."""
        return self.lacking(reserved) <= 0

    def lacking(self, reserved: int) -> int:
        """By how many executions the quota is too small to reserve so many."""
        needed = self.reserved_by_others + reserved + SMALLEST_SHARED_CONCURRENCY
        return needed - self.total


def read_quota(session: boto3.Session, stacks: Sequence[str]) -> Quota | None:
    """The quota as AWS tells it; `stacks` are the names of those whose reservations do not count.

    None where whoever deploys may not ask; CloudFormation will refuse what there is no room for.
    """
    try:
        answer = session.client("lambda").get_account_settings()["AccountLimit"]
    except (BotoCoreError, ClientError):
        return None
    total = int(answer["ConcurrentExecutions"])
    reserved = total - int(answer.get("UnreservedConcurrentExecutions", total))
    if reserved == 0:
        return Quota(total, 0)
    ours = sum(_reserved_by(session, stack) for stack in stacks)
    return Quota(total, max(0, reserved - ours))


def _reserved_by(session: boto3.Session, stack: str) -> int:
    """What a deployed stack has reserved; 0 where there is none of that name."""
    try:
        template = session.client("cloudformation").get_template(StackName=stack)["TemplateBody"]
    except (BotoCoreError, ClientError):
        return 0
    resources = template.get("Resources", {}) if isinstance(template, dict) else {}
    return sum(
        int(resource.get("Properties", {}).get("ReservedConcurrentExecutions", 0))
        for resource in resources.values()
        if resource.get("Type") == "AWS::Lambda::Function"
    )


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "refused"))
    return " ".join(str(error).split()).rstrip(".")
