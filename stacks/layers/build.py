"""From a lock to checked zips: download, choose, compile, pack, measure."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stacks.layers.archive import content_digest, write_zip
from stacks.layers.built import RECORD, BuiltLayers, layer_folder, read_layers
from stacks.layers.compiled import compile_folder, interpreter
from stacks.layers.contents import Keep, check_machine, stripped, wheel_files
from stacks.layers.errors import LayerError
from stacks.layers.lock import LAYERS, layer_of, read_lock
from stacks.layers.size_gate import check_unzipped, check_zipped, sizes_by_part, together
from stacks.layers.target import Target
from stacks.layers.wheels import checked_wheels, download

# Lambda puts /opt/python on the path of Python functions.
_ROOT = "python"


def build(
    *, lock: Path, target: Target, cache: Path, say: Callable[[str], object], keep: Keep = stripped
) -> BuiltLayers:
    """Build the layers of a lock for a target, or find that they are built already.

    Raises `LayerError` where a wheel is missing, wrong or for another machine, and `TooLarge`
    where AWS would refuse the result; then nothing is kept but the downloaded wheels.
    """
    command, version = interpreter(target.python) or (None, None)
    try:
        built = read_layers(cache, lock, target)
    except LayerError:
        built = None
    if built is not None and built.compiled_by == version:
        say(f"already built: {layer_folder(cache, lock, target)}")
        return built
    wheels = _wheels(lock, target, cache, say)
    say(
        f"compiling with Python {version}"
        if version
        else f"no Python {target.python} is here to compile with: the layers carry sources only"
    )
    folder = layer_folder(cache, lock, target)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        trees = _unpack(wheels, Path(scratch), target, keep)
        if command is not None:
            for tree in trees.values():
                compile_folder(tree, command)
        part = Path(scratch) / "zips"
        part.mkdir()
        entries = _pack(trees, part)
        for entry in entries:
            entry["packages"] = {
                name: pin.version
                for name, pin in read_lock(lock).items()
                if layer_of(name) == entry["name"]
            }
        check_unzipped(
            f"The layers of {lock.name}",
            together(*(entry["parts"] for entry in entries)),
            layers=len(entries),
        )
        record = {"compiled_by": version, "layers": entries, "target": target.facts()}
        (part / RECORD).write_text(json.dumps(record, indent=2, sort_keys=True) + "\n")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    return read_layers(cache, lock, target)


def _wheels(
    lock: Path, target: Target, cache: Path, say: Callable[[str], object]
) -> dict[str, Path]:
    """The checked wheels of the lock, downloaded where the last build did not leave them."""
    pins = read_lock(lock)
    folder = cache / "wheels" / layer_folder(cache, lock, target).name
    try:
        return checked_wheels(folder, pins, target)
    except LayerError:
        say(f"downloading {len(pins)} wheels for Python {target.python} on {target.machine}")
    download(lock, target, folder)
    return checked_wheels(folder, pins, target)


def _unpack(wheels: Mapping[str, Path], into: Path, target: Target, keep: Keep) -> dict[str, Path]:
    """Layer → folder with its files below `python/`."""
    trees = {name: into / name for name in LAYERS}
    for package, wheel in wheels.items():
        for path, content in wheel_files(wheel, keep):
            if target.elf:
                check_machine(path, content, target.machine)
            file = trees[layer_of(package)] / _ROOT / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists():
                raise LayerError(f"{path} comes from two packages, {package} among them")
            file.write_bytes(content)
    return {name: tree for name, tree in trees.items() if tree.is_dir()}


def _pack(trees: Mapping[str, Path], into: Path) -> list[dict[str, Any]]:
    """Write a zip per layer; return what the record says of each."""
    contents = {name: _files(tree) for name, tree in trees.items()}
    sizes = {
        name: {path: file.stat().st_size for path, file in files.items()}
        for name, files in contents.items()
    }
    total = sum(size for layer in sizes.values() for size in layer.values())
    entries: list[dict[str, Any]] = []
    with tqdm(total=total, unit="B", unit_scale=True, desc="packing", disable=None) as bar:
        for name, files in contents.items():
            file = into / f"{name}.zip"
            write_zip(file, files, bar.update)
            parts = sizes_by_part(
                (path.removeprefix(f"{_ROOT}/"), size) for path, size in sizes[name].items()
            )
            check_zipped(f"the layer {name}", file.stat().st_size, parts)
            entries.append(
                {
                    "name": name,
                    "content": content_digest(files),
                    "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
                    "parts": parts,
                }
            )
    return entries


def _files(tree: Path) -> dict[str, Path]:
    found: Iterable[Path] = (path for path in tree.rglob("*") if path.is_file())
    return {path.relative_to(tree).as_posix(): path for path in found}
