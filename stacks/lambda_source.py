"""What the stacks share with the functions: their sources, and constants that are stated there.

The functions' packages have names as a Lambda has them, like `serving`. In somebody else's app they
must not be importable, so their constants are read from the files instead of being imported.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
"""The folder that holds `stacks` and `lambda_src`: the repository, or the installed package."""
LAMBDA_SOURCE = ROOT / "lambda_src"


@cache
def constants(file: str) -> Mapping[str, Any]:
    """Name → value of what a module of lambda_src assigns at its top level.

    Nothing else of it runs: its imports, functions and classes are left out, so a constant that
    needs one of them raises `NameError`.
    """
    path = LAMBDA_SOURCE / file
    module = ast.parse(path.read_text(encoding="utf-8"))
    module.body = [each for each in module.body if _is_constant(each)]
    values: dict[str, Any] = {}
    # A file of this project, of which assignments alone are left.
    exec(compile(module, str(path), "exec"), values)  # noqa: S102
    return {name: value for name, value in values.items() if not name.startswith("__")}


def _is_constant(statement: ast.stmt) -> bool:
    """Also of `from __future__`: annotations are not to be evaluated."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    return isinstance(statement, ast.Assign | ast.AnnAssign)


_http = constants("serving/http/__init__.py")
NAMESPACE: str = _http["NAMESPACE"]
"""Of the metrics that CloudWatch makes of the functions' log lines."""
DIMENSIONS: tuple[str, ...] = _http["DIMENSIONS"]
CLASSES: tuple[str, ...] = _http["CLASSES"]
