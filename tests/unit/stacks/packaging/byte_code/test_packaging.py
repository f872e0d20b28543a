"""Byte code in the place of sources: the same answers, the same bytes, the wrong Python refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.packaging.byte_code.packaging import compile_package, interpreter_of
from stacks.packaging.code_asset import source_files, stage_files
from tests.harness.assembled_page import html
from tests.harness.pythons import each_minor, pythons_of

LAMBDA_SRC = Path(__file__).parents[5] / "lambda_src"
THIS_PYTHON = Path(sys.executable)
ANSWER = """
import json, sys
sys.path.insert(0, sys.argv[1])
from spam_or_ham.handler import handler
page = handler({"httpMethod": "GET", "path": "/"}, None)
post = handler({"httpMethod": "POST", "path": "/spamorham", "body": "hello"}, None)
import spam_or_ham, serving.loading.model_loader
print(json.dumps([page["statusCode"], len(page["body"]), post["statusCode"],
                  spam_or_ham.__file__, serving.loading.model_loader.__file__]))
"""


def _package(folder: Path, python: Path = THIS_PYTHON) -> Path:
    sources = source_files(LAMBDA_SRC, ["serving", "portable", "spam_or_ham"])
    page = html("spam_or_ham", "text").encode()
    stage_files(folder, {**sources, "page.html": page})
    compile_package(folder, "spam_or_ham", python)
    return folder


def _run(folder: Path, python: Path = THIS_PYTHON) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-I", "-B", "-c", ANSWER, str(folder)]
    return subprocess.run(command, env={}, capture_output=True, text=True)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _package(tmp_path_factory.mktemp("package") / "function")


def test_the_handler_runs_from_byte_code_alone(package: Path) -> None:
    assert [file.relative_to(package).as_posix() for file in package.rglob("*.py")] == [
        "spam_or_ham/__init__.py"
    ]
    child = _run(package)
    assert child.returncode == 0, child.stderr
    page, length, post, service, module = json.loads(child.stdout.splitlines()[-1])
    # The page is found by its module's place; there is no model to load here.
    assert (page, post) == (200, 503)
    assert length == len(html("spam_or_ham", "text"))
    assert service == f"{package}/spam_or_ham/__init__.py"
    assert module == f"{package}/serving/loading/model_loader.py"


@each_minor
def test_the_handler_runs_from_the_byte_code_of_every_python_at_hand(
    tmp_path: Path, minor: int
) -> None:
    for number, python in enumerate(pythons_of(minor)):
        if python == THIS_PYTHON:
            continue  # the test before this one
        folder = _package(tmp_path / f"function{number}", python)
        child = _run(folder, python)
        assert child.returncode == 0, child.stderr
        page, _, post, *_ = json.loads(child.stdout.splitlines()[-1])
        assert (page, post) == (200, 503)


def test_two_packagings_give_the_same_bytes(package: Path, tmp_path: Path) -> None:
    again = _package(tmp_path / "function")
    assert (again / "modules.bin").read_bytes() == (package / "modules.bin").read_bytes()


def test_the_loader_is_byte_code_too_and_its_source_is_there_for_another_python(
    package: Path, tmp_path: Path
) -> None:
    [cached] = (package / "spam_or_ham" / "__pycache__").iterdir()
    assert cached.name == f"__init__.{sys.implementation.cache_tag}.pyc"
    # Bits 0 and 1: by its source's hash, which is not compared. No date of a zip makes it stale.
    assert int.from_bytes(cached.read_bytes()[4:8], "little") == 0b01
    folder = shutil.copytree(package, tmp_path / "function")
    (folder / "spam_or_ham" / "__init__.py").write_text("raise SystemExit('compiled again')")
    assert _run(folder).returncode == 0
    shutil.rmtree(folder / "spam_or_ham" / "__pycache__")
    assert "compiled again" in _run(folder).stderr


def test_types_are_left_out(package: Path) -> None:
    program = """
import sys
sys.path.insert(0, sys.argv[1])
import spam_or_ham
from serving.loading import artifacts, model_loader
print(artifacts.fetch.__annotations__, model_loader.ModelLoader.ensure.__defaults__,
      hasattr(artifacts, "Mapping"), artifacts._begun)
"""
    command = [sys.executable, "-I", "-B", "-c", program, str(package)]
    child = subprocess.run(command, env={}, capture_output=True, text=True, check=True)
    assert child.stdout == "{} (None,) False []\n"


def test_another_python_is_refused_with_a_sentence(tmp_path: Path) -> None:
    folder = _package(tmp_path / "function")
    _, _, codes = (folder / "modules.bin").read_bytes().partition(b"\n")
    (folder / "modules.bin").write_bytes(b"cpython-27\n" + codes)
    child = _run(folder)
    assert child.returncode != 0
    assert "byte code for cpython-27" in child.stderr
    assert "deploy it again" in child.stderr


def test_an_interpreter_is_found_only_if_it_is_that_version() -> None:
    this = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert interpreter_of(this) == THIS_PYTHON
    assert interpreter_of("python3.99") is None


def test_a_placeholder_on_the_path_is_no_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placeholder = tmp_path / "python3.99"
    placeholder.write_text("#!/bin/sh\necho 'python3.99 is not installed' >&2\nexit 127\n")
    placeholder.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert interpreter_of("python3.99") is None


def test_a_traceback_names_the_line_where_the_function_begins(package: Path) -> None:
    program = """
import sys, traceback
sys.path.insert(0, sys.argv[1])
import spam_or_ham
from serving.http.strict_json import decode_leniently
try:
    decode_leniently(None)
except Exception as error:
    last = [f for f in traceback.extract_tb(error.__traceback__) if "strict_json" in f.filename][-1]
    print(last.name, last.lineno)
"""
    command = [sys.executable, "-I", "-B", "-c", program, str(package)]
    child = subprocess.run(command, env={}, capture_output=True, text=True, check=True)
    name, line = child.stdout.split()
    lines = (LAMBDA_SRC / "serving/http/strict_json.py").read_text().splitlines()
    assert lines[int(line) - 1].startswith(f"def {name}(")
