"""A service is files: one of each input kind, added to a copy of this checkout.

The one of named fields by docs/add-a-model.md, followed to the letter; those of texts and of
pictures lie in tests/harness/added_services as they are added.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from pathlib import Path

import numpy
import pytest

from stacks.config.selection import SERVICE
from stacks.packaging.golden import PIXEL
from tests.docs.walkthrough import Block, apply, blocks
from tests.harness.reference import NAMES as REFERENCE_NAMES
from tests.harness.small_clothes_model import small_picture_model
from tests.integration.checkout import copied, run
from tests.integration.conftest import CONTEXT
from tests.integration.layers import layers_of_this_machine
from tools import PROJECT
from tools.local_aws.client import request
from tools.local_aws.deployment import Deployment
from tools.local_aws.session import LocalServices

DOCUMENT = (PROJECT / "docs" / "add-a-model.md").read_text(encoding="utf-8")
BLOCKS = list(blocks(DOCUMENT))
ADDED = PROJECT / "tests" / "harness" / "added_services"


def _only(language: str, word: str) -> Block:
    (block,) = (b for b in BLOCKS if b.language == language and word in b.text and not b.option)
    return block


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as it is now, as a repository, with what is installed and trained here."""
    layers_of_this_machine("litert")
    return copied(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def trained(copy: Path) -> Path:
    """The copy with the three services, after the commands that train and describe them."""
    for block in BLOCKS:
        if block.option:
            apply(block, copy)
    shutil.copytree(ADDED, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    said = run(_only("sh", "model_training.iris").text, copy)
    assert said.startswith("iris ")
    run(".venv/bin/python -m model_training.advert", copy)
    # What nothing here trains: a network from elsewhere.
    folder = copy / "model_training" / "tints" / "trained"
    folder.mkdir(parents=True)
    colours = small_picture_model("tints", ("red", "green", "blue"), 2 * numpy.eye(3, dtype="f"))
    for name, content in colours.items():
        (folder / name).write_bytes(content)
    run(_only("sh", "tools.openapi").text, copy)
    return copy


@pytest.fixture(scope="module")
def deployment(
    trained: Path, local: LocalServices, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """Deploys new services beside the others."""
    folder = tmp_path_factory.mktemp("deployment")
    return Deployment(emulator=local.emulator, folder=folder, project=trained)


@pytest.fixture(scope="module")
def iris_url(deployment: Deployment) -> str:
    return deployment.deploy(context={**CONTEXT, SERVICE: "iris"})["iris"]


def _tested(project: Path, *arguments: str) -> None:
    """Run tests of the copy in one process; fails with what they say."""
    options = "-q -x --no-header -p no:cacheprovider -p no:randomly --tb=short"
    said = run(
        f"{shlex.quote(sys.executable)} -m pytest {options} {shlex.join(arguments)}", project
    )
    assert " passed" in said


def test_it_takes_files_alone() -> None:
    written = {(block.option, block.target) for block in BLOCKS if block.option}
    assert written == {
        ("file", "model_training/iris/__init__.py"),
        ("file", "model_training/iris/__main__.py"),
        ("file", "stacks/config/services/iris.py"),
        ("file", "examples/iris.json"),
    }
    entry = next(block for block in BLOCKS if block.target == "stacks/config/services/iris.py")
    assert len(entry.text.splitlines()) <= 16


# A brought model is deployed and asked with every change (test_bring_your_model).
@pytest.mark.judge
def test_the_new_service_answers_as_the_document_says(iris_url: str) -> None:
    answer = json.loads(run(_only("sh", "curl").text, PROJECT, URL=iris_url, NO_PROXY="*"))
    shown = json.loads(_only("json", "predictions").text)
    assert answer["predictions"] == shown["predictions"]
    assert answer["model"]["name"] == shown["model"]["name"]
    rounded = {label: round(p, 2) for label, p in answer["probabilities"][0].items()}
    assert [rounded] == shown["probabilities"]


@pytest.mark.judge
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


@pytest.mark.judge
def test_texts_and_pictures_are_answered_too(deployment: Deployment) -> None:
    urls = [
        deployment.deploy(context={**CONTEXT, SERVICE: name})[name] for name in ("advert", "tints")
    ]
    text = b"Dear Ann, thank you for your visit."
    answer = json.loads(request(urls[0], text).body)
    assert answer["predictions"] == ["letter"]
    blue = json.dumps({"b64": PIXEL}).encode()
    answer = json.loads(request(urls[1], blue).body)
    assert answer["predictions"] == [max(answer["scores"][0], key=answer["scores"][0].get)]


def test_no_file_was_edited(trained: Path) -> None:
    changed = run("git status --porcelain --untracked-files=all", trained).splitlines()
    assert {line[:2] for line in changed} == {"??"}
    folders = {line[3:].partition("/")[0] for line in changed}
    assert folders == {"docs", "examples", "lambda_src", "model_training", "stacks"}


def test_the_suites_that_read_the_registry_hold(trained: Path) -> None:
    """Of what is run for every service, the parts of the new ones; of the rest, a part of each."""
    # The reference services have been tested where they are; the dear ones wait for the night.
    others = [*REFERENCE_NAMES, "schemathesis", "hostile", "scikit-learn", "prod", "local"]
    tests = {
        "contract": ("test_every_service.py", "test_openapi.py"),
        "stacks": ("test_services.py", "test_snapshots.py", "test_gates.py::test_nothing_is_found"),
        "docs": ("test_api.py", "test_docs.py"),
    }
    paths = [f"tests/{folder}/{test}" for folder, files in tests.items() for test in files]
    _tested(trained, *paths, "-k", f"not ({' or '.join(others)})")


@pytest.mark.judge
def test_all_suites_that_read_the_registry_hold(trained: Path) -> None:
    suites = ("contract", "stacks", "docs", "budget", "unit/tools")
    version = "tests/unit/model_training/publishing/test_model_version.py"
    _tested(trained, *(f"tests/{suite}" for suite in suites), version)
