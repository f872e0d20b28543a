"""Finds the interpreter of a runtime, and has it compile a staged package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def interpreter_of(runtime: str) -> Path | None:
    """The Python of a Lambda runtime such as "python3.14": this one or one on PATH, else None."""
    if runtime == f"python{sys.version_info.major}.{sys.version_info.minor}":
        return Path(sys.executable)
    path = shutil.which(runtime)
    # A version manager's placeholder is found for versions that it does not have.
    question = "import sys; print('python%d.%d' % sys.version_info[:2])"
    if path is None or _output(path, "-c", question) != runtime:
        return None
    return Path(path)


def compile_package(folder: Path, package: str, python: Path) -> None:
    """Replace all modules in a staged folder by byte code that `python` runs.

    `package` is the one that the handler is imported from. Equal sources give equal bytes.
    """
    compiler = Path(__file__).with_name("compiler.py")
    command = [str(python), "-I", "-X", "no_debug_ranges", str(compiler), str(folder), package]
    subprocess.run(command, check=True)  # noqa: S603 - an interpreter the app has chosen


def _output(*command: str) -> str:
    child = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    return child.stdout.strip()
