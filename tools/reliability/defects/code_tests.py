"""The tests of the code, run in a process of their own over a copy that has a defect."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import PROJECT
from tools.reliability.defects.code_defect import CodeDefect

_COPIED = ("lambda_src", "model_training", "stacks", "tests", "tools", "examples", "docs")
_FILES = ("pyproject.toml", "app.py", "cdk.json")
_SECONDS = 90


def _copy(folder: Path) -> None:
    for name in _COPIED:
        if (PROJECT / name).is_dir():
            skipped = shutil.ignore_patterns("__pycache__", "screenshots")
            shutil.copytree(PROJECT / name, folder / name, ignore=skipped)
    for name in _FILES:
        shutil.copy(PROJECT / name, folder / name)
    (folder / "build").symlink_to(PROJECT / "build")


def plant(defect: CodeDefect, text: str) -> str:
    """`text` with the defect; raises `ValueError` where what it replaces is not there once."""
    if text.count(defect.old) != 1:
        raise ValueError(f"{defect.name}: {defect.old!r} is not in {defect.file} exactly once")
    return text.replace(defect.old, defect.new)


def caught_by(defect: CodeDefect) -> str | None:
    """The first test that fails on the defect, None where all pass.

    Raises `RuntimeError` where the tests could not run.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _copy(folder)
        file = folder / defect.folder / defect.file
        file.write_text(plant(defect, file.read_text("utf-8")), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", *defect.tests]
        try:
            ended = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return f"no end after {_SECONDS} s"
    if ended.returncode == 0:
        return None
    if ended.returncode < 0:
        return f"the interpreter dies of signal {-ended.returncode}"
    failed = re.search(r"^(?:FAILED|ERROR) \S*?::(.*?)(?: - .*)?$", ended.stdout, re.MULTILINE)
    if ended.returncode != 1 or failed is None:
        raise RuntimeError(f"{defect.name}: {ended.stdout[-500:]} {ended.stderr[-500:]}")
    return failed[1]
