"""What a mistake in the code is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CodeDefect:
    """`old` becomes `new` in `file` of `folder`; `tests` are those that should notice."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    folder: str = "lambda_src"
