"""Workers under load: each drives one execution environment and judges every answer."""

from __future__ import annotations

import contextlib
import json
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.local_aws.runtime_api import LambdaProcess, ProcessDiedError, Reply
from tools.reliability.answers import WrongAnswer, check_answer, check_predictions
from tools.reliability.hostile import Sent
from tools.reliability.models import HANDLER, LAMBDA_SOURCE, Generation

_SAMPLE_EVERY = 100
_KEPT = 5


@dataclass
class Tally:
    """What one worker has seen. Times in seconds, memory in kB."""

    statuses: Counter[int] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    examples: list[str] = field(default_factory=list)
    lost: int = 0
    killed: int = 0
    restarts: int = 0
    latencies: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)


def judge(sent: Sent, answer: Any, generations: Mapping[str, Generation]) -> tuple[int, str]:
    """The status and the model version of a right answer; raises `WrongAnswer`."""
    status, body = check_answer(answer)
    if status != sent.status:
        raise WrongAnswer(f"{status} instead of {sent.status}: {str(answer)[:500]}")
    version = answer["headers"]["X-Model-Version"]
    generation = generations.get(version)
    if generation is None:
        raise WrongAnswer(f"names a model that nobody published: {version}")
    if status == 200 and isinstance(body, dict) and "predictions" in body:
        texts = len(sent.texts) or len(body["predictions"])
        check_predictions(body, texts=texts, labels=generation.labels, version=version)
    if sent.texts:
        _check_classification(sent, body, generation)
    return status, version


def _check_classification(sent: Sent, body: Any, generation: Generation) -> None:
    """The answer is, to the last bit, what the one model that it names answers."""
    expected = [generation.predict(text) for text in sent.texts]
    content: object
    right: object
    if sent.plain:
        content, right = body, "".join(f"{label}\n" for label, _ in expected)
    else:
        content = [
            (label, list(probabilities.values()))
            for label, probabilities in zip(body["predictions"], body["probabilities"], strict=True)
        ]
        right = expected
    if content != right:
        raise WrongAnswer(f"{content} instead of {right}")
    if sent.explained:
        (explanation,) = body["explanations"]
        moved = math.fsum(token["contribution"] for token in explanation["tokens"])
        total = explanation["prior"] + moved
        if not math.isclose(total, explanation["log_odds"], rel_tol=0, abs_tol=1e-9):
            raise WrongAnswer(f"contributions do not sum to the log-odds: {explanation}")


class Worker:
    """One execution environment, replaced when it dies or when a new model is published.

    `environ` is asked whenever an environment starts, as Lambda asks the alias.
    """

    def __init__(
        self, environ: Callable[[], Mapping[str, str]], generations: Mapping[str, Generation]
    ) -> None:
        self.tally = Tally()
        self.replace = threading.Event()
        self._environ = environ
        self._generations = generations
        self._lock = threading.Lock()
        self._killed = False
        self._process = self._start()

    def _start(self) -> LambdaProcess:
        return LambdaProcess(LAMBDA_SOURCE, HANDLER, environ=self._environ()).__enter__()

    def close(self) -> None:
        self._process.__exit__()

    def kill(self) -> None:
        """Kills the environment, whatever it is doing. Safe to call from another thread."""
        with self._lock:
            if not self._killed:
                self._killed = True
                self.tally.killed += 1
                self._process.process.kill()

    def _renew(self) -> None:
        with self._lock:
            self._process.__exit__()
            self._process = self._start()
            self._killed = False

    def run(self, requests: Iterable[Sent], done: Callable[[], object]) -> None:
        """Sends every request once, one after the other."""
        for number, sent in enumerate(requests):
            if self.replace.is_set():
                self.replace.clear()
                self._renew()
            try:
                reply, seconds = self._ask(sent)
            except ProcessDiedError:
                self.tally.lost += 1
                self.tally.restarts += not self._killed
                self._renew()
            else:
                self.tally.latencies.append(seconds)
                self._count(sent, reply)
                if number % _SAMPLE_EVERY == 0:
                    # A process that was killed meanwhile has no memory to tell of.
                    with contextlib.suppress(OSError, StopIteration):
                        self.tally.memory.append(self._process.memory_kb())
            done()

    def _ask(self, sent: Sent) -> tuple[Reply, float]:
        started = time.perf_counter()
        reply = self._process.invoke(sent.event, timeout=30)
        return reply, reply.received - started

    def _count(self, sent: Sent, reply: Reply) -> None:
        try:
            if reply.error:
                raise WrongAnswer(f"the runtime reports a failure: {reply.body[:500]!r}")
            status, version = judge(sent, json.loads(reply.body), self._generations)
        except (WrongAnswer, KeyError, TypeError, ValueError) as error:
            self.tally.wrong += 1
            example = f"{type(error).__name__}: {error} on {sent.event[:300]!r}"
            self.tally.examples = [*self.tally.examples, example][:_KEPT]
        else:
            self.tally.statuses[status] += 1
            self.tally.versions[version] += 1
