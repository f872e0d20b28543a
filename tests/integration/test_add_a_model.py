"""docs/add-a-model.md, followed to the letter in a copy of this checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.config.selection import SERVICE
from tests.docs.walkthrough import Block, apply, blocks
from tests.integration.layers import layers_of_this_machine
from tools.local_aws.client import request
from tools.local_aws.deployment import Deployment
from tools.local_aws.emulator import PROJECT
from tools.local_aws.session import LocalServices

DOCUMENT = (PROJECT / "docs" / "add-a-model.md").read_text(encoding="utf-8")
BLOCKS = list(blocks(DOCUMENT))


def _run(command: str, project: Path, **variables: str) -> str:
    ran = subprocess.run(
        ["/bin/sh", "-ec", command],
        cwd=project, env={**os.environ, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _only(language: str, word: str) -> Block:
    (found,) = (b for b in BLOCKS if b.language == language and word in b.text and not b.option)
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as it is now, with what is installed and trained here."""
    into = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (PROJECT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, into / name)
    shutil.copytree(PROJECT / "build" / "models", into / "build" / "models")
    layers_of_this_machine("litert")
    (into / ".cache").symlink_to(PROJECT / ".cache")
    (into / ".venv").symlink_to(sys.prefix)
    (into / "node_modules").symlink_to(PROJECT / "node_modules")
    for block in BLOCKS:
        if block.option:
            apply(block, into)
    return into


@pytest.fixture(scope="module")
def trained(copy: Path) -> Path:
    """The copy, after the document's commands that train and describe the model."""
    said = _run(_only("sh", "model_training.iris").text, copy)
    assert said.startswith("iris ")
    _run(_only("sh", "tools.openapi").text, copy)
    return copy


@pytest.fixture(scope="module")
def iris_url(trained: Path, local: LocalServices, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The endpoint of the new service, deployed beside the others."""
    folder = tmp_path_factory.mktemp("deployment")
    deployment = Deployment(emulator=local.emulator, folder=folder, project=trained)
    endpoints = deployment.deploy(context={SERVICE: "iris"})
    assert list(endpoints) == ["iris"]
    return endpoints["iris"]


def test_it_takes_a_folder_two_files_and_one_row() -> None:
    written = {(block.option, block.target) for block in BLOCKS if block.option}
    assert written == {
        ("file", "model_training/iris/__init__.py"),
        ("file", "model_training/iris/__main__.py"),
        ("file", "stacks/config/services/iris.py"),
        ("file", "examples/iris.json"),
        ("row", "docs/api.md"),
    }
    entry = next(block for block in BLOCKS if block.target == "stacks/config/services/iris.py")
    assert len(entry.text.splitlines()) <= 16


def test_the_new_service_answers_as_the_document_says(iris_url: str) -> None:
    answer = json.loads(_run(_only("sh", "curl").text, PROJECT, URL=iris_url, NO_PROXY="*"))
    shown = json.loads(_only("json", "predictions").text)
    assert answer["predictions"] == shown["predictions"]
    assert answer["model"]["name"] == shown["model"]["name"]
    rounded = {label: round(p, 2) for label, p in answer["probabilities"][0].items()}
    assert [rounded] == shown["probabilities"]


def test_it_explains_describes_and_refuses_like_the_others(iris_url: str) -> None:
    row = {"sepalLength": 6.9, "sepalWidth": 3.1, "petalLength": 5.4, "petalWidth": 2.1}
    explained = json.loads(request(f"{iris_url}?explain=true", json.dumps([row]).encode()).body)
    assert explained["predictions"] == ["virginica"]
    assert {part["field"] for part in explained["explanations"][0]["fields"]} == set(row)
    described = json.loads(request(iris_url).body)
    assert [field["name"] for field in described["fields"]] == list(row)
    refused = request(iris_url, json.dumps({**row, "petalWidth": "2.1"}).encode())
    assert refused.status == 400
    assert json.loads(refused.body)["type"] == "/problems/invalid-field"


def test_the_contract_suite_holds_for_it(trained: Path) -> None:
    said = _run(
        f"{sys.executable} -m pytest -q tests/contract/test_every_service.py -k iris",
        trained,
    )
    assert " passed" in said
