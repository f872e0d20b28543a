"""How many requests a service may answer at once, taken out of the account's quota for it alone.

Without a reservation one open service can use up what every function of the account shares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .model_service import FunctionUrl, ModelService, UnknownChoice
from .stages import Stage

# The key of the app's context that says so for one synthesis.
RESERVE = "reserve"
_ANSWERS = {"yes": True, "no": False}


def reserving(stage: Stage, context: Callable[[str], str | None]) -> Stage:
    """The stage with what a context says of reservations: `-c reserve=yes|no`.

    Raises `UnknownChoice` for another word.
    """
    word = context(RESERVE)
    if word is None:
        return stage
    if word not in _ANSWERS:
        raise UnknownChoice(f"There is no reserve {word!r}: choose -c reserve=yes|no.")
    return replace(stage, reserve=_ANSWERS[word])


def reserved_concurrency(service: ModelService, stage: Stage) -> int | None:
    """Concurrent executions that a stage reserves for a service; None where it shares the rest."""
    if not stage.reserve:
        return None
    return service.reserved_concurrency or stage.reserved_concurrency


def reservations(services: Sequence[ModelService], stage: Stage) -> dict[str, int]:
    """Service → what a stage reserves for it and for its batch jobs, of those that get any."""
    reserved = {service.name: reserved_concurrency(service, stage) for service in services}
    return {
        service.name: count + (batch_reservation(service, stage) or 0)
        for service in services
        if (count := reserved[service.name]) is not None
    }


def batch_reservation(service: ModelService, stage: Stage) -> int | None:
    """Concurrent executions that a stage reserves for a service's batch jobs, which may have no
    more; None where nothing is reserved."""
    return stage.batch_concurrency if service.batch and stage.reserve else None


def bounds(services: Sequence[ModelService], stage: Stage) -> str:
    """What bounds each of the services in a stage, in one sentence per kind of bound."""
    kept = reservations(services, stage)
    shared = [service for service in services if service.name not in kept]
    behind_api = [s.name for s in shared if not isinstance(s.endpoint, FunctionUrl)]
    bare = [s.name for s in shared if isinstance(s.endpoint, FunctionUrl) and s.is_open(stage)]
    sentences = [f"Reserved concurrent executions: {_listed(kept)}."] if kept else []
    if behind_api:
        sentences.append(
            f"Nothing is reserved for {', '.join(behind_api)}: the gateway's throttle "
            f"({stage.rate} requests a second, bursts of {stage.burst}) and the timeout bound each."
        )
    if bare:
        sentences.append(
            f"Nothing is reserved for {', '.join(bare)}: a Function URL has no throttle, so "
            "anybody may use up the concurrent executions of this account and region."
        )
    return " ".join(sentences)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
