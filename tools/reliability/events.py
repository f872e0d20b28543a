"""Arbitrary events by the hundred thousand, in batches that each have a seed of their own."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from tqdm import tqdm

from tools.reliability.in_process import Probe, probe
from tools.reliability.models import small
from tools.reliability.strategies import events

# Hypothesis remembers every example of a run to avoid repetition: small runs stay fast.
BATCH = 2_000


def run_batch(ask: Probe, *, number: int, count: int, progress: Any = None) -> Counter[int]:
    """Asks `count` generated events and counts the statuses; raises on the first wrong answer."""
    statuses: Counter[int] = Counter()

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(events)
    def ask_one(event: Any) -> None:
        statuses[ask(event)] += 1
        if progress is not None:
            progress.update()

    ask_one()
    return statuses


def run(count: int, first_seed: int) -> dict[str, object]:
    """Asks at least `count` events; the facts of the run."""
    statuses: Counter[int] = Counter()
    with probe(small()) as ask, tqdm(total=count, unit="event", smoothing=0.05) as bar:
        number = first_seed
        while (left := count - statuses.total()) > 0:
            statuses += run_batch(ask, number=number, count=min(BATCH, left), progress=bar)
            number += 1
        seconds = bar.format_dict["elapsed"]
    return {
        "events": statuses.total(),
        "seeds": [first_seed, number - 1],
        "statuses": {str(status): n for status, n in sorted(statuses.items())},
        "seconds": round(seconds, 1),
    }
