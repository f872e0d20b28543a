"""The services whose rows can be scored, found in the registry, with their models checked."""

from __future__ import annotations

from batch.errors import Refused

from model_training.publishing.manifests import ArtifactError
from stacks.config.model_service import ModelService
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.packaging.function_files import function_environment
from tools import PROJECT
from tools.batch.process import Embedded
from tools.verified_model import verified_model

ROW_KINDS = ("text", "fields")


def entry(name: str) -> ModelService:
    """The entry of a service. Raises `Refused`."""
    for service in SERVICES:
        if service.name == name:
            return service
    names = ", ".join(service.name for service in SERVICES)
    raise Refused(f"There is no service {name!r}; there are: {names}.")


def published(service: ModelService) -> PublishedModel:
    """Its model. Raises `Refused` where there is none, or where it answers no rows."""
    try:
        model = verified_model(service, PROJECT / service.model_folder)
    except ArtifactError as error:
        raise Refused(str(error)) from None
    if model.kind not in ROW_KINDS:
        raise Refused(f"{service.name} takes a {model.kind}; batch scores rows of text or fields.")
    return model


def embedded(service: ModelService, model: PublishedModel) -> Embedded:
    """The service as a process of this machine has it."""
    environment = function_environment(service, model, "public")
    # A door for callers, and there are none.
    environment.pop("SERVICE_INVOCATIONS", None)
    return Embedded(
        module=service.handler.rpartition(".")[0],
        environment=environment,
        files={name: model.folder / name for name in model.artifacts},
    )
