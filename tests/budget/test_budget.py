"""Holds each service to its committed budget: `<service>.json` beside this file.

`modules`: imported from the start of the function to its first answer, on top of those that AWS's
runtime client has imported itself. `source_bytes`: of our own among them, which is what Python
compiles or loads. `zipped_bytes` and `unzipped_bytes`: the package, as sources.

A figure that has to grow is raised in its file, in the commit that makes it grow and says why.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from stacks.byte_code.needed import needed_files
from stacks.byte_code.packaging import compile_package
from stacks.constructs.packaging import source_files, stage_files
from stacks.services import SERVICES
from tests.harness.events import rest
from tests.harness.fake_s3 import FakeS3
from tests.harness.small_model import place, small_model

HERE = Path(__file__).parent
LAMBDA_SRC = HERE.parents[1] / "lambda_src"
LARGEST_ZIP = 100_000
"""What a package without layers may have, whatever its budget says."""
FIRST_ANSWER = """
import json, os, sys
from awslambdaric import bootstrap
before = set(sys.modules)
from spam_or_ham.handler import handler
answer = handler(json.loads(sys.argv[1]), None)
assert answer["statusCode"] == 200, answer
new = set(sys.modules) - before
files = [getattr(sys.modules[name], "__file__", None) or "" for name in new]
ours = [file for file in files if file.startswith(os.getcwd())]
print(json.dumps({"modules": len(new), "source_bytes": sum(map(os.path.getsize, ours))}))
"""

Counts = dict[str, int]


def _package(folder: Path) -> Path:
    service = next(service for service in SERVICES if service.name == "spam_or_ham")
    files = source_files(LAMBDA_SRC, [*service.packages, service.name])
    stage_files(folder, needed_files(files, service.name))
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


def _first_answer(folder: Path) -> Counts:
    with FakeS3() as s3:
        environ = {**place(s3, small_model()), "AWS_LAMBDA_FUNCTION_NAME": "under-test"}
        child = subprocess.run(
            [sys.executable, "-B", "-c", FIRST_ANSWER, json.dumps(rest("you know it is free"))],
            cwd=folder,
            env={**environ, "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
        )
    assert child.returncode == 0, child.stderr
    counts: Counts = json.loads(child.stdout.splitlines()[-1])
    return counts


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _package(tmp_path_factory.mktemp("budget") / "function")


def test_a_cold_start_and_the_package_stay_within_their_budget(package: Path) -> None:
    budget: Counts = json.loads((HERE / "spam_or_ham.json").read_text())
    found = {**_first_answer(package), **_sizes(package)}
    assert found.keys() == budget.keys()
    beyond = {name: (found[name], budget[name]) for name in budget if found[name] > budget[name]}
    assert not beyond, f"found and budgeted: {beyond}"


def test_a_budget_is_tight_enough_to_notice(package: Path) -> None:
    budget: Counts = json.loads((HERE / "spam_or_ham.json").read_text())
    found = {**_first_answer(package), **_sizes(package)}
    loose = {
        name: (found[name], budget[name]) for name in budget if found[name] < 0.9 * budget[name]
    }
    assert not loose, f"found and budgeted; lower the budget: {loose}"


def test_the_package_is_small_with_byte_code_too(package: Path, tmp_path: Path) -> None:
    compiled = _package(tmp_path / "function")
    compile_package(compiled, "spam_or_ham", Path(sys.executable))
    for folder in (package, compiled):
        assert _sizes(folder)["zipped_bytes"] <= LARGEST_ZIP
