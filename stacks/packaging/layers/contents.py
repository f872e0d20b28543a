"""The files of a wheel, as they go into a layer."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .errors import LayerError
from .keep import Keep

# Of the folders a wheel may bring beside its packages (PEP 427), those that are packages too.
_SCHEMES = ("purelib", "platlib")

# e_machine in a file's ELF header: the System V ABI's numbers, by platform.machine()'s names.
_ELF_MACHINES = {"aarch64": 183, "arm64": 183, "x86_64": 62, "AMD64": 62}


def wheel_files(wheel: Path, keep: Keep) -> Iterator[tuple[str, bytes]]:
    """Path relative to site-packages, and content, of each file that is kept."""
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            path = _installed_path(info.filename)
            if not info.is_dir() and path is not None and keep(path):
                yield path, archive.read(info)


def check_machine(path: str, content: bytes, machine: str) -> None:
    """Raise `LayerError` if a shared object is for another machine, or is none."""
    name = PurePosixPath(path).name
    if not (name.endswith(".so") or ".so." in name):
        return
    machine_code = struct.unpack_from("<H", content, 18)[0] if content[:4] == b"\x7fELF" else None
    if machine_code != _ELF_MACHINES[machine]:
        raise LayerError(
            f"{path} is for ELF machine {machine_code} where {machine} is {_ELF_MACHINES[machine]}"
        )


def _installed_path(name: str) -> str | None:
    parts = name.split("/")
    if ".." in parts or name.startswith("/"):
        raise LayerError(f"a wheel holds the path {name!r}, which leads out of its folder")
    if not parts[0].endswith(".data"):
        return name
    if len(parts) > 2 and parts[1] in _SCHEMES:
        return "/".join(parts[2:])
    return None
