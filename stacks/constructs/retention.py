"""Days, as stages state them, in the words of the CDK."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from ..config.stages import Stage

_WORDS = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    150: logs.RetentionDays.FIVE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


def log_retention(stage: Stage) -> logs.RetentionDays:
    """How long the stage keeps log events."""
    return _WORDS[stage.log_retention_days]


def removal_policy(stage: Stage) -> cdk.RemovalPolicy:
    """What becomes of data when its stack goes."""
    return cdk.RemovalPolicy.RETAIN if stage.retain else cdk.RemovalPolicy.DESTROY
