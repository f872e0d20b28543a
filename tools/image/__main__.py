"""`python -m tools.image`: build the image of each service that ships as one, run it, ask it."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from model_training.publishing.manifests import ArtifactError
from stacks.config.model_service import ModelService
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.packaging.function_files import function_environment, function_files
from stacks.packaging.image.context import stage_context
from stacks.packaging.layers.libraries import LIBRARIES, libraries_of
from tools import PROJECT
from tools.image.checks import check_answers, check_contents
from tools.image.engine import ENGINES, Engine, ImageFailed, find
from tools.verified_model import verified_model

_PLATFORMS = {"arm64": "linux/arm64", "x86_64": "linux/amd64"}


def main() -> int:
    """Build, run, ask; a failure is one line and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.image", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, help="default: the first that is here")
    parser.add_argument("--service", help="one service (default: those with libraries)")
    chosen = parser.parse_args()
    try:
        engine = Engine(find(chosen.engine))
        for service in _services(chosen.service):
            _try(engine, service)
    except (ImageFailed, ArtifactError) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _services(name: str | None) -> list[ModelService]:
    chosen = [s for s in SERVICES if (s.name == name if name else s.runtime in LIBRARIES)]
    if not chosen:
        raise ImageFailed(f"No service is called {name}." if name else "No service has libraries.")
    return [replace(service, package="image", model_location="package") for service in chosen]


def _try(engine: Engine, service: ModelService) -> None:
    model = verified_model(service, PROJECT / service.model_folder)
    files = function_files(service, model, PROJECT / "lambda_src")
    tag = f"localhost/{service.slug}:test"
    with tempfile.TemporaryDirectory(prefix="context-") as scratch:
        folder = Path(scratch) / "context"
        staged = stage_context(folder, service, files, frame=model.frame)
        print(f"building {tag} with {engine.command}", flush=True)
        platform = _PLATFORMS[service.architecture]
        engine.build(folder, tag, staged, platform)
    libraries = None
    if service.runtime in LIBRARIES:
        libraries = libraries_of(service, frame=model.frame)
    check_contents(engine, tag, service, files, libraries)
    environ = {
        **function_environment(service, model, "public"),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(service.memory),
    }
    with engine.running(tag, environ, service.memory) as (container, url):
        check_answers(url, service, _event(service), model_of(model))
        print("its log:")
        print("\n".join(f"  {line}" for line in engine.logs(container).splitlines()))
    bounds = f"read-only and within {service.memory} MiB"
    print(f"\n{tag}: built, holds what the zip holds, answers; not as root, {bounds}")


def model_of(model: PublishedModel) -> dict[str, str]:
    """What every answer names."""
    return {"name": model.name, "version": model.version}


def _event(service: ModelService) -> Any:
    return json.loads((PROJECT / "examples" / f"{service.name}.json").read_text())


if __name__ == "__main__":
    sys.exit(main())
