"""Which files are generated, and their texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stacks.config.model_service import ModelService
from stacks.config.services import SERVICES
from stacks.packaging.golden import golden_input
from tools import PROJECT
from tools.openapi.document import body_example, document
from tools.openapi.inputs import Manifest, gateway_model
from tools.openapi.parts import Json


def document_of(service: ModelService) -> Json:
    """The document of a service, whose model must be trained."""
    manifest = manifest_of(service)
    recorded = PROJECT / "examples" / f"{service.name}.json"
    example = body_example(_read(recorded)) if recorded.is_file() else golden_input(manifest)
    return document(service, manifest, example)


def manifest_of(service: ModelService) -> Manifest:
    """The manifest of the service's model."""
    manifest: Manifest = _read(PROJECT / service.model_folder / "manifest.json")
    return manifest


def files() -> dict[Path, str]:
    """Every generated file with its text."""
    return {file: text for service in SERVICES for file, text in files_of(service).items()}


def files_of(service: ModelService) -> dict[Path, str]:
    """The generated files of a service: its document, and the schemas that gateways publish."""
    made = {service.document: document_of(service)}
    for route in service.routes:
        if route.schema is not None:
            made[route.schema] = gateway_model(manifest_of(service))
    return {file: rendered(value) for file, value in made.items()}


def rendered(value: Json) -> str:
    """A file's text: the same for the same code, one line for a change to one line."""
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
