"""What a million requests would cost on AWS, from the durations measured here.

Prices of x86_64. Lambda bills every started millisecond, since August 2025 those of init too.
"""

from __future__ import annotations

from math import ceil

from batch import prices

PER_MILLION_REQUESTS = prices.MILLION_INVOCATIONS
PER_GB_SECOND = prices.GB_SECOND["x86_64"]
MEMORY_GB = 0.5
"""The same 512 MB for every function: what the stack gives ours."""
COLD_SHARE = 0.01
"""One request in a hundred meets a new environment."""

FORMULA = (
    f"${PER_MILLION_REQUESTS:.2f} + 1,000,000 × {MEMORY_GB} GB × ${PER_GB_SECOND:.10f} × "
    f"({1 - COLD_SHARE:g} × warm + {COLD_SHARE:g} × cold), both in seconds, rounded up to whole "
    "milliseconds"
)


def per_million(cold_ms: float, warm_ms: float) -> float:
    """Dollars for a million requests, without the API in front.

    `cold_ms` is process start to first answer, `warm_ms` the handler call and the client around
    it. AWS gives 512 MB a part of a processor, here each has a whole one: the dollars are for
    comparison.
    """
    billed_ms = COLD_SHARE * ceil(cold_ms) + (1 - COLD_SHARE) * ceil(warm_ms)
    return PER_MILLION_REQUESTS + 1e6 * MEMORY_GB * PER_GB_SECOND * billed_ms / 1000
