"""Layers of a few bytes, kept as `make layers` keeps those it has built."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

from stacks.packaging.layers.built import RECORD, BuiltLayers, layer_folder, read_layers
from stacks.packaging.layers.libraries import Libraries
from stacks.packaging.layers.lock import read_lock
from stacks.packaging.layers.target import Target


def small_layers(cache: Path, libraries: Libraries, target: Target) -> BuiltLayers:
    """A runtime's layers for a target, of the locked versions, with one empty module each."""
    folder = layer_folder(cache, libraries, target)
    folder.mkdir(parents=True)
    pins = read_lock(libraries.lock)
    entries = []
    for digit, name in enumerate(libraries.layers):
        file = folder / f"{name}.zip"
        with zipfile.ZipFile(file, "w") as archive:
            # Of one time, or no two of them are the same bytes.
            archive.writestr(zipfile.ZipInfo(f"python/{name}.py"), "")
        entries.append(
            {
                "name": name,
                "content": str(digit) * 64,
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
                "packages": {
                    package: pin.version
                    for package, pin in pins.items()
                    if libraries.layer_of(package) == name
                },
                "parts": {name: 100},
            }
        )
    (folder / RECORD).write_text(json.dumps({"compiled_by": None, "layers": entries}))
    return read_layers(cache, libraries, target)
