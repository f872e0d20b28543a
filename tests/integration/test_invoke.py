"""`make invoke`: recorded events through AWS's runtime client, from the zip that is deployed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.config.model_service import ModelService
from stacks.config.services import SERVICES
from stacks.packaging.layers.size_gate import ZIPPED_LIMIT
from tests.harness.reference import REFERENCE
from tools import PROJECT
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.invoke import EVENTS, package
from tools.local_aws.invoke import invoke as invoke_here
from tools.verified_model import verified_model

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def invoke(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.local_aws", "invoke", *arguments],
        cwd=PROJECT,
        env={**os.environ, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20,21,23"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def failure(*arguments: str) -> str:
    """The one line that a run ends with that was no success."""
    finished = invoke(*arguments)
    assert finished.returncode == 1
    [line] = finished.stderr.strip().splitlines()
    return line


def test_every_service_answers_its_recorded_event() -> None:
    finished = invoke()
    assert (finished.returncode, finished.stderr) == (0, "")
    recorded = [service for service in SERVICES if (EVENTS / f"{service.name}.json").exists()]
    for service in recorded:
        assert f"{service.name}: examples/{service.name}.json → a zip of" in finished.stdout
    assert finished.stdout.count("→ 200\n") == len(recorded) >= len(REFERENCE)


def test_one_service_and_another_event(tmp_path: Path) -> None:
    event = json.loads((EVENTS / "spam_or_ham.json").read_text())
    (tmp_path / "event.json").write_text(json.dumps({**event, "body": "see you at six"}))
    finished = invoke("--service", "spam_or_ham", "--event", str(tmp_path / "event.json"))
    assert finished.returncode == 0
    assert '"predictions":["ham"]' in finished.stdout
    assert "breast_cancer" not in finished.stdout


def test_another_answer_than_200_is_a_failure(tmp_path: Path) -> None:
    event = json.loads((EVENTS / "spam_or_ham.json").read_text())
    file = tmp_path / "event.json"
    file.write_text(json.dumps({**event, "body": ""}))
    said = failure("--service", "spam_or_ham", "--event", str(file))
    assert said == "spam_or_ham answered 400 where 200 is right."


@pytest.mark.parametrize(
    ("service", "event", "said"),
    [
        ("nothing", None, "no service of that name; there are: "),
        (None, "e.json", "Say which service"),
        ("spam_or_ham", "missing.json", "no recorded event missing.json"),
        ("spam_or_ham", "Makefile", "Makefile is not JSON"),
        ("spam_or_ham", "docs", "docs cannot be read (Is a directory)."),
    ],
)
def test_what_cannot_be_invoked_is_said(service: str | None, event: str | None, said: str) -> None:
    with pytest.raises(LocalRunFailed) as refusal:
        invoke_here(service=service, event=Path(event) if event else None)
    assert said in str(refusal.value)


@each_service
def test_the_package_is_what_is_deployed(service: ModelService, tmp_path: Path) -> None:
    model = verified_model(service, PROJECT / service.model_folder)
    code, size = package(service, model, tmp_path)
    assert size <= ZIPPED_LIMIT
    names = {file.relative_to(code).as_posix() for file in code.rglob("*") if file.is_file()}
    # All modules as byte code in one file; of sources there is the package the handler is named by.
    assert "modules.bin" in names
    sources = {name for name in names if name.endswith(".py")}
    assert sources == {f"{service.package_folder}/__init__.py"}
    folders = {name.partition("/")[0] for name in names}
    ours = {entry.name for entry in (PROJECT / "lambda_src").iterdir()}
    assert folders - ours <= {"model", "modules.bin", "openapi.json", "page.html"}
