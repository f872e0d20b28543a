"""What goes into a function's zip: chosen folders and files, nothing that varies by machine."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

Content = Path | bytes
"""What a file of a package is filled with: another file's content, or what was made for it."""


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


def stage_files(into: Path, files: Mapping[str, Content]) -> str:
    """Lay the files into an empty folder and return it, ready to become an asset.

    The CDK hashes names and contents, so equal files give an equal asset wherever `into` lies.
    """
    into.mkdir(parents=True)
    for name in sorted(files):
        content, target = files[name], into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            shutil.copyfile(content, target)
    return str(into)


def zipped_size(files: Mapping[str, Content]) -> int:
    """Bytes of a zip that holds these files, compressed as the CDK compresses an asset."""
    with tempfile.TemporaryFile() as sink:
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                if isinstance(content, bytes):
                    archive.writestr(name, content)
                else:
                    archive.write(content, name)
        return sink.tell()
