"""What goes into a function's zip: chosen folders and files, nothing that varies by machine."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def source_files(root: Path, folders: Sequence[str]) -> dict[str, Path]:
    """Return path-in-the-zip → file for all of some folders' files, without compiled leftovers."""
    files: dict[str, Path] = {}
    for folder in folders:
        if not (root / folder).is_dir():
            raise FileNotFoundError(f"{root / folder} is no folder: nothing to package")
        for file in sorted((root / folder).rglob("*")):
            name = file.relative_to(root)
            left_over = any(part.startswith((".", "__pycache__")) for part in name.parts)
            if file.is_file() and not left_over and file.suffix != ".pyc":
                files[name.as_posix()] = file
    return files


def stage_files(into: Path, files: Mapping[str, Path]) -> str:
    """Copy the files into an empty folder and return it, ready to become an asset.

    The CDK hashes names and contents, so equal files give an equal asset wherever `into` lies.
    """
    into.mkdir(parents=True)
    for name, file in sorted(files.items()):
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return str(into)


def zipped_size(files: Mapping[str, Path]) -> int:
    """Bytes of a zip that holds these files, compressed as the CDK compresses an asset."""
    with tempfile.TemporaryFile() as sink:
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, file in files.items():
                archive.write(file, name)
        return sink.tell()
