"""The command of `make image-test` where there is nothing to run it with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import PROJECT
from tools.image.checks import _neutral
from tools.image.engine import ENGINES, ImageFailed, find

# The library prints a banner on a Node past its end of life.
SILENT = {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20,21,22,23,24,25"}


def test_without_an_engine_it_says_in_one_line_what_to_install(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "tools.image"],
        cwd=PROJECT,
        env={"PATH": str(_with_node(tmp_path)), "HOME": str(tmp_path), **SILENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    [line] = finished.stderr.splitlines()
    assert "No docker and no podman and no finch works here; install" in line
    assert "make serve" in line


def _with_node(folder: Path) -> Path:
    """A folder with nothing but what the CDK's library runs on."""
    node = shutil.which("node")
    assert node is not None
    (folder / "node").symlink_to(node)
    return folder


def test_the_first_engine_that_is_there_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in reversed(ENGINES):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        assert find(None) == name
    (tmp_path / "finch").unlink()
    with pytest.raises(ImageFailed, match="No finch works here"):
        find("finch")


def test_files_are_compared_whatever_the_python() -> None:
    assert _neutral("numpy/a.cpython-313-x86_64-linux-gnu.so") == _neutral(
        "numpy/a.cpython-314-x86_64-linux-gnu.so"
    )
    assert _neutral("numpy/__pycache__/a.cpython-313.pyc") is None
