"""A zip that depends on its files and on nothing else."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

# The oldest time a zip can hold; times of files are those of whoever unpacked them.
_TIME = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE = 0o100000


def content_digest(files: Mapping[str, Path]) -> str:
    """SHA-256 over all paths and contents: the same on every machine, whatever compresses."""
    digest = hashlib.sha256()
    for name, file in sorted(files.items()):
        digest.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def write_zip(path: Path, files: Mapping[str, Path], advance: Callable[[int], object]) -> None:
    """Write path-in-the-zip → file, sorted, without times and owners.

    `advance` is called with the size in bytes of each file that is done.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(files.items()):
            content = file.read_bytes()
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3  # Unix, whatever wrote it: the permissions are Unix's
            entry.external_attr = (_REGULAR_FILE | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
            advance(len(content))
