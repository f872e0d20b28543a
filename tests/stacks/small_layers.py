"""Layers of a few bytes, as if they had been built."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

from stacks.packaging.layers.built import RECORD, layer_folder
from stacks.packaging.layers.libraries import Libraries
from stacks.packaging.layers.lock import read_lock
from stacks.packaging.layers.target import Target


def write_small_layers(cache: Path, libraries: Libraries, target: Target) -> None:
    """Write a runtime's layers for a target, of the locked versions, with one empty module each."""
    folder = layer_folder(cache, libraries, target)
    folder.mkdir(parents=True)
    pins = read_lock(libraries.lock)
    made = []
    for digit, name in enumerate(libraries.layers):
        file = folder / f"{name}.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(zipfile.ZipInfo(f"python/{name}.py"), "")
        made.append(
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
    (folder / RECORD).write_text(json.dumps({"compiled_by": None, "layers": made}))
