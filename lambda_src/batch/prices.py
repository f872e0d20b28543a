"""What a job costs on AWS, computed from what it did.

List prices of us-east-1 in 2026, without free tiers; today's are on these pages:
https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/step-functions/pricing/
https://aws.amazon.com/s3/pricing/
"""

from __future__ import annotations

GB_SECOND = 0.0000133334
"""Of a function on arm64."""
GB_SECOND_X86 = 0.0000166667
INVOCATION = 0.20e-6
EXPRESS_EXECUTION = 1.00e-6
EXPRESS_GB_SECOND = 0.00001667
EXPRESS_GB = 64 / 1024
"""Step Functions bills memory in steps of 64 MB."""
TRANSITION = 25e-6
PUT = 5e-6
GET = 0.4e-6

_TRANSITIONS = 6
_PUTS_OF_A_PART = 2.5
"""Answers and summary always, errors sometimes."""


def dollars(
    *, worker_seconds: float, memory_mb: int, items: int, parts: int, arm64: bool = True
) -> float:
    """Dollars of a job, without what it costs to keep its objects.

    `worker_seconds` are those of all workers together, `memory_mb` is a worker's.
    """
    gb_second = GB_SECOND if arm64 else GB_SECOND_X86
    functions = worker_seconds * memory_mb / 1024 * gb_second + items * INVOCATION
    children = items * EXPRESS_EXECUTION + worker_seconds * EXPRESS_GB * EXPRESS_GB_SECOND
    objects = parts * (_PUTS_OF_A_PART * PUT + GET) + items * 3 * GET
    return functions + children + objects + _TRANSITIONS * TRANSITION
