"""What is installed elsewhere finds its own modules, and takes nobody's name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import stacks
from stacks.lambda_source import LAMBDA_SOURCE, ROOT, constants

OURS = {"stacks", "tools", "model_training", "tests"} | {
    folder.name for folder in LAMBDA_SOURCE.iterdir() if folder.is_dir()
}
REGISTRY = ROOT / "stacks" / "config" / "services"


def imported(file: Path) -> Iterator[str]:
    """The top-level names that a module imports absolutely."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def test_stacks_import_each_other_relatively_and_nothing_that_runs_in_a_function() -> None:
    """An installed one lies in a package (docs/decisions/0018-one-name.md). What belongs to the
    services of this repository is not installed."""
    files = sorted(Path(stacks.__file__).parent.rglob("*.py"))
    assert len(files) > 50
    entries = {file for file in files if file.parent == REGISTRY and file.name != "__init__.py"}
    absolute = {
        file.relative_to(ROOT).as_posix(): sorted(OURS.intersection(imported(file)))
        for file in files
        if file not in entries and OURS.intersection(imported(file))
    }
    assert absolute == {}


def test_constants_are_what_importing_the_module_gives() -> None:
    from portable import supported
    from serving import http

    table = constants("portable/supported.py")
    for name in ("ESTIMATORS", "HELD", "NAMES", "STAND_INS"):
        assert table[name] == getattr(supported, name)
    for name in ("NAMESPACE", "DIMENSIONS", "CLASSES", "METRICS"):
        assert constants("serving/http/__init__.py")[name] == getattr(http, name)
