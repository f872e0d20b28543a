"""From folders to zips that AWS takes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .archive import content_digest, write_zip
from .size_gate import check_unzipped, check_zipped, sizes_by_part, together

# Lambda puts /opt/python on the path of Python functions.
ROOT = "python"


def pack(trees: Mapping[str, Path], into: Path, what: str) -> list[dict[str, Any]]:
    """Write a zip per layer; return what the record says of each.

    Raises `TooLarge`, before anything is packed where the layers together are.
    """
    contents = {name: _files(tree) for name, tree in trees.items()}
    parts = {name: _parts(files) for name, files in contents.items()}
    check_unzipped(what, together(*parts.values()), layers=len(parts))
    total = sum(size for layer in parts.values() for size in layer.values())
    entries = []
    with tqdm(total=total, unit="B", unit_scale=True, desc="packing", disable=None) as bar:
        for name, files in contents.items():
            zipped = into / f"{name}.zip"
            write_zip(zipped, files, bar.update)
            check_zipped(f"the layer {name}", zipped.stat().st_size, parts[name])
            entries.append(
                {
                    "name": name,
                    "content": content_digest(files),
                    "sha256": hashlib.sha256(zipped.read_bytes()).hexdigest(),
                    "parts": parts[name],
                }
            )
    return entries


def _files(tree: Path) -> dict[str, Path]:
    return {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}


def _parts(files: Mapping[str, Path]) -> dict[str, int]:
    return sizes_by_part(
        (path.removeprefix(f"{ROOT}/"), file.stat().st_size) for path, file in files.items()
    )
