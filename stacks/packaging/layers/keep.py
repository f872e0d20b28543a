"""What of installed packages runs: the one rule for layers and for container images.

An image's build runs this file alone (`python keep.py FOLDER`), so it imports nothing of ours.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

Keep = Callable[[str], bool]
"""Whether the file of this path, relative to site-packages, is kept."""

_LEFT_OUT_FOLDERS = frozenset({"tests", "test", "__pycache__"})
# Sources and declarations for compilers and type checkers: nothing reads them at run time.
_LEFT_OUT_SUFFIXES = frozenset(
    {".a", ".c", ".cpp", ".h", ".hpp", ".pxd", ".pxi", ".pyc", ".pyi", ".pyx", ".tp"}
)
# What pip notes beside a package: which files it wrote, and why.
_NOTES = frozenset({"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"})

# Of LiteRT, what its interpreter imports; by file name without suffix, which differs by platform.
# The rest, two thirds of it, drives graphics chips and converts models.
_LITERT = "ai_edge_litert"
_LITERT_KEPT = frozenset(
    {
        "__init__",
        "interpreter",
        "metrics_interface",
        "metrics_portable",
        "_pywrap_litert_interpreter_wrapper",
        "libpywrap_litert_common",
    }
)


def stripped(path: str) -> bool:
    """Keep what runs: no tests, no caches, no compilers' files, no list of what was installed.

    The folders `*.libs` stay as they are, byte for byte: stripping their symbols, or leaving one
    out, breaks the import of the package they belong to. So do licences and version numbers.
    """
    parts = PurePosixPath(path).parts
    if parts[0].endswith(".libs"):
        return True
    if _LEFT_OUT_FOLDERS & set(parts[:-1]) or parts[0] == "bin":
        return False
    if parts[0].endswith(".dist-info"):
        return parts[-1] not in _NOTES
    if parts[0] == _LITERT:
        return len(parts) == 2 and parts[1].partition(".")[0] in _LITERT_KEPT
    return PurePosixPath(path).suffix not in _LEFT_OUT_SUFFIXES


def everything(path: str) -> bool:  # noqa: ARG001 - it is a `Keep`
    """Keep all of a wheel, as pip does."""
    return True


def strip_folder(folder: Path) -> None:
    """Remove what does not run from a folder that packages are installed in."""
    # Deepest first, so that folders are empty when their turn comes.
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif not stripped(path.relative_to(folder).as_posix()):
            path.unlink()


if __name__ == "__main__":
    strip_folder(Path(sys.argv[1]))
