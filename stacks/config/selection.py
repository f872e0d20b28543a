"""What a context selects of the registry: a stage, and which services get a stack in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .concurrency import reserving
from .model_service import ModelService, UnknownChoice
from .release import RELEASE, RELEASES
from .services import SERVICES
from .stages import Stage, stage_named

# The key of the app's context that names one service.
SERVICE = "service"


@dataclass(frozen=True)
class Selection:
    """A stage and its services.

    `services` are those of the registry, configured by the context and packaged as the stage can
    run them: the model store holds the models of all. `deployed` are those that get a stack.
    """

    stage: Stage
    services: tuple[ModelService, ...]
    deployed: tuple[ModelService, ...]


def selected(context: Callable[[str], str | None]) -> Selection:
    """What a context asks for: `-c stage=`, `-c reserve=`, `-c release=`, `-c service=` and the
    choices of each service; without `service` all are deployed.

    Raises `UnknownStage` or `UnknownChoice` for what there is not.
    """
    stage = _releasing(reserving(stage_named(context("stage") or "dev"), context), context)
    services = tuple(service.configured(context).packaged_for(stage) for service in SERVICES)
    name = context(SERVICE)
    if not name:
        return Selection(stage, services, services)
    deployed = tuple(service for service in services if service.name == name)
    if not deployed:
        names = "|".join(service.name for service in services)
        raise UnknownChoice(f"There is no service {name!r}: choose -c {SERVICE}={names}.")
    return Selection(stage, services, deployed)


def _releasing(stage: Stage, context: Callable[[str], str | None]) -> Stage:
    """The stage with what a context says of releases: `-c release=all_at_once|canary|linear`."""
    word = context(RELEASE)
    if word is None:
        return stage
    if word not in RELEASES:
        choices = "|".join(RELEASES)
        raise UnknownChoice(f"There is no release {word!r}: choose -c {RELEASE}={choices}.")
    return replace(stage, release=RELEASES[word])
