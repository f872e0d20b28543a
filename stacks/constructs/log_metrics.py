"""Metrics of the log's lines, and how far they are from what a model answers otherwise."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from ..config.published_model import Reference
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
    reference: Reference, dimensions: Mapping[str, str]
) -> cloudwatch.MathExpression:
    """1 in a period with a hundred answers where the share of a class is more than `SIGMAS`
    standard deviations from the reference's, else 0."""
    counts = {
        f"c{index}": log_metric(name, dimensions, PERIOD)
        for index, name in enumerate(reference.shares)
    }
    far = " OR ".join(
        _far(f"FILL(c{index}, 0) / n", share, share * (1 - share), reference.rows)
        for index, share in enumerate(reference.shares.values())
    )
    return cloudwatch.MathExpression(
        expression=f"IF(n >= {FEWEST_ANSWERS} AND ({far}), 1, 0)",
        using_metrics={"n": log_metric("inputs", dimensions, PERIOD), **counts},
        period=PERIOD,
        label="shares of classes far from the reference",
    )


def confidence_far_from(
    reference: Reference, dimensions: Mapping[str, str]
) -> cloudwatch.MathExpression | None:
    """The same of the mean confidence, which a request with several inputs counts once in; None
    where the reference has none, or one that never varies."""
    mean, deviation = reference.confidence or (0.0, 0.0)
    if not deviation:
        return None
    far = _far("confidence", mean, deviation**2, reference.rows)
    return cloudwatch.MathExpression(
        expression=f"IF(n >= {FEWEST_ANSWERS} AND {far}, 1, 0)",
        using_metrics={
            "n": log_metric("confidence", dimensions, PERIOD, "SampleCount"),
            "confidence": log_metric("confidence", dimensions, PERIOD, "Average"),
        },
        period=PERIOD,
        label="confidence far from the reference",
    )


def _far(seen: str, expected: float, variance: float, rows: int) -> str:
    """Whether a mean of n answers is farther than `SIGMAS` standard deviations from that of the
    reference's `rows`, which is one of a sample as well: with much traffic its error is the larger.
    In squares, as CloudWatch's expressions have no square root."""
    return f"({seen} - {expected:.6g}) ^ 2 * n / (1 + n / {rows}) / {variance:.6g} > {SIGMAS**2}"
