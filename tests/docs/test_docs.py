"""What the documents say exists, exists; what exists is said in the documents."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.constructs.saved_queries import QUERIES
from tests.docs.test_api import SERVED
from tools import PROJECT

DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])
TOP_LEVEL = {
    "app.py", "stacks", "lambda_src", "model_training", "model_api_on_lambda", "tests", "tools",
    "examples", "docs", "cdk.json", "Makefile",
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "pyproject.toml",
    "package.json", "package-lock.json", "requirements", "requirements.txt",
    "requirements-dev.txt", ".ci", ".devcontainer", ".github", ".gitignore", ".npmrc",
    ".pre-commit-config.yaml", ".python-version", ".nvmrc",
}  # fmt: skip


def _tracked() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listing.stdout.splitlines() if (PROJECT / name).exists()]


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*##", (PROJECT / "Makefile").read_text(), re.MULTILINE))


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_top_level_is_what_the_readme_shows() -> None:
    entries = {Path(name).parts[0] for name in _tracked()}
    assert entries == TOP_LEVEL


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        # The repository's own page, wherever it is.
        if target.startswith(("http://", "https://", "../../actions/workflows/")):
            continue
        path, _, anchor = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_commands_in_documents_exist(document: Path) -> None:
    text = document.read_text()
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)) <= _targets()
    for module in set(re.findall(r"python3? -m ([\w.]+)", text)) - {"pip", "venv", "pytest"}:
        # Installed, the folders lie in a package.
        path = PROJECT / module.removeprefix("model_api_on_lambda.").replace(".", "/")
        if f"file={path.relative_to(PROJECT)}/__main__.py" in text:
            continue  # the document has its reader write it
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_every_make_target_is_in_a_document_or_in_help() -> None:
    listed = subprocess.run(
        ["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert _targets() == set(re.findall(r"make ([a-z-]+)", listed.stdout)) - {"serve PORT"}
    everything = "".join(document.read_text() for document in DOCUMENTS)
    undocumented = {name for name in _targets() if f"make {name}" not in everything}
    assert undocumented <= {"help", "clean"}


def test_every_environment_variable_of_a_function_is_documented() -> None:
    names: set[str] = set()
    for source in [path for name in SERVED for path in PROJECT.glob(f"lambda_src/{name}/**/*.py")]:
        names |= set(re.findall(r"[\"'](MODEL_[A-Z_]+|CORS_[A-Z_]+)[\"']", source.read_text()))
    documented = (PROJECT / "docs" / "api.md").read_text()
    constants = {name for name in names if name not in documented}
    assert not constants


@pytest.mark.parametrize("module", ["tools.local_aws", "model_training.spam_or_ham"])
def test_commands_explain_themselves(module: str) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert outcome.returncode == 0
    assert "usage" in outcome.stdout.lower()


def test_the_project_names_no_machine_and_no_registry() -> None:
    suspicious = re.compile(
        r"(?<![\w./~<-])/(?:root|home/\w+|Users/\w+)/"
        r"|resolved\": \"http|--(?:extra-)?index-url http"
    )
    breaches = [
        name
        for name in _tracked()
        if (PROJECT / name).suffix in {".py", ".md", ".txt", ".in", ".json", ".toml", ".yml"}
        and name != "tests/docs/test_docs.py"
        and suspicious.search((PROJECT / name).read_text(errors="replace"))
    ]
    assert not breaches


def test_the_queries_to_read_are_those_that_are_saved() -> None:
    """Each under the heading that begins with its alarm's name."""
    document = (PROJECT / "docs" / "operate.md").read_text()
    shown = {}
    for section in re.split(r"^### ", document, flags=re.MULTILINE)[1:]:
        heading = re.split(r"[,\n]", section)[0].replace("The alarms of a release", "Release")
        shown[heading] = re.findall(r"^```\n(.+)\n```$", section, re.MULTILINE)
    assert shown == {name: [query] for name, query in QUERIES.items()}
