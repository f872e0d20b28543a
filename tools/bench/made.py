"""Folders that are made once and again only when what they were made from has changed."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path


def make_once(
    folder: Path, sources: Iterable[Path], parts: Iterable[bytes], make: Callable[[Path], None]
) -> None:
    """Calls `make` on an empty folder unless it holds what these sources and parts gave."""
    digest = hashlib.sha256(sys.version.encode())
    for content in (*(source.read_bytes() for source in sources), *parts):
        digest.update(hashlib.sha256(content).digest())
    note = folder.with_suffix(".made")
    if note.is_file() and note.read_text() == digest.hexdigest() and folder.is_dir():
        return
    note.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make(folder)
    # Last, so that a making that was interrupted begins anew.
    note.write_text(digest.hexdigest())
