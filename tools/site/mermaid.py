"""The script that draws diagrams, so that a page asks no other host for it."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

from tools import PROJECT

VERSION = "11.6.0"
SHA256 = "3a93016a73dc82ba890d919f9bbb176f3da9d98341650c0b517f2595cc68fef8"
_KEPT = PROJECT / ".cache" / f"mermaid-{VERSION}.min.js"


def script() -> bytes:
    """The script of the pinned release, fetched by npm once.

    Raises `ValueError` where it is another file, and `CalledProcessError` where npm fails.
    """
    if not _KEPT.is_file():
        with tempfile.TemporaryDirectory() as folder:
            package = f"mermaid@{VERSION}"
            command = ["npm", "pack", package, "--silent", "--pack-destination", folder]
            subprocess.run(command, check=True, capture_output=True)
            with tarfile.open(Path(folder) / f"mermaid-{VERSION}.tgz") as archive:
                member = archive.extractfile("package/dist/mermaid.min.js")
                content = b"" if member is None else member.read()
        _KEPT.parent.mkdir(exist_ok=True)
        _KEPT.write_bytes(content)
    content = _KEPT.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ValueError(f"{_KEPT} is not mermaid {VERSION} as pinned; delete it and run again")
    return content
