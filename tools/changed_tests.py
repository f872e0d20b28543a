"""`python -m tools.changed_tests`: the test files of what was changed, for `make check`.

Changed is what differs from where the branch left main, committed or not. The rule for each file:

1. a test file is run itself; another file among the tests, all tests of its folder;
2. a module's are the unit tests that import it by name, and the file with its name or its package's
   in the folder that mirrors its own, or one above; where there are none, those of the nearest such
   folder;
3. with the infrastructure run the snapshots of its templates, with a document, the Makefile or a
   workflow the tests of documents.

A model, a lock or a template that something else reads is left to `make test`.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools import PROJECT

MAIN = ("origin/main", "main")
_DOCUMENTS = {".md", ".yml"}


def changed_files(project: Path) -> list[str]:
    """Paths below the project that differ from the merge base with main, as far as they exist.

    Without such a branch, those that differ from the last commit.
    """
    bases = (_git(project, "merge-base", name, "HEAD") for name in MAIN)
    base = next(filter(None, bases), ["HEAD"])
    changed = _git(project, "diff", "--name-only", *base)
    untracked = _git(project, "ls-files", "--others", "--exclude-standard")
    return sorted(name for name in {*changed, *untracked} if (project / name).is_file())


def relevant_tests(changed: Iterable[str], project: Path) -> list[str]:
    """The test files to run for some changed ones, by the rule above."""
    chosen: set[Path] = set()
    imported = {file: _imports(file) for file in (project / "tests" / "unit").rglob("test_*.py")}
    for name in map(Path, changed):
        if name.parts[0] == "tests":
            alone = name.name.startswith("test_") and name.suffix == ".py"
            chosen |= {project / name} if alone else set((project / name).parent.glob("test_*.py"))
        elif name.suffix == ".py":
            naming = {file for file, modules in imported.items() if _module(name) in modules}
            chosen |= naming | _namesakes(name, project) or _mirrored(name, project)
        elif name.suffix in _DOCUMENTS or name.name == "Makefile":
            chosen |= set((project / "tests" / "docs").glob("test_*.py"))
        if name.parts[0] == "stacks" or name.name == "app.py":
            chosen.add(project / "tests" / "stacks" / "test_snapshots.py")
    return sorted(file.relative_to(project).as_posix() for file in chosen if file.exists())


def _module(name: Path) -> str:
    """The dotted name by which a file is imported."""
    parts = name.with_suffix("").parts
    parts = parts[1:] if parts[0] == "lambda_src" else parts
    return ".".join(parts[:-1] if parts[-1] in ("__init__", "__main__") else parts)


def _imports(file: Path) -> set[str]:
    """The dotted names that a file imports: `from a import b` may be the module a or a.b."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return modules


def _folder(name: Path) -> tuple[str, ...]:
    """The folder of a module, below tests/unit."""
    return name.parts[1:-1] if name.parts[0] == "lambda_src" else name.parts[:-1]


def _namesakes(name: Path, project: Path) -> set[Path]:
    """The file of tests with a module's name, or else its package's, nearest to its own place."""
    folder = _folder(name)
    for named in (name.stem, *folder[-1:]):
        for depth in range(len(folder), 0, -1):
            file = project.joinpath("tests", "unit", *folder[:depth], f"test_{named}.py")
            if file.is_file():
                return {file}
    return set()


def _mirrored(name: Path, project: Path) -> set[Path]:
    """The tests of the folder that mirrors a module's own, or of the nearest one above it."""
    parts = _folder(name)
    while parts:
        files = set((project / "tests" / "unit").joinpath(*parts).glob("test_*.py"))
        if files:
            return files
        parts = parts[:-1]
    return set()


def _git(project: Path, *arguments: str) -> list[str]:
    """The lines that git answers with; none where it refuses."""
    command = ["git", *arguments]
    answer = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    return answer.stdout.splitlines() if answer.returncode == 0 else []


def main() -> int:
    """Print the test files, or say on standard error that there are none."""
    changed = changed_files(PROJECT)
    chosen = relevant_tests(changed, PROJECT)
    print(*chosen, sep="\n")
    if not chosen:
        print(f"no tests for {len(changed)} changed files; make test runs all", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
