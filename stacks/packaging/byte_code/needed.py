"""Which modules a service imports: the rest of the shared folders stays out of its package."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath


def needed_files(files: Mapping[str, Path], roots: Iterable[str]) -> dict[str, Path]:
    """Of path-in-the-zip → file, the modules named `roots` and all that these import.

    Imports inside functions count, those for the type checker alone do not. Files that are no
    modules stay where a module stays that lies in the same folder.
    """
    modules = {_module_name(path): path for path in files if path.endswith(".py")}
    todo = list(roots)
    kept: set[str] = set()
    while todo:
        name = todo.pop()
        if name in kept or name not in modules:
            continue
        kept.add(name)
        todo.append(name.rpartition(".")[0])
        todo += _imported(ast.parse(files[modules[name]].read_bytes()))
    paths = {modules[name] for name in kept}
    folders = {PurePosixPath(path).parent for path in paths}
    return {
        path: file
        for path, file in files.items()
        if path in paths or (not path.endswith(".py") and PurePosixPath(path).parent in folders)
    }


def _module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imported(node: ast.AST) -> Iterator[str]:
    """The names of modules in import statements, and those that may be modules."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and _is_type_checking(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
            yield child.module
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        else:
            yield from _imported(child)


def _is_type_checking(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"
