"""Metrics of the log's lines, and how far shares of classes are from the training's."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from ..lambda_source import NAMESPACE
from .monitoring import PERIOD

FEWEST_ANSWERS = 100
"""Of fewer answers in a period, shares of classes say nothing."""
SIGMAS = 4


def log_metric(
    name: str, dimensions: Mapping[str, str], period: cdk.Duration, statistic: str = "Sum"
) -> cloudwatch.Metric:
    """A metric that CloudWatch makes of the log's lines."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=period,
    )


def shares_far_from(
    reference: Mapping[str, float], dimensions: Mapping[str, str]
) -> cloudwatch.MathExpression:
    """1 in a period with a hundred answers where the share of a class is more than `SIGMAS`
    standard deviations of so many answers from its reference, else 0. `reference` is metric →
    share."""
    counts = {
        f"c{index}": log_metric(name, dimensions, PERIOD) for index, name in enumerate(reference)
    }
    # In squared standard deviations: CloudWatch's expressions have no square root.
    far = " OR ".join(
        f"(FILL(c{index}, 0) / n - {share:.6g}) ^ 2 * n / {share * (1 - share):.6g} > {SIGMAS**2}"
        for index, share in enumerate(reference.values())
    )
    return cloudwatch.MathExpression(
        expression=f"IF(n >= {FEWEST_ANSWERS} AND ({far}), 1, 0)",
        using_metrics={"n": log_metric("inputs", dimensions, PERIOD), **counts},
        period=PERIOD,
        label="shares of classes far from the training's",
    )
