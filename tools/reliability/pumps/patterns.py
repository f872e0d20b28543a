"""Every regular expression of the code that texts and requests meet, found in its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tools.reliability.models import LAMBDA_SOURCE

PACKAGES = ("serving", "portable", "spam_or_ham")

# The pattern is the model's own there; those that are proven are targets of their own.
_BROUGHT_BY_A_MODEL = {
    "portable.feature_extraction.analyzers",
    "portable.feature_extraction.text_block",
    "portable.token_patterns",
}
_SCANS = ("finditer", "findall", "sub", "subn", "split")
_METHODS = (*_SCANS, "search", "match", "fullmatch")


def text_patterns() -> dict[str, Callable[[str], object]]:
    """What each pattern does to a text, by module and name, or method where it has no name.

    Raises `LookupError` for a pattern that is made where none can be seen.
    """
    patterns: dict[str, Callable[[str], object]] = {}
    for package in PACKAGES:
        for file in sorted((LAMBDA_SOURCE / package).rglob("*.py")):
            name = ".".join(file.relative_to(LAMBDA_SOURCE).with_suffix("").parts)
            name = name.removesuffix(".__init__")
            if name.endswith(".handler") or name in _BROUGHT_BY_A_MODEL:
                continue
            if "re." in file.read_text(encoding="utf-8"):
                patterns |= _of_module(name, file)
    return patterns


def _of_module(name: str, file: Path) -> dict[str, Callable[[str], object]]:
    module = import_module(name)
    patterns = {
        f"{name}.{attribute}": use
        for attribute, value in vars(module).items()
        if (use := _use(value)) is not None
    }
    compiled = len(patterns)
    for call in _calls(file):
        if call.func.attr == "compile":  # type: ignore[attr-defined]
            compiled -= 1
        else:
            patterns |= _direct(name, module, call)
    if compiled < 0:
        raise LookupError(f"{name} compiles a pattern that is no attribute of the module")
    return patterns


def _calls(file: Path) -> Iterator[ast.Call]:
    """The calls of functions of `re` that take a pattern."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in (*_METHODS, "compile")
        ):
            yield node


def _use(value: Any) -> Callable[[str], object] | None:
    """A compiled pattern over a whole text, or the method of one that a module has kept."""
    if isinstance(value, re.Pattern):
        return _whole(value, "finditer")
    pattern = getattr(value, "__self__", None)
    return _whole(pattern, value.__name__) if isinstance(pattern, re.Pattern) else None


def _direct(name: str, module: ModuleType, call: ast.Call) -> dict[str, Callable[[str], object]]:
    method = call.func.attr  # type: ignore[attr-defined]
    match call.args[0]:
        case ast.Name(id=attribute) if isinstance(getattr(module, attribute, None), str):
            label, pattern = attribute, getattr(module, attribute)
        case ast.Constant(value=str() | bytes() as pattern):
            label = f"line {call.lineno}"
        case _:
            raise LookupError(f"{name}, line {call.lineno}: which pattern is that?")
    return {f"{name}.{label}": _whole(re.compile(pattern), method)}


def _whole(pattern: re.Pattern[Any], method: str) -> Callable[[str], object]:
    if method in _SCANS:
        # The quickest way to have a pattern go over all of a text.
        nothing = pattern.pattern[:0]
        return lambda text: pattern.subn(nothing, _as(pattern, text))
    search = getattr(pattern, method)
    return lambda text: search(_as(pattern, text))


def _as(pattern: re.Pattern[Any], text: str) -> str | bytes:
    return text.encode() if isinstance(pattern.pattern, bytes) else text
