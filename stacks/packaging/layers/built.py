"""Layers that were built: what a synthesis reads, and all it reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...config.model_service import ModelService
from ...config.published_model import PublishedModel
from ...config.stages import Stage
from ...lambda_source import ROOT
from .errors import LayerError
from .libraries import Libraries, libraries_of, needs_layers
from .size_gate import together
from .target import Target, target_named

# Of an app elsewhere they lie in the folder that it is synthesized in.
_IS_CHECKOUT = (ROOT / "Makefile").is_file()
CACHE = (ROOT if _IS_CHECKOUT else Path.cwd()) / ".cache" / "layers"
RECORD = "layers.json"
# Raised when other files go into a layer, or go there another way: caches of before are not used.
RECIPE = 1


@dataclass(frozen=True, kw_only=True)
class BuiltLayer:
    """One zip: `content` is the SHA-256 of what is in it, sizes are bytes.

    `parts` are unzipped bytes by folder.
    """

    name: str
    file: Path
    content: str
    zipped: int
    packages: Mapping[str, str]
    parts: Mapping[str, int]

    @property
    def unzipped(self) -> int:
        """Bytes in Lambda's /opt."""
        return sum(self.parts.values())


@dataclass(frozen=True, kw_only=True)
class BuiltLayers:
    """All layers of a runtime for one target, in the order in which a function gets them.

    `compiled_by` is the Python whose byte code they carry, None where there is none.
    """

    libraries: Libraries
    target: Target
    layers: tuple[BuiltLayer, ...]
    compiled_by: str | None

    @property
    def packages(self) -> dict[str, str]:
        """Package → version, of all layers."""
        return {name: version for layer in self.layers for name, version in layer.packages.items()}

    @property
    def parts(self) -> dict[str, int]:
        """Unzipped bytes by folder, of all layers."""
        return together(*(layer.parts for layer in self.layers))

    def require_versions(self, model: str, trained_with: Mapping[str, str]) -> None:
        """Raise `LayerError` unless the libraries that trained a model are those in the layers."""
        for library in self.libraries.agreeing:
            trained, here = trained_with.get(library), self.packages.get(library)
            if trained != here:
                raise LayerError(
                    f"The model {model} was trained with {library} {trained} and its layers hold "
                    f"{here}; train it again with that, or pin {library} {trained} in "
                    f"{self.libraries.lock.stem}.in and run: make lock layers"
                )


def cache_key(lock: Path, target: Target) -> str:
    """What the layers are made from, in 12 hexadecimal digits: another lock is another folder."""
    recipe_and_target = json.dumps([RECIPE, target.as_record()], sort_keys=True).encode()
    return hashlib.sha256(recipe_and_target + lock.read_bytes()).hexdigest()[:12]


def layer_folder(cache: Path, libraries: Libraries, target: Target) -> Path:
    """Where a runtime's layers for a target are kept."""
    return cache / f"{libraries.name}-{target.name}-{cache_key(libraries.lock, target)}"


def read_layers(cache: Path, libraries: Libraries, target: Target) -> BuiltLayers:
    """The layers built for a target; `LayerError` where they are missing or damaged.

    Reads files and asks no network: who wants layers builds them first.
    """
    beside = read_layers(cache, libraries.beside, target).layers if libraries.beside else ()
    folder = layer_folder(cache, libraries, target)
    command = "make layers" if target.name == "lambda" else "make layers TARGET=here"
    if not _IS_CHECKOUT:
        module = f"{__package__} --runtime {libraries.name} --target {target.name}"
        command = f"python -m {module}"
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_bytes())
        layers = tuple(_layer(folder, entry) for entry in record["layers"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = str(error) if isinstance(error, LayerError) else "they are not built"
        raise LayerError(
            f"There are no layers of {libraries.lock.name} for Python {target.python} on "
            f"{target.machine}: {reason}; run: {command}"
        ) from None
    return BuiltLayers(
        libraries=libraries,
        target=target,
        layers=(*beside, *layers),
        compiled_by=record["compiled_by"],
    )


def layers_for(
    service: ModelService, model: PublishedModel, stage: Stage, cache: Path = CACHE
) -> BuiltLayers | None:
    """The layers built for a stage, of the versions that trained a model; None where the service
    needs none. Raises `LayerError`."""
    if not needs_layers(service):
        return None
    libraries = libraries_of(service, frame=model.frame)
    layers = read_layers(cache, libraries, target_named(stage.layer_target, service.architecture))
    layers.require_versions(model.name, model.trained_with)
    return layers


def _layer(folder: Path, entry: Mapping[str, Any]) -> BuiltLayer:
    file = folder / f"{entry['name']}.zip"
    if hashlib.sha256(file.read_bytes()).hexdigest() != entry["sha256"]:
        raise LayerError(f"{file.name} is not the file that was built")
    return BuiltLayer(
        name=entry["name"],
        file=file,
        content=entry["content"],
        zipped=file.stat().st_size,
        packages=entry["packages"],
        parts=entry["parts"],
    )
