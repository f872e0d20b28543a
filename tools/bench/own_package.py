"""Our function's folder, made as the stack makes it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from model_training.publishing.artifacts import read_manifest
from model_training.publishing.runtimes import modules, reader
from stacks.config.services import SERVICES
from stacks.packaging.byte_code.packaging import compile_package
from stacks.packaging.code_asset import stage_files
from stacks.packaging.function_files import documents, function_modules
from tools.bench import packages


def make(
    project: Path, name: str, folder: Path, *, compiled: bool, runtime: str | None = None
) -> packages.Size:
    """The files that the stack packages for the service `name`, with byte code or without; for
    another runtime than the service's where one is given."""
    return make_by(project, name, folder, Path(sys.executable) if compiled else None, runtime)


def make_by(
    project: Path, name: str, folder: Path, python: Path | None, runtime: str | None = None
) -> packages.Size:
    """As `make`, with byte code for `python`, or none."""
    shutil.rmtree(folder, ignore_errors=True)
    service = next(s for s in SERVICES if s.name == name)
    manifest = read_manifest(project / service.model_folder)
    runtime = runtime or service.runtime
    read_by = reader(runtime, manifest)
    sources = project / "lambda_src"
    files = function_modules(
        service, manifest["kind"], read_by, modules(manifest, runtime), sources
    )
    stage_files(folder, {**files, **documents(service, manifest["kind"], sources)})
    if python:
        compile_package(folder, service.package_folder, python)
    return packages.measure(folder)
