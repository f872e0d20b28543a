"""Byte code, where an interpreter of the layer's version is at hand."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from ..byte_code.packaging import interpreter_of
from .errors import LayerError


def interpreter(python: str) -> tuple[str, str] | None:
    """(command, full version) of a CPython of version `python`, like "3.14"; None without one."""
    command = interpreter_of(f"python{python}")
    if command is None:
        return None
    outcome = subprocess.run(  # noqa: S603 - an interpreter, no shell
        [str(command), "-I", "-c", "import platform; print(platform.python_version())"],
        capture_output=True,
        text=True,
        check=True,
    )
    return str(command), outcome.stdout.strip()


def compile_folder(folder: Path, command: str) -> None:
    """Put byte code beside every source below `folder`, the same bytes wherever `folder` lies.

    It is never compared with its source ("unchecked", PEP 552): a layer is read-only, and without
    looking at each source an import takes half the time.
    """
    finished = subprocess.run(  # noqa: S603 - an interpreter, no shell
        [
            command, "-s", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash",
            # What a traceback shows: the path in Lambda, not the one here.
            "-s", str(folder), "-p", "/opt", str(folder),
        ],
        # The order of a set in byte code is that of this process.
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if finished.returncode != 0:
        raise LayerError(f"compileall failed: {finished.stdout.strip()[:200]}")
