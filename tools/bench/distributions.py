"""Copies installed distributions, with all they need, into a folder, as `pip --target` would."""

from __future__ import annotations

import re
import shutil
from importlib.metadata import Distribution, distributions
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: tuple[str, ...], site: Path, without: frozenset[str]) -> list[Distribution]:
    """The distributions `names` in the folder `site`, and what they require, but `without`.

    A requirement that is not installed there belongs to another platform or an extra.
    """
    installed = {_normal(d.metadata["Name"]): d for d in distributions(path=[str(site)])}
    by_name: dict[str, Distribution] = {}
    todo = [_normal(name) for name in names]
    if missing := [name for name in todo if name not in installed]:
        raise FileNotFoundError(f"{site} lacks {', '.join(missing)}: delete .venv-bench and retry")
    while todo:
        name = todo.pop()
        if name in by_name or name in without or name not in installed:
            continue
        by_name[name] = installed[name]
        for requirement in installed[name].requires or ():
            named = _NAME.match(requirement)
            if named and "extra ==" not in requirement:
                todo.append(_normal(named[0]))
    return [by_name[name] for name in sorted(by_name)]


def copy(chosen: list[Distribution], target: Path) -> None:
    """All files but the command-line scripts; modification times too, or .pyc would be stale."""
    for distribution in chosen:
        for file in distribution.files or ():
            source = Path(str(distribution.locate_file(file)))
            if ".." in file.parts or not source.is_file():
                continue
            to = target / file
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, to)
