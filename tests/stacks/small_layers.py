"""Layers of a few bytes, as if they had been built."""

from __future__ import annotations

import zipfile
from pathlib import Path

from stacks.packaging.layers.built import BuiltLayer, BuiltLayers
from stacks.packaging.layers.libraries import Libraries
from stacks.packaging.layers.lock import read_lock
from stacks.packaging.layers.target import target_named


def small_layers(folder: Path, libraries: Libraries) -> BuiltLayers:
    """A runtime's layers for Lambda, of the locked versions, with one empty module each."""
    made = []
    pins = read_lock(libraries.lock)
    for digit, name in enumerate(libraries.layers):
        file = folder / f"{name}.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(f"python/{name}.py", "")
        made.append(
            BuiltLayer(
                name=name,
                file=file,
                content=str(digit) * 64,
                zipped=100,
                packages={
                    package: pin.version
                    for package, pin in pins.items()
                    if libraries.layer_of(package) == name
                },
                parts={name: 100},
            )
        )
    return BuiltLayers(
        libraries=libraries, target=target_named("lambda"), layers=tuple(made), compiled_by=None
    )
