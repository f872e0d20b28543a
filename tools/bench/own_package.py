"""Our function's folder, made as the stack makes it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from stacks.config.services import SERVICES
from stacks.packaging.byte_code.needed import needed_files
from stacks.packaging.byte_code.packaging import compile_package
from stacks.packaging.code_asset import source_files, stage_files
from tools.bench import packages


def make(project: Path, name: str, folder: Path, *, compiled: bool) -> packages.Size:
    """The files that the stack packages for the service `name`, with byte code or without."""
    return make_by(project, name, folder, Path(sys.executable) if compiled else None)


def make_by(project: Path, name: str, folder: Path, python: Path | None) -> packages.Size:
    """As `make`, with byte code for `python`, or none."""
    shutil.rmtree(folder, ignore_errors=True)
    service = next(s for s in SERVICES if s.name == name)
    files = source_files(project / "lambda_src", [*service.packages, service.name])
    stage_files(folder, needed_files(files, name))
    if python:
        compile_package(folder, name, python)
    return packages.measure(folder)
