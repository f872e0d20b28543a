"""The models that training has left, as a function finds them: every service of the registry."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from model_training.publishing.artifacts import advice_for
from model_training.publishing.runtimes import modules, reader, reads
from stacks.config.model_service import ModelService, Runtime
from stacks.config.services import SERVICES
from stacks.packaging.code_asset import stage_files
from stacks.packaging.function_files import documents, function_modules
from stacks.packaging.golden import golden_input
from tools import PROJECT
from tools.local_aws.events import url
from tools.local_aws.small_model import Files, pinned

LAMBDA_SRC = PROJECT / "lambda_src"


@dataclass(frozen=True)
class Variant:
    """A service of the registry, evaluated by one of the runtimes its model can be served with."""

    service: ModelService
    runtime: str

    def __str__(self) -> str:
        return f"{self.service.name}-{self.runtime}"

    @property
    def files(self) -> Files:
        """The model's files by name, the manifest among them."""
        names = sorted([*self.manifest["artifacts"], "manifest.json"])
        return {name: (_folder(self.service) / name).read_bytes() for name in names}

    @property
    def manifest(self) -> dict[str, Any]:
        return manifest_of(self.service)

    def environ(self) -> dict[str, str]:
        """The variables that say which model and how, but not where its files lie."""
        return pinned(self.files, self.service.name, self.runtime)

    def example(self) -> dict[str, Any]:
        """The example event, recorded or made from one of the model's golden inputs."""
        recorded = PROJECT / "examples" / f"{self.service.name}.json"
        if recorded.exists():
            event = json.loads(recorded.read_text(encoding="utf-8"))
            assert isinstance(event, dict)
            return event
        body = json.dumps(golden_input(self.manifest))
        headers = {"content-type": "application/json"}
        return url(body, self.service.routes[0].path, headers=headers)

    def package(self, into: Path) -> Path:
        """Lay out the function's zip with the model in it, as `model_location` package does, in a
        new folder."""
        read_by = reader(self.runtime, self.manifest)
        kind = self.manifest["kind"]
        files = function_modules(
            replace(self.service, model_location="package"),
            kind,
            read_by,
            modules(self.manifest, self.runtime),
            LAMBDA_SRC,
        )
        stage_files(into, {**files, **documents(self.service, kind, LAMBDA_SRC)})
        (into / "model").mkdir()
        for name, data in self.files.items():
            (into / "model" / name).write_bytes(data)
        return into


def _folder(service: ModelService) -> Path:
    return PROJECT / service.model_folder


def manifest_of(service: ModelService) -> dict[str, Any]:
    """The manifest of the trained model; fails saying how there would be one."""
    path = _folder(service) / "manifest.json"
    if not path.exists():
        raise AssertionError(f"{service.name} is not trained; {advice_for(service.name)}")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(manifest, dict)
    return manifest


def _runtimes(service: ModelService) -> tuple[str, ...]:
    try:
        manifest = manifest_of(service)
    except AssertionError:
        return ("portable",)  # whose tests then fail with that sentence
    return tuple(name for name in get_args(Runtime) if reads(name, manifest))


VARIANTS = [Variant(service, runtime) for service in SERVICES for runtime in _runtimes(service)]
