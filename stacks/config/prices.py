"""Prices of AWS in us-east-1, in dollars, without free tiers and taxes.

List prices of 2026; today's are on the pages that `SOURCES` names. What a batch job needs of them
while it runs is written in `batch.prices`, all else here.
"""

from __future__ import annotations

from ..lambda_source import constants

_batch = constants("batch/prices.py")

READ = "2026"
REGION = "us-east-1"
SOURCES = (
    "https://aws.amazon.com/lambda/pricing/",
    "https://aws.amazon.com/api-gateway/pricing/",
    "https://aws.amazon.com/cloudwatch/pricing/",
    "https://aws.amazon.com/s3/pricing/",
    "https://aws.amazon.com/ec2/pricing/on-demand/",
    "https://aws.amazon.com/sagemaker/ai/pricing/",
)

MILLION_INVOCATIONS: float = round(_batch["INVOCATION"] * 1e6, 2)
GB_SECOND: dict[str, float] = {"x86_64": _batch["GB_SECOND_X86"], "arm64": _batch["GB_SECOND"]}
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

SECONDS_OF_MONTH = 730 * 3600
