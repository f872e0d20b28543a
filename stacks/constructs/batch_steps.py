"""The steps of a batch job: plan, a distributed map over the plan, finish."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

# Of the job, what a worker needs: a list of inputs may be long.
_FOR_WORKER = ("model_version", "options", "bucket", "prefix", "input_bucket")


def batch_steps(
    scope: Construct,
    *,
    plan: lambda_.IVersion,
    worker: lambda_.IVersion,
    finish: lambda_.IVersion,
    results: s3.IBucket,
    concurrency: int,
) -> sfn.Chain:
    """The steps; `concurrency` is how many ranges are scored at once."""
    path = sfn.JsonPath
    planning = _invoke(
        scope,
        "Plan",
        plan,
        payload={
            **{name: path.object_at(f"$.{name}") for name in ("inputs", "options")},
            "output": path.string_at("$.output"),
            "execution": path.string_at("$$.Execution.Id"),
        },
    )
    scoring = sfn.DistributedMap(
        scope,
        "Score",
        item_reader=sfn.S3JsonLItemReader(bucket=results, key=path.string_at("$.plan")),
        item_selector={
            "item": path.object_at("$$.Map.Item.Value"),
            "job": {name: path.object_at(f"$.{name}") for name in _FOR_WORKER},
        },
        max_concurrency=concurrency,
        tolerated_failure_percentage=0,
        map_execution_type=sfn.StateMachineType.EXPRESS,
        # The rows are in the bucket, and so are their sums.
        result_path=path.DISCARD,
    )
    scoring.item_processor(
        _invoke(scope, "ScoreRange", worker).next(
            _choice(scope, "IsRangeRefused").otherwise(
                # A map's results are together at most 256 KB.
                sfn.Succeed(scope, "RangeScored", output_path=path.DISCARD)
            )
        )
    )
    finishing = _invoke(scope, "Finish", finish).next(
        _choice(scope, "IsResultRefused")
        # A range whose time was up goes on behind its last part.
        .when(sfn.Condition.is_present("$.again"), scoring)
        .otherwise(sfn.Succeed(scope, "Finished"))
    )
    scoring.next(finishing)
    return planning.next(_choice(scope, "IsJobRefused").otherwise(scoring))


def _choice(scope: Construct, id_: str) -> sfn.Choice:
    """Ends what a function has refused, in its own words."""
    refused = sfn.Fail(scope, f"{id_}Yes", cause_path="$.refused", error_path="$.error")
    return sfn.Choice(scope, id_).when(sfn.Condition.is_present("$.refused"), refused)


def _invoke(
    scope: Construct,
    id_: str,
    function: lambda_.IVersion,
    *,
    payload: dict[str, object] | None = None,
) -> tasks.LambdaInvoke:
    step = tasks.LambdaInvoke(
        scope,
        id_,
        lambda_function=function,
        payload=None if payload is None else sfn.TaskInput.from_object(payload),
        payload_response_only=True,
        retry_on_service_exceptions=False,
    )
    step.add_retry(
        errors=["States.ALL"],
        interval=cdk.Duration.seconds(2),
        max_attempts=6,
        backoff_rate=2,
        max_delay=cdk.Duration.seconds(60),
        jitter_strategy=sfn.JitterType.FULL,
    )
    return step
