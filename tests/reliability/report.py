"""The results of the long runs, kept as JSON, and docs/reliability.md, which is made of them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
RESULTS = PROJECT / "build" / "reliability"


def keep(name: str, facts: Mapping[str, Any], *, command: str) -> None:
    """Keeps the facts of a run, with what they depend on, until the next run of that name."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    entry = {"command": command, "machine": machine(), "facts": facts}
    (RESULTS / f"{name}.json").write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, str]:
    """What a figure depends on."""
    return {
        "cores": str(os.cpu_count()),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "awslambdaric": version("awslambdaric"),
        "hypothesis": version("hypothesis"),
    }


def write() -> None:
    raise NotImplementedError
