"""From a lock to checked zips: download, choose, compile, pack, measure."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from .built import RECORD, BuiltLayers, layer_folder, read_layers
from .compiled import compile_folder, interpreter
from .contents import check_machine, wheel_files
from .errors import LayerError
from .keep import Keep, stripped
from .libraries import Libraries
from .lock import read_lock
from .packing import ROOT, pack
from .target import Target
from .wheels import checked_wheels, download


def build(
    libraries: Libraries,
    *,
    target: Target,
    cache: Path,
    say: Callable[[str], object],
    keep: Keep = stripped,
) -> BuiltLayers:
    """Build a runtime's layers for a target, or find that they are built already.

    Raises `LayerError` where a wheel is missing, wrong or for another machine, and `TooLarge`
    where AWS would refuse the result; then nothing is kept but the downloaded wheels.
    """
    if libraries.beside is not None:
        build(libraries.beside, target=target, cache=cache, say=say, keep=keep)
    command, version = interpreter(target.python) or (None, None)
    try:
        built = read_layers(cache, libraries, target)
    except LayerError:
        built = None
    if built is not None and built.compiled_by == version:
        say(f"already built: {layer_folder(cache, libraries, target)}")
        return built
    wheels = _wheels(libraries, target, cache, say)
    say(
        f"compiling with Python {version}"
        if version
        else f"no Python {target.python} is here to compile with: the layers carry sources only"
    )
    folder = layer_folder(cache, libraries, target)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        trees = _unpack(libraries, wheels, Path(scratch), target, keep)
        if command is not None:
            for tree in trees.values():
                compile_folder(tree, command)
        part = Path(scratch) / "zips"
        part.mkdir()
        entries = pack(trees, part, f"The layers of {libraries.lock.name}")
        pins = read_lock(libraries.lock)
        for entry in entries:
            held = (name for name in pins if libraries.layer_of(name) == entry["name"])
            entry["packages"] = {name: pins[name].version for name in held}
        record = {"compiled_by": version, "layers": entries, "target": target.as_record()}
        (part / RECORD).write_text(json.dumps(record, indent=2, sort_keys=True) + "\n")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    return read_layers(cache, libraries, target)


def _wheels(
    libraries: Libraries, target: Target, cache: Path, say: Callable[[str], object]
) -> dict[str, Path]:
    """The checked wheels of the lock, downloaded where the last build did not leave them."""
    pins = read_lock(libraries.lock)
    folder = cache / "wheels" / layer_folder(cache, libraries, target).name
    try:
        return checked_wheels(folder, pins, target)
    except LayerError:
        say(f"downloading {len(pins)} wheels for Python {target.python} on {target.machine}")
    download(libraries.lock, target, folder)
    return checked_wheels(folder, pins, target)


def _unpack(
    libraries: Libraries, wheels: Mapping[str, Path], into: Path, target: Target, keep: Keep
) -> dict[str, Path]:
    """Layer → folder with its files below `python/`."""
    trees = {name: into / name for name in libraries.layers}
    for package, wheel in wheels.items():
        for path, content in wheel_files(wheel, keep):
            if target.elf:
                check_machine(path, content, target.machine)
            file = trees[libraries.layer_of(package)] / ROOT / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists():
                raise LayerError(f"{path} comes from two packages, {package} among them")
            file.write_bytes(content)
    return {name: tree for name, tree in trees.items() if tree.is_dir()}
