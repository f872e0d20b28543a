"""What the functions and the state machine of batch jobs may read and write, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from ..config.model_service import ModelService
from .results_bucket import JOBS, UPLOADS


class BatchAccess:
    """Statements for the roles of one service's jobs.

    `input_url` is the prefix that rows may be under, `output_url` that of results.
    """

    def __init__(
        self, scope: Construct, service: ModelService, results: s3.IBucket, *, machine_name: str
    ) -> None:
        self._results = results
        self._jobs = f"{JOBS}{service.name}/"
        stack = cdk.Stack.of(scope)
        self._input_bucket = results.bucket_name
        # As it is imported: the rules name what they find by it.
        self._results_arn = cdk.Stack.of(results).export_value(results.bucket_arn)
        self._input_arn = self._results_arn
        self._input_prefix = f"{UPLOADS}{service.name}/"
        if service.batch_input:
            bucket, _, self._input_prefix = service.batch_input.removeprefix("s3://").partition("/")
            self._input_bucket = bucket
            self._input_arn = f"arn:{stack.partition}:s3:::{bucket}"
        self.input_url = f"s3://{self._input_bucket}/{self._input_prefix}"
        self.output_url = f"s3://{results.bucket_name}/{self._jobs}"
        self._machine_arn = stack.format_arn(
            service="states", resource="stateMachine", resource_name=machine_name,
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )  # fmt: skip
        self._executions_arn = stack.format_arn(
            service="states", resource="execution", resource_name=f"{machine_name}:*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )  # fmt: skip
        self._children_arn = stack.format_arn(
            service="states", resource="execution", resource_name=f"{machine_name}/*:*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """What the functions that begin and end a job are told."""
        return {
            "INPUT_BUCKET": self._input_bucket,
            "INPUT_PREFIX": self._input_prefix,
            "RESULTS_BUCKET": self._results.bucket_name,
            "RESULTS_PREFIX": self._jobs,
        }

    def of_plan(self) -> list[iam.PolicyStatement]:
        """Lists and reads inputs, begins a job, and asks whether an earlier one still runs."""
        return [
            *self._read_inputs(),
            self._list_inputs(),
            *self._jobs_of_ours(),
            _allow(["states:DescribeExecution"], [self._executions_arn]),
        ]

    def of_worker(self) -> list[iam.PolicyStatement]:
        """Reads inputs, reads and writes parts."""
        return [*self._read_inputs(), *self._jobs_of_ours()]

    def of_finish(self) -> list[iam.PolicyStatement]:
        """Lists inputs, reads what parts sum to, and writes the manifest."""
        return [self._list_inputs(), *self._jobs_of_ours()]

    def of_machine(self, functions: Sequence[str]) -> list[iam.PolicyStatement]:
        """Runs the functions, reads the plan, and runs its own map."""
        return [
            _allow(["lambda:InvokeFunction"], functions),
            _allow(["s3:GetObject"], [f"{self._results_arn}/{self._jobs}*"]),
            _allow(["states:StartExecution"], [self._machine_arn]),
            _allow(["states:DescribeExecution", "states:StopExecution"], [self._executions_arn]),
            _allow(["states:RedriveExecution"], [self._children_arn]),
        ]

    def _read_inputs(self) -> list[iam.PolicyStatement]:
        return [_allow(["s3:GetObject"], [f"{self._input_arn}/{self._input_prefix}*"])]

    def _list_inputs(self) -> iam.PolicyStatement:
        return _list(self._input_arn, self._input_prefix)

    def _jobs_of_ours(self) -> list[iam.PolicyStatement]:
        # Who may not list is told that something is forbidden where it is missing.
        return [
            _allow(
                ["s3:GetObject", "s3:PutObject"],
                [f"{self._results_arn}/{self._jobs}*"],
            ),
            _list(self._results_arn, self._jobs),
        ]


def _allow(actions: Sequence[str], resources: Sequence[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[*actions], resources=[*resources])


def _list(bucket_arn: str, prefix: str) -> iam.PolicyStatement:
    # With no prefix given, asking for one key that is not there counts as listing, too.
    return iam.PolicyStatement(
        actions=["s3:ListBucket"],
        resources=[bucket_arn],
        conditions={"StringLikeIfExists": {"s3:prefix": f"{prefix}*"}},
    )


_WILDCARDS = (
    "Objects under one prefix of a bucket, and executions of this state machine alone: which there "
    "are is known only when a job runs."
)
_LOGS = (
    "Delivering a state machine's log takes wildcard resources in its role. A standard execution "
    "keeps its own history for 90 days, and each function writes a log."
)
_TRACING = "Tracing takes wildcard resources in the role; the functions' logs name every range."


def acknowledge_wildcards(role: iam.Role, statements: Sequence[iam.PolicyStatement]) -> None:
    """Accept, at a role of a job, resources that end in a wildcard."""
    resources = {resource for statement in statements for resource in statement.resources}
    for shown in sorted(_shown(role, each) for each in resources if each.endswith("*")):
        _acknowledge(role, f"AwsSolutions-IAM5[Resource::{shown}]", _WILDCARDS)


def acknowledge_own_history(machine: sfn.StateMachine) -> None:
    """Accept, at the machine, that it writes no log and no trace."""
    _acknowledge(machine, "AwsSolutions-SF1", _LOGS)
    _acknowledge(machine, "AwsSolutions-SF2", _TRACING)


def _acknowledge(construct: Construct, rule: str, reason: str) -> None:
    cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment(id=rule, reason=reason))


def _shown(scope: Construct, resource: str) -> str:
    """A resource's ARN as the rules name it in their findings."""
    return _flat(cdk.Stack.of(scope).resolve(resource))


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return value
    [(function, argument)] = value.items()
    if function == "Fn::Join":
        return "".join(map(_flat, argument[1]))
    return f"<{argument}>" if function == "Ref" else _flat(argument)
