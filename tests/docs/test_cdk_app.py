"""The CDK's own commands find what they need, or say what to run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tools import PROJECT

APP: str = json.loads((PROJECT / "cdk.json").read_text())["app"]


def test_the_app_runs_by_the_environment_that_make_has_built(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "of the environment: $@"\n')
    python.chmod(0o755)
    # Another one is first on the path: nothing was activated.
    finished = subprocess.run(
        ["sh", "-c", APP], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert finished.stdout == "of the environment: app.py\n"


def test_without_the_libraries_the_app_says_what_to_run(tmp_path: Path) -> None:
    shutil.copyfile(PROJECT / "app.py", tmp_path / "app.py")
    # -S: no site-packages, as of a Python that nobody has installed anything for.
    finished = subprocess.run(
        [sys.executable, "-S", "app.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 1
    [line] = finished.stderr.splitlines()
    assert line.endswith("has no AWS CDK; run: make setup (.venv needs no activation)")


def test_watching_looks_at_what_is_packaged_and_at_nothing_that_is_made() -> None:
    watch = json.loads((PROJECT / "cdk.json").read_text())["watch"]
    assert {"app.py", "stacks/**", "lambda_src/**"} <= set(watch["include"])
    for pattern in watch["include"]:
        assert not pattern.startswith(("cdk.out", ".cache", "build/**", "**"))


def test_only_a_stage_that_nobody_relies_on_is_watched() -> None:
    for stage in ("prod", "local"):
        command = ["make", "-n", "watch", f"STAGE={stage}", "PYTHON=none", "KERAS_PYTHON=none"]
        finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        assert finished.returncode != 0
        assert (
            f'There is no stage to watch "{stage}": choose make watch STAGE=dev' in finished.stderr
        )
