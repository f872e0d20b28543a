"""Starts the functions in fresh processes, in turn, and takes the times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from tools.bench.variants import Variant, Workbench
from tools.local_aws.runtime_api import LambdaProcess, ProcessDiedError

_ENVIRON = {
    # In Lambda /var/task cannot be written to: what ships without byte code never gets any.
    "PYTHONDONTWRITEBYTECODE": "1",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "session-token",
}

Progress = Callable[[str], None]


@dataclass
class Samples:
    """One function's measurements: milliseconds, kB, and answers per second."""

    cold: list[float] = field(default_factory=list)
    init: list[float] = field(default_factory=list)
    warm_p50: list[float] = field(default_factory=list)
    warm_p99: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Effort:
    """How much is measured: rounds of fresh processes, and seconds for each warm one."""

    cold_rounds: int
    warm_rounds: int
    seconds: float
    calls: int = 3000


QUICK = Effort(cold_rounds=11, warm_rounds=3, seconds=1.0)
FULL = Effort(cold_rounds=41, warm_rounds=7, seconds=2.0)


class Laboratory:
    """The functions, the S3 they read from, the interpreter they run on, and where they log."""

    def __init__(self, bench: Workbench, s3_url: str, python: Path, log: Path) -> None:
        self._bench = bench
        self._environ = {**_ENVIRON, "AWS_ENDPOINT_URL_S3": s3_url}
        self._python = str(python)
        self._log = log
        self.samples = {variant.name: Samples() for variant in bench.variants}

    def _process(self, variant: Variant, handler: str, **more: str) -> LambdaProcess:
        environ: Mapping[str, str] = {**self._environ, **variant.environ, **more}
        return LambdaProcess(
            variant.code, handler, environ=environ, python=self._python, log=self._log
        )

    def _check_answer(self, variant: Variant, payload: object) -> None:
        if not isinstance(payload, dict) or payload.get("statusCode") != 200:
            raise ProcessDiedError(f"{variant.title}: no answer but {str(payload)[:300]}")

    def cold_start(self, variant: Variant, keep: bool = True) -> None:
        """Process start to first answer, and to the first request for work (init)."""
        with self._process(variant, variant.handler) as process:
            reply = process.invoke(self._bench.event)
            self._check_answer(variant, reply.payload)
            assert process.initialised is not None
            if keep:
                samples = self.samples[variant.name]
                samples.cold.append((reply.received - process.spawned) * 1e3)
                samples.init.append((process.initialised - process.spawned) * 1e3)

    def warm_calls(self, variant: Variant, effort: Effort) -> None:
        """The handler call itself, timed inside the process."""
        order = {"event": self._bench.event, "calls": effort.calls, "seconds": effort.seconds}
        timed = {"TIMED_HANDLER": variant.handler}
        with self._process(variant, "warm_calls.handler", **timed) as process:
            payload = process.invoke(order).payload
        self._check_answer(variant, payload.get("answer"))
        percentiles = quantiles(payload["microseconds"], n=100, method="inclusive")
        samples = self.samples[variant.name]
        samples.warm_p50.append(percentiles[49] / 1e3)
        samples.warm_p99.append(percentiles[98] / 1e3)

    def answers(self, variant: Variant, seconds: float) -> None:
        """Requests one after another through the runtime client, and the most memory used."""
        with self._process(variant, variant.handler) as process:
            for _ in range(5):
                process.invoke(self._bench.event)
            count, started = 0, time.perf_counter()
            while (passed := time.perf_counter() - started) < seconds:
                process.invoke(self._bench.event)
                count += 1
            samples = self.samples[variant.name]
            samples.rate.append(count / passed)
            samples.memory.append(process.memory_kb("VmHWM"))


def run(
    bench: Workbench, s3_url: str, python: Path, log: Path, effort: Effort, say: Progress
) -> Laboratory:
    """All rounds, every function once in each, so that a noisy minute hits them all."""
    lab = Laboratory(bench, s3_url, python, log)
    for variant in bench.variants:
        # Unmeasured: it fills the file cache for the rounds that count.
        lab.cold_start(variant, keep=False)
    for number, order in enumerate(_orders(bench.variants, effort.cold_rounds)):
        say(f"cold starts, round {number + 1} of {effort.cold_rounds}")
        for variant in order:
            lab.cold_start(variant)
    for number, order in enumerate(_orders(bench.variants, effort.warm_rounds)):
        say(f"warm calls, round {number + 1} of {effort.warm_rounds}")
        for variant in order:
            lab.warm_calls(variant, effort)
            lab.answers(variant, effort.seconds / 2)
    return lab


def _orders(variants: tuple[Variant, ...], rounds: int) -> Iterator[tuple[Variant, ...]]:
    """The functions in turn, each round beginning with the next one."""
    for number in range(rounds):
        first = number % len(variants)
        yield variants[first:] + variants[:first]


def summary(samples: Samples) -> dict[str, float]:
    """Medians: milliseconds, MB, answers per second."""
    return {
        "cold_ms": median(samples.cold),
        "init_ms": median(samples.init),
        "warm_p50_ms": median(samples.warm_p50),
        "warm_p99_ms": median(samples.warm_p99),
        "memory_mb": median(samples.memory) / 1024,
        "answers_per_second": median(samples.rate),
    }
