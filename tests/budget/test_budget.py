"""Holds each service to its committed budget: `<service>.json` beside this file.

`modules`: imported from the start of the function to its first answer, on top of those that AWS's
runtime client has imported itself. `source_bytes`: of our own among them, which is what Python
compiles or loads. `zipped_bytes` and `unzipped_bytes`: the package, as sources and with its page.

A figure that has to grow is raised in its file, in the commit that makes it grow and says why.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from model_training.publishing.runtimes import modules, reader
from stacks.config.model_service import ModelService
from stacks.config.services import SERVICES
from stacks.packaging.byte_code.packaging import compile_package
from stacks.packaging.code_asset import stage_files
from stacks.packaging.function_files import documents, function_modules
from stacks.packaging.page import NAME
from tools.local_aws.events import rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.served_models import VARIANTS
from tools.local_aws.small_model import Files, place, small_model

HERE = Path(__file__).parent
LAMBDA_SRC = HERE.parents[1] / "lambda_src"
LARGEST_ZIP = 100_000
"""What a package with byte code and all documents may have, whatever its budget says."""
FIRST_ANSWER = """
import importlib, json, os, sys
from awslambdaric import bootstrap
before = set(sys.modules)
handler = importlib.import_module(sys.argv[1]).handler
answer = handler(json.loads(sys.argv[2]), None)
assert answer["statusCode"] == 200, answer
new = set(sys.modules) - before
files = [getattr(sys.modules[name], "__file__", None) or "" for name in new]
ours = [file for file in files if file.startswith(os.getcwd())]
print(json.dumps({"modules": len(new), "source_bytes": sum(map(os.path.getsize, ours))}))
"""

Counts = dict[str, int]


def _model(name: str) -> tuple[Files, Any]:
    """The model to start with, and an event: what is trained, where the repository has it."""
    if name == "spam_or_ham":
        return small_model(), rest("you know it is free")
    variant = next(variant for variant in VARIANTS if variant.service.name == name)
    return variant.files, variant.example()


def _service(name: str) -> ModelService:
    return next(service for service in SERVICES if service.name == name)


def _package(name: str, folder: Path, *, documents_too: bool = False) -> Path:
    service = _service(name)
    manifest = json.loads(_model(name)[0]["manifest.json"])
    read_by = reader(service.runtime, manifest)
    read_with = modules(manifest)
    files = function_modules(service, manifest["kind"], read_by, read_with, LAMBDA_SRC)
    served = documents(service, manifest["kind"], LAMBDA_SRC)
    stage_files(folder, {**files, **(served if documents_too else {NAME: served[NAME]})})
    return folder


def _sizes(folder: Path) -> Counts:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.relative_to(folder).as_posix(), file.read_bytes())
    return {
        "zipped_bytes": len(buffer.getvalue()),
        "unzipped_bytes": sum(file.stat().st_size for file in files),
    }


def _first_answer(name: str, folder: Path) -> Counts:
    files, event = _model(name)
    with FakeS3() as s3:
        environ = {**place(s3, files, name), "AWS_LAMBDA_FUNCTION_NAME": "under-test"}
        child = subprocess.run(
            [
                sys.executable,
                "-B",
                "-c",
                FIRST_ANSWER,
                _service(name).handler.rpartition(".")[0],
                json.dumps(event),
            ],
            cwd=folder,
            env={**environ, "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
        )
    assert child.returncode == 0, child.stderr
    counts: Counts = json.loads(child.stdout.splitlines()[-1])
    return counts


@dataclass(frozen=True)
class Measured:
    """A service's package, what was found of it, and its budget."""

    name: str
    package: Path
    actual: Counts
    budget: Counts


@pytest.fixture(scope="module", params=[file.stem for file in sorted(HERE.glob("*.json"))])
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    name: str = request.param
    package = _package(name, tmp_path_factory.mktemp("budget") / "function")
    actual = {**_first_answer(name, package), **_sizes(package)}
    return Measured(name, package, actual, json.loads((HERE / f"{name}.json").read_text()))


def test_a_cold_start_and_the_package_stay_within_their_budget(measured: Measured) -> None:
    actual, budget = measured.actual, measured.budget
    assert actual.keys() == budget.keys()
    beyond = {name: (actual[name], budget[name]) for name in budget if actual[name] > budget[name]}
    assert not beyond, f"actual and budgeted: {beyond}"


def test_a_budget_is_tight_enough_to_notice(measured: Measured) -> None:
    actual, budget = measured.actual, measured.budget
    loose = {
        name: (actual[name], budget[name]) for name in budget if actual[name] < 0.9 * budget[name]
    }
    assert not loose, f"actual and budgeted; lower the budget: {loose}"


def test_the_package_is_small_with_byte_code(measured: Measured, tmp_path: Path) -> None:
    compiled = _package(measured.name, tmp_path / "function", documents_too=True)
    compile_package(compiled, _service(measured.name).package_folder, Path(sys.executable))
    assert _sizes(compiled)["zipped_bytes"] <= LARGEST_ZIP
