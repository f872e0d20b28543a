"""What a function consists of, whatever carries it: its files, and what it is told."""

from __future__ import annotations

from pathlib import Path

from stacks.config.published_model import PublishedModel
from stacks.config.services import ModelService
from stacks.config.stages import Egress
from stacks.packaging.byte_code.needed import needed_files
from stacks.packaging.code_asset import source_files

# Where, in a function's package, a model lies that travels in it.
_MODEL = "model"


def function_files(
    service: ModelService, model: PublishedModel, lambda_source: Path
) -> dict[str, Path]:
    """Path-in-the-package → file: the modules the service imports, and the model if it is there."""
    sources = source_files(lambda_source, [*service.packages, service.name])
    files = needed_files(sources, service.name)
    if service.model_location == "package":
        files |= {f"{_MODEL}/{name}": model.folder / name for name in model.artifacts}
    return files


def function_environment(
    service: ModelService, model: PublishedModel, egress: Egress
) -> dict[str, str]:
    """What the function is told of its model and of whom it may ask."""
    environment = {
        "MODEL_NAME": model.name,
        "MODEL_VERSION": model.version,
        "MODEL_ARTIFACTS": model.pins(),
        "MODEL_RUNTIME": service.runtime,
        "MODEL_LOCATION": service.model_location,
    }
    if service.fetches:
        environment["FETCH_ALLOW"] = egress
    return environment
