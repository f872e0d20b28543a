"""Mixed traffic over several execution environments, and what became of it."""

from __future__ import annotations

import random
import statistics
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tqdm import tqdm

from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import place
from tools.reliability.models import Generation
from tools.reliability.traffic import traffic
from tools.reliability.workers import Tally, Worker

GROWTH_LIMIT_KB = 2_000
"""kB a process may grow in a run of 100,000 requests."""
_WARM_UP = 0.2
# A body of 6 MB, once seen, makes glibc keep its memory and makes the resident size jump by
# twice that from request to request. With a fixed threshold it goes back to the system at once,
# and what remains is what a process has really kept.
_ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": "1048576"}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One run: `generations` are served one after the other, the later ones published while
    requests run; `kills` environments are killed at random; `hostile` is a share."""

    generations: Sequence[Generation]
    requests: int
    processes: int
    hostile: float
    kills: int = 0
    seed: int = 1


class _Run:
    """The state that workers share: how far the run is, and which model is live."""

    def __init__(self, plan: Plan, s3: FakeS3) -> None:
        self.bar = tqdm(total=plan.requests, unit="request", smoothing=0.05, mininterval=0.5)
        self.finished = threading.Event()
        self._plan = plan
        self._environs = [place(s3, generation.files) for generation in plan.generations]
        self._live = 0
        self._lock = threading.Lock()
        by_version = {generation.version: generation for generation in plan.generations}
        self.workers = [Worker(self._environ, by_version) for _ in range(plan.processes)]

    def _environ(self) -> Mapping[str, str]:
        return {**self._environs[self._live], **_ALLOCATOR}

    def done(self) -> None:
        with self._lock:
            self.bar.update()

    def _wait_for(self, share: float, rng: random.Random) -> bool:
        """Whether that share of the requests is done; False where the run has ended before."""
        while self.bar.n < share * self._plan.requests:
            if self.finished.wait(rng.uniform(0.001, 0.02)):
                return False
        return True

    def publish(self) -> None:
        """Publishes the later models at even distances; environments follow one by one."""
        rng = random.Random(self._plan.seed)  # noqa: S311 - to repeat a run
        count = len(self._environs)
        for live in range(1, count):
            for index, worker in enumerate(self.workers):
                share = (live + 0.5 * index / len(self.workers)) / count
                if not self._wait_for(share, rng):
                    return
                self._live = live
                worker.replace.set()

    def kill(self) -> None:
        """Kills environments at even distances, one chosen at random each time."""
        rng = random.Random(self._plan.seed)  # noqa: S311 - to repeat a run
        for number in range(1, self._plan.kills + 1):
            if not self._wait_for(number / (self._plan.kills + 1), rng):
                return
            rng.choice(self.workers).kill()


def drive(plan: Plan) -> dict[str, object]:
    """Sends what the plan says; the facts of the run."""
    vocabulary = sorted({word for model in plan.generations for word in model.vocabulary})
    quotas = [plan.requests // plan.processes] * plan.processes
    quotas[0] += plan.requests - sum(quotas)
    with FakeS3() as s3:
        run = _Run(plan, s3)
        try:
            with ThreadPoolExecutor(plan.processes + 2) as pool:
                others = [pool.submit(run.publish), pool.submit(run.kill)]
                jobs = [
                    pool.submit(
                        worker.run,
                        traffic(
                            f"{plan.seed}/{index}",
                            count=quotas[index],
                            hostile=plan.hostile,
                            vocabulary=vocabulary,
                        ),
                        run.done,
                    )
                    for index, worker in enumerate(run.workers)
                ]
                try:
                    for job in jobs:
                        job.result()
                finally:
                    run.finished.set()
                for other in others:
                    other.result()
        finally:
            for worker in run.workers:
                worker.close()
            run.bar.close()
    return _outcome(plan, [worker.tally for worker in run.workers], run.bar.format_dict["elapsed"])


def _growth_kb(tally: Tally) -> float:
    """kB between the tenth of the run that follows the warm-up and its last tenth, in medians."""
    samples = tally.memory
    tenth = max(1, len(samples) // 10)
    warm = round(_WARM_UP * len(samples))
    early, late = samples[warm : warm + tenth], samples[-tenth:]
    return statistics.median(late) - statistics.median(early) if early else 0.0


def _outcome(plan: Plan, tallies: Sequence[Tally], seconds: float) -> dict[str, object]:
    statuses: Counter[int] = sum((tally.statuses for tally in tallies), Counter())
    versions: Counter[str] = sum((tally.versions for tally in tallies), Counter())
    times = sorted(time for tally in tallies for time in tally.latencies)
    percentiles = {p: times[min(len(times) - 1, int(len(times) * p / 100))] for p in (50, 90, 99)}
    return {
        "requests": plan.requests,
        "processes": plan.processes,
        "hostile": plan.hostile,
        "seed": plan.seed,
        "answered_right": statuses.total(),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "wrong": sum(tally.wrong for tally in tallies),
        "examples": [example for tally in tallies for example in tally.examples],
        "killed": sum(tally.killed for tally in tallies),
        "lost": sum(tally.lost for tally in tallies),
        "restarts": sum(tally.restarts for tally in tallies),
        "by_model": [versions[model.version] for model in plan.generations],
        "growth_kb": [round(_growth_kb(tally)) for tally in tallies],
        "largest_kb": max((max(tally.memory, default=0) for tally in tallies), default=0),
        "latency_ms": {
            **{f"p{p}": round(t * 1e3, 2) for p, t in percentiles.items()},
            "longest": round(times[-1] * 1e3, 2),
        },
        "seconds": round(seconds, 1),
        "per_second": round(plan.requests / seconds),
    }


def complaints(outcome: Mapping[str, object], *, memory: bool) -> list[str]:
    """What is wrong with a run, one sentence each; `memory` asks for the growth too, which takes
    some ten thousand requests a process to tell from noise."""
    sentences = []
    number = {name: value for name, value in outcome.items() if isinstance(value, int)}
    if number["wrong"]:
        sentences.append(f"{number['wrong']} wrong answers, such as {outcome['examples']}")
    if number["restarts"]:
        sentences.append(f"{number['restarts']} processes ended by themselves")
    if number["lost"] > number["killed"]:
        sentences.append(f"{number['lost']} requests lost where {number['killed']} were in flight")
    if number["answered_right"] + number["wrong"] + number["lost"] != number["requests"]:
        sentences.append("some requests have neither an answer nor a loss")
    models = outcome["by_model"]
    assert isinstance(models, list)
    if not all(models):
        sentences.append(f"a model answered nothing: {models}")
    growth = outcome["growth_kb"]
    assert isinstance(growth, list)
    if memory and max(growth) > GROWTH_LIMIT_KB:
        sentences.append(f"a process grew by {max(growth)} kB")
    return sentences
