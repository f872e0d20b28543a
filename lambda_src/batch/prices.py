"""Prices of AWS in us-east-1, and what a job costs by them.

List prices of 2026 in dollars, without free tiers and taxes; today's are on the pages that
`SOURCES` names. This is the one table of them: a job computes what it has cost while it runs, so it
is with what runs.
"""

from __future__ import annotations

READ = "2026"
REGION = "us-east-1"
SOURCES = (
    "https://aws.amazon.com/lambda/pricing/",
    "https://aws.amazon.com/api-gateway/pricing/",
    "https://aws.amazon.com/cloudwatch/pricing/",
    "https://aws.amazon.com/s3/pricing/",
    "https://aws.amazon.com/step-functions/pricing/",
    "https://aws.amazon.com/ec2/pricing/on-demand/",
    "https://aws.amazon.com/sagemaker/ai/pricing/",
)

MILLION_INVOCATIONS = 0.20
GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
"""Of a function, by its machine."""
MILLION_REST_REQUESTS = 3.50
LOG_GB = 0.50
"""Taken in; keeping it costs a twentieth of that a month."""
METRIC_MONTH = 0.30
"""A metric of one's own with one set of dimensions."""
ALARM_METRIC_MONTH = 0.10
"""Each metric that an alarm looks at."""
DASHBOARD_MONTH = 3.00
STORED_GB_MONTH = 0.023
TRANSFER_GB = 0.09
"""Out to the internet."""
ENDPOINT_HOUR = 0.115
ENDPOINT = "ml.m5.large"
"""An endpoint of SageMaker that is always on, and its machine: the smallest of its current ones."""
EXPRESS_EXECUTION = 1.00e-6
EXPRESS_GB_SECOND = 0.00001667
EXPRESS_GB = 64 / 1024
"""Step Functions bills memory in steps of 64 MB."""
TRANSITION = 25e-6
PUT = 5e-6
GET = 0.4e-6
"""Requests to S3."""

SECONDS_OF_MONTH = 730 * 3600
_TRANSITIONS = 6
_PUTS_OF_A_PART = 2.5
"""Answers and summary always, errors sometimes."""


def dollars(
    *, worker_seconds: float, memory_mb: int, items: int, parts: int, machine: str = "arm64"
) -> float:
    """Dollars of a job, without what it costs to keep its objects.

    `worker_seconds` are those of all workers together, `memory_mb` is a worker's.
    """
    functions = worker_seconds * memory_mb / 1024 * GB_SECOND[machine]
    functions += items * MILLION_INVOCATIONS / 1e6
    children = items * EXPRESS_EXECUTION + worker_seconds * EXPRESS_GB * EXPRESS_GB_SECOND
    objects = parts * (_PUTS_OF_A_PART * PUT + GET) + items * 3 * GET
    return functions + children + objects + _TRANSITIONS * TRANSITION
