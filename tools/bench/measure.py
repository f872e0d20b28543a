"""Starts the functions in fresh processes, in turn, and takes the times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tools.bench import steps
from tools.bench.conditions import HEADLINE, Condition
from tools.bench.variants import OURS, Variant, Workbench
from tools.local_aws.runtime_api import LambdaProcess, ProcessDiedError

_ENVIRON = {
    # In Lambda /var/task cannot be written to: what ships without byte code never gets any.
    "PYTHONDONTWRITEBYTECODE": "1",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "session-token",
}

# At a share of a processor, and beside other work, TensorFlow takes its time.
_SECONDS = 120

Progress = Callable[[str], None]


@dataclass
class Samples:
    """One function's measurements: milliseconds, kB, and answers per second; `others` are its cold
    starts under the conditions that are not the headline's, by their names."""

    cold: list[float] = field(default_factory=list)
    init: list[float] = field(default_factory=list)
    warm_p50: list[float] = field(default_factory=list)
    warm_p99: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    others: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Effort:
    """How much is measured: rounds of fresh processes, fewer under the conditions that are not the
    headline's, and seconds for each warm one."""

    cold_rounds: int
    warm_rounds: int
    seconds: float
    calls: int = 3000
    other_rounds: int = 1


QUICK = Effort(cold_rounds=11, warm_rounds=3, seconds=1.0, other_rounds=3)
FULL = Effort(cold_rounds=41, warm_rounds=7, seconds=2.0, other_rounds=15)


class Laboratory:
    """The functions, the interpreter they run on, and where they log."""

    def __init__(self, bench: Workbench, python: Path, log: Path) -> None:
        self._bench = bench
        self._python = str(python)
        self._log = log
        self.samples = {variant.name: Samples() for variant in bench.variants}
        self.timelines: steps.Rounds = []

    def _process(
        self, condition: Condition, variant: Variant, handler: str, **more: str
    ) -> LambdaProcess:
        s3 = {"AWS_ENDPOINT_URL_S3": condition.s3_url}
        environ: Mapping[str, str] = {**_ENVIRON, **s3, **variant.environ, **more}
        return LambdaProcess(
            variant.code,
            handler,
            environ=environ,
            python=self._python,
            remaining_ms=_SECONDS * 1000,
            log=self._log,
        )

    def _check_answer(self, variant: Variant, payload: object) -> None:
        if not isinstance(payload, dict) or payload.get("statusCode") != 200:
            raise ProcessDiedError(f"{variant.title}: no answer but {str(payload)[:300]}")

    def cold_start(self, condition: Condition, variant: Variant, keep: bool = True) -> None:
        """Process start to first answer, and to the first request for work (init)."""
        with (
            self._process(condition, variant, variant.handler) as process,
            condition.limits(process.process),
        ):
            reply = process.invoke(self._bench.event, timeout=_SECONDS)
            self._check_answer(variant, reply.payload)
            assert process.initialised is not None
            if not keep:
                return
            samples, cold = self.samples[variant.name], (reply.received - process.spawned) * 1e3
            if condition.name == HEADLINE:
                samples.cold.append(cold)
                samples.init.append((process.initialised - process.spawned) * 1e3)
            else:
                samples.others.setdefault(condition.name, []).append(cold)

    def warm_calls(self, condition: Condition, variant: Variant, effort: Effort) -> None:
        """The handler call itself, timed inside the process."""
        order = {"event": self._bench.event, "calls": effort.calls, "seconds": effort.seconds}
        timed = {"TIMED_HANDLER": variant.handler}
        with self._process(condition, variant, "warm_calls.handler", **timed) as process:
            payload = process.invoke(order, timeout=_SECONDS).payload
        self._check_answer(variant, payload.get("answer"))
        percentiles = quantiles(payload["microseconds"], n=100, method="inclusive")
        samples = self.samples[variant.name]
        samples.warm_p50.append(percentiles[49] / 1e3)
        samples.warm_p99.append(percentiles[98] / 1e3)

    def timeline(self, condition: Condition, variant: Variant) -> None:
        """When each step of one start began and ended."""
        timed = {"TIMED_HANDLER": variant.handler}
        with self._process(condition, variant, "timeline.handler", **timed) as process:
            payload = process.invoke(self._bench.event, timeout=_SECONDS).payload
        if not isinstance(payload, dict) or "marks" not in payload:
            raise ProcessDiedError(f"{variant.title}: no marks but {str(payload)[:300]}")
        self._check_answer(variant, payload["answer"])
        self.timelines.append(steps.milliseconds(payload["marks"], process.spawned))

    def answers(self, condition: Condition, variant: Variant, seconds: float) -> None:
        """Requests one after another through the runtime client, and the most memory used."""
        with self._process(condition, variant, variant.handler) as process:
            for _ in range(5):
                process.invoke(self._bench.event, timeout=_SECONDS)
            count, started = 0, time.perf_counter()
            while (passed := time.perf_counter() - started) < seconds:
                process.invoke(self._bench.event, timeout=_SECONDS)
                count += 1
            samples = self.samples[variant.name]
            samples.rate.append(count / passed)
            samples.memory.append(process.memory_kb("VmHWM"))


def run(
    bench: Workbench,
    conditions: Sequence[Condition],
    python: Path,
    log: Path,
    effort: Effort,
    say: Progress,
) -> Laboratory:
    """All rounds, every function once in each, so that a noisy minute hits them all.

    The first of the `conditions` is the headline's.
    """
    lab = Laboratory(bench, python, log)
    headline, *others = conditions
    for variant in bench.variants:
        # Unmeasured: it fills the file cache for the rounds that count.
        lab.cold_start(headline, variant, keep=False)
    for number, order in enumerate(_orders(bench.variants, effort.cold_rounds)):
        say(f"cold starts, round {number + 1} of {effort.cold_rounds}")
        for variant in order:
            lab.cold_start(headline, variant)
    for number, order in enumerate(_orders(bench.variants, effort.other_rounds)):
        say(f"cold starts in other conditions, round {number + 1} of {effort.other_rounds}")
        for condition in others:
            for variant in order:
                lab.cold_start(condition, variant)
    if bench.timed:
        ours = next(variant for variant in bench.variants if variant.name == OURS)
        for _ in range(effort.other_rounds):
            lab.timeline(headline, ours)
    for number, order in enumerate(_orders(bench.variants, effort.warm_rounds)):
        say(f"warm calls, round {number + 1} of {effort.warm_rounds}")
        for variant in order:
            lab.warm_calls(headline, variant, effort)
            lab.answers(headline, variant, effort.seconds / 2)
    return lab


def _orders(variants: tuple[Variant, ...], rounds: int) -> Iterator[tuple[Variant, ...]]:
    """The functions in turn, each round beginning with the next one."""
    for number in range(rounds):
        first = number % len(variants)
        yield variants[first:] + variants[:first]


def spread(values: Sequence[float]) -> list[float]:
    """The quartiles around the median: a quarter of the values is below the first, a quarter above
    the second."""
    if len(values) < 2:
        return [*values, *values]
    first, _, third = quantiles(values, n=4, method="inclusive")
    return [first, third]


def summary(samples: Samples) -> dict[str, Any]:
    """Medians: milliseconds, MB, answers per second; and by the same names, quartiles."""
    values: dict[str, Sequence[float]] = {
        "cold_ms": samples.cold,
        "init_ms": samples.init,
        "warm_p50_ms": samples.warm_p50,
        "warm_p99_ms": samples.warm_p99,
        "memory_mb": [kilobytes / 1024 for kilobytes in samples.memory],
        "answers_per_second": samples.rate,
    }
    return {
        **{name: median(measured) for name, measured in values.items()},
        "quartiles": {name: spread(measured) for name, measured in values.items()},
    }
