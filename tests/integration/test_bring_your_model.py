"""docs/bring-your-model.md and examples/bring-your-model.ipynb, followed to the letter."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection
from math import log
from pathlib import Path

import pytest

from stacks.config.selection import SERVICE
from tests.docs.walkthrough import apply, blocks
from tests.integration.checkout import copied, run
from tests.integration.conftest import CONTEXT
from tools import PROJECT
from tools.local_aws.client import request
from tools.local_aws.deployment import Deployment
from tools.local_aws.session import LocalServices

pytest.importorskip("pandas")

DOCUMENT = (PROJECT / "docs" / "bring-your-model.md").read_text(encoding="utf-8")
BLOCKS = list(blocks(DOCUMENT))
NOTEBOOK = PROJECT / "examples" / "bring-your-model.ipynb"
NAMES = ("topics", "churn", "progress", "orchard")
SHOWN = ("churn",)
"""What of the page is followed with every change; each kind of model is added by the unit tests."""
ADDED = {"examples", "docs", "model_training", "stacks"}


def ready(into: Path) -> Path:
    """A copy in which make installs nothing: what it needs is older than what is made."""
    project = copied(into)
    for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json"):
        os.utime(project / name, (0, 0))
    return project


def follow(names: Collection[str], project: Path) -> None:
    """Write every file of the page and run the commands that add these models."""
    for block in BLOCKS:
        if block.option == "file":
            apply(block, project)
    followed = set()
    for block in BLOCKS:
        if block.language == "sh" and "make remove" not in block.text:
            (name,) = re.findall(r"NAME=(\w+)", block.text)
            if name in names:
                said = run(block.text, project)
                assert f"\n{name}: " in f"\n{said}"
                assert "portable: the standard library alone" in said
                followed.add(name)
    assert followed == set(names)


def changes(project: Path) -> list[str]:
    return run("git status --porcelain --untracked-files=all", project).splitlines()


def assert_files_alone_came(project: Path) -> None:
    assert {line[:2] for line in changes(project)} == {"??"}
    written = {line[3:].partition("/")[0] for line in changes(project) if "/" in line}
    assert written - {"orchard"} == ADDED


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy with every file of the page, and what `SHOWN` adds."""
    project = ready(tmp_path_factory.mktemp("brought"))
    follow(SHOWN, project)
    return project


def test_no_file_was_edited(project: Path) -> None:
    assert_files_alone_came(project)


def test_the_table_s_service_answers(
    project: Path, local: LocalServices, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("deployment")
    deployment = Deployment(emulator=local.emulator, folder=folder, project=project)
    url = deployment.deploy(context={**CONTEXT, SERVICE: "churn"})["churn"]
    (body,) = re.findall(r"curl -d '(\{\"age.*?\})'", DOCUMENT)
    answer = json.loads(request(url, body.encode()).body)
    # The label as LABELS has it, not the class.
    assert answer["predictions"] == ["left"]
    assert answer["model"]["name"] == "churn"
    explained = json.loads(request(f"{url}?explain=true", body.encode()).body)
    (explanation,) = explained["explanations"]
    parts = {part["field"]: part["contribution"] for part in explanation["fields"]}
    # The field that was one-hot encoded is itself again.
    assert parts.keys() == json.loads(body).keys()
    assert (explanation["label"], explanation["unit"]) == ("left", "log-odds")
    assert explanation["base"] + sum(parts.values()) == pytest.approx(explanation["score"])
    (shares,) = explained["probabilities"]
    assert explanation["score"] == pytest.approx(log(shares["left"] / shares["stayed"]))
    document = json.loads(request(f"{url.rpartition('/')[0]}/openapi.json").body)
    assert document["info"]["title"] == "Churn"


def test_remove_takes_all_back(project: Path) -> None:
    run("make remove NAME=churn", project)
    assert not [line for line in changes(project) if line[3:].partition("/")[0] in ADDED]


@pytest.mark.judge
def test_the_whole_page_is_followed_and_the_same_again_changes_nothing(tmp_path: Path) -> None:
    project = ready(tmp_path / "brought")
    follow(NAMES, project)
    assert_files_alone_came(project)
    (block,) = (one for one in BLOCKS if one.language == "sh" and "make remove" in one.text)
    said = run(block.text, project)
    assert "is in place already; nothing changes" in said
    assert not [line for line in changes(project) if line[3:].partition("/")[0] in ADDED]


def test_the_notebook_runs(tmp_path: Path) -> None:
    project = ready(tmp_path / "checkout")
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(code) > 3
    # As a notebook's server starts in the notebook's folder.
    (project / "notebook.py").write_text("\n\n".join(code), encoding="utf-8")
    said = run("cd examples && ../.venv/bin/python ../notebook.py", project)
    assert "'predictions': ['" in said
    assert [line for line in changes(project) if line[3:] not in ("notebook.py",)] == []
