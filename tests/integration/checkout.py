"""A copy of this checkout that a test may add files to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

from stacks.config.services import SERVICES
from tests.harness.reference import NAMES
from tools import PROJECT

# What somebody has added here may have the name of what a test adds there.
_OTHERS = {service.name for service in SERVICES} - set(NAMES)
_NAMED_AFTER_THEM = {"stacks/config/services", "docs/openapi", "examples"}


def run(command: str, project: Path, **variables: str) -> str:
    """What a shell command prints; fails with all it said where it fails."""
    ran = subprocess.run(
        ["/bin/sh", "-ec", command],
        cwd=project, env={**os.environ, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _is_others(file: PurePosixPath) -> bool:
    if str(file.parent) in _NAMED_AFTER_THEM:
        return file.stem in _OTHERS
    return file.parts[0] in ("model_training", "lambda_src") and file.parts[1] in _OTHERS


def copied(into: Path) -> Path:
    """This checkout as it is now, as a repository, with what is installed and trained here, and the
    reference services alone."""
    for name in run("git ls-files --cached --others --exclude-standard", PROJECT).splitlines():
        if (PROJECT / name).is_file() and not _is_others(PurePosixPath(name)):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, into / name)
    shutil.copytree(PROJECT / "build" / "models", into / "build" / "models")
    installed = {".cache": PROJECT, "node_modules": PROJECT}
    for name, where in installed.items():
        (into / name).symlink_to(where / name)
    (into / ".venv").symlink_to(sys.prefix)
    run("git init --quiet", into)
    (into / ".git" / "info" / "exclude").write_text("\n".join([*installed, ".venv"]))
    run("git add . && git -c user.name=t -c user.email=t@example.org commit -qm before", into)
    return into
