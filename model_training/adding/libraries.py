"""Libraries that only some models need: installed when one needs them, from locks of their own."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from model_training.command_line import Refusal

_LOCKS = Path(__file__).resolve().parents[2] / "requirements" / "models"
# Top-level module → the lock that has it.
_LOCK_OF = {
    "duckdb": "duckdb",
    "lightgbm": "lightgbm",
    "pandas": "tables",
    "pyarrow": "tables",
    "skops": "skops",
    "xgboost": "xgboost",
    "yaml": "tables",
}


def imported(module: str, because: str) -> Any:
    """The module; its library is installed first where it is not, and a line says why.

    `because` is a clause, "model.skops was written by skops". Raises `Refusal` where it cannot be
    installed.
    """
    name = module.partition(".")[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != name:
            raise
    lock = _LOCKS / f"{_LOCK_OF[name]}.txt"
    print(f"{because}: installing {name} (once)", file=sys.stderr)
    ran = subprocess.run(  # noqa: S603 - pip of this Python, and a lock of this project
        [
            sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--require-hashes", "-r", str(lock),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        said = [line for line in ran.stderr.splitlines() if "ERROR" in line]
        raise Refusal(
            f"{because}, and {name} cannot be installed ({' '.join(said[-1:])[:200]}); run: "
            f"{sys.executable} -m pip install --require-hashes -r {lock}"
        )
    importlib.invalidate_caches()
    return importlib.import_module(module)
