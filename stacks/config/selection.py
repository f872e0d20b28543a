"""What a context selects of the registry: a stage, and which services get a stack in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stacks.config.concurrency import reserving
from stacks.config.model_service import ModelService, UnknownChoice
from stacks.config.services import SERVICES
from stacks.config.stages import Stage, stage_named

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
    """What a context asks for: `-c stage=`, `-c reserve=`, `-c service=` and the choices of each
    service; without `service` all are deployed.

    Raises `UnknownStage` or `UnknownChoice` for what there is not.
    """
    stage = reserving(stage_named(context("stage") or "dev"), context)
    services = tuple(service.configured(context).packaged_for(stage) for service in SERVICES)
    name = context(SERVICE)
    if not name:
        return Selection(stage, services, services)
    deployed = tuple(service for service in services if service.name == name)
    if not deployed:
        names = "|".join(service.name for service in services)
        raise UnknownChoice(f"There is no service {name!r}: choose -c {SERVICE}={names}.")
    return Selection(stage, services, deployed)
