"""Which tests `make check` runs: those of what was changed since the branch left main."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.changed_tests import changed_files, relevant_tests

FILES = {
    "lambda_src/serving/http/router.py": "",
    "lambda_src/serving/http/static.py": "",
    "lambda_src/portable/arrays.py": "",
    "lambda_src/portable/svm.py": "",
    "lambda_src/portable/tree/nodes.py": "",
    "stacks/config/stages.py": "",
    "tools/smoke.py": "",
    "README.md": "",
    "tests/unit/serving/test_routes.py": "from serving.http import router\n",
    "tests/unit/serving/test_pages.py": "import json\n",
    "tests/unit/portable/test_numbers.py": "from portable.arrays import read\n",
    "tests/unit/portable/test_svm.py": "",
    "tests/unit/portable/test_tree.py": "",
    "tests/unit/tools/test_asked.py": "import tools.smoke\n",
    "tests/stacks/test_snapshots.py": "",
    "tests/contract/conftest.py": "",
    "tests/contract/test_answers.py": "",
    "tests/docs/test_docs.py": "",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository on main with those files."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path)
    return tmp_path


def git(project: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=project, check=True, capture_output=True)


def commit(project: Path) -> None:
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message=all")


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("lambda_src/portable/arrays.py", ["tests/unit/portable/test_numbers.py"]),
        ("lambda_src/serving/http/router.py", ["tests/unit/serving/test_routes.py"]),
        # No test imports it: the file with its name, or its package's.
        ("lambda_src/portable/svm.py", ["tests/unit/portable/test_svm.py"]),
        ("lambda_src/portable/tree/nodes.py", ["tests/unit/portable/test_tree.py"]),
        # Nor is one called so: those of the nearest folder that mirrors its own.
        (
            "lambda_src/serving/http/static.py",
            ["tests/unit/serving/test_pages.py", "tests/unit/serving/test_routes.py"],
        ),
        ("tools/smoke.py", ["tests/unit/tools/test_asked.py"]),
        ("stacks/config/stages.py", ["tests/stacks/test_snapshots.py"]),
        ("tests/contract/conftest.py", ["tests/contract/test_answers.py"]),
        ("tests/unit/serving/test_pages.py", ["tests/unit/serving/test_pages.py"]),
        ("README.md", ["tests/docs/test_docs.py"]),
        ("requirements.txt", []),
    ],
)
def test_a_changed_file_has_its_tests(project: Path, changed: str, tests: list[str]) -> None:
    assert relevant_tests([changed], project) == tests


def test_changed_is_what_was_committed_since_main_and_what_was_not(project: Path) -> None:
    assert changed_files(project) == []
    git(project, "checkout", "--quiet", "-b", "work")
    (project / "tools/smoke.py").write_text("# committed\n")
    commit(project)
    (project / "README.md").write_text("edited\n")
    (project / "tools/new.py").touch()
    (project / "stacks/config/stages.py").unlink()
    assert changed_files(project) == ["README.md", "tools/new.py", "tools/smoke.py"]
    git(project, "checkout", "--quiet", "--force", "main")
    (project / "tools/smoke.py").write_text("# on main, in the meantime\n")
    (project / "tools/new.py").unlink()
    commit(project)
    git(project, "checkout", "--quiet", "work")
    assert changed_files(project) == ["tools/smoke.py"], "main's own changes are not the branch's"


def test_without_main_it_is_what_was_not_committed(project: Path) -> None:
    git(project, "branch", "--move", "main", "trunk")
    (project / "README.md").write_text("edited\n")
    assert changed_files(project) == ["README.md"]
