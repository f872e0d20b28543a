"""The interpreters that a model is proven under."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path


def pythons_at_hand() -> list[Path]:
    """This interpreter, then each other Python 3.11 to 3.14 on PATH or under pyenv that runs."""
    names = [f"python3.{minor}" for minor in range(11, 15)]
    paths = [Path(path) for name in names if (path := shutil.which(name))]
    paths += under_pyenv()
    pythons = {sys.version.split()[0]: Path(sys.executable)}
    for python in paths:
        if (version := version_of(python)) is not None:
            pythons.setdefault(version, python)
    return list(pythons.values())


def under_pyenv() -> list[Path]:
    """Each Python 3.11 to 3.14 that pyenv has; a note where its folder cannot be read."""
    root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    versions = Path(root) / "versions"
    try:
        names = sorted(os.listdir(versions))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        print(
            f"note: {versions} cannot be read ({error.strerror}); the Pythons in it are left out "
            "of the proof",
            file=sys.stderr,
        )
        return []
    return [versions / name / "bin" / "python" for name in names if re.match(r"3\.1[1-4]\.", name)]


@cache
def version_of(python: Path) -> str | None:
    """The version `python` reports, or None if it does not run (a shim without its Python)."""
    try:
        child = subprocess.run(  # noqa: S603 - a Python found by name, asked for its version
            [str(python), "--version"], capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(rb"Python (3\.1[1-4]\.\S+)", child.stdout)
    return match[1].decode() if child.returncode == 0 and match else None


def order(python: Path) -> tuple[int, ...]:
    """The numbers of a Python's version, to put the oldest first."""
    return tuple(map(int, re.findall(r"\d+", version_of(python) or "")))
