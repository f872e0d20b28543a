"""What `make serve WATCH=1` deploys again when it is changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class Watched:
    """The files of some folders; which have changed is told once."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._seen = self._times()

    def changed(self) -> list[Path]:
        """Files that came, went or were written since the last time anybody asked."""
        now = self._times()
        differing = {file for file, _ in now.items() ^ self._seen.items()}
        self._seen = now
        return sorted(differing)

    def _times(self) -> dict[Path, int]:
        times = {}
        for folder in self._folders:
            for file in folder.rglob("*"):
                if "__pycache__" not in file.parts and file.is_file():
                    times[file] = file.stat().st_mtime_ns
        return times
