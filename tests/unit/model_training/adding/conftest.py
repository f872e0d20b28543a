"""Adding in a folder of a test's own, proven under this Python alone and on few inputs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import pytest

from model_training import __main__ as command
from model_training.adding import add as adding
from model_training.adding import publish
from model_training.publishing import pythons

Add = Callable[..., str]


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Add:
    """Adds a model to an empty project, `tmp_path`/project; gives its version.

    Estimators are dumped and tables written first; the rest is `add.run`'s.
    """
    monkeypatch.setattr(publish, "GENERATED", 200)
    monkeypatch.setattr(pythons, "pythons_at_hand", lambda: [Path(sys.executable)])

    def run(
        name: str, *models: Any, data: Any = None, target: str | None = None,
        text: str | None = None, labels: tuple[str, ...] = (), trust: bool = False,
    ) -> str:  # fmt: skip
        paths = []
        for place, model in enumerate(models):
            paths.append(model if isinstance(model, Path) else tmp_path / f"model{place}.joblib")
            if not isinstance(model, Path):
                joblib.dump(model, paths[-1])
        if data is not None and not isinstance(data, Path):
            data.to_csv(tmp_path / "data.csv", index=False)
            data = tmp_path / "data.csv"
        return adding.run(
            name, paths, data=data, target=target, text=text, labels=labels, trust=trust,
            project=tmp_path / "project",
        )  # fmt: skip

    return run


@pytest.fixture
def main() -> Callable[[list[str]], int]:
    """The command line."""
    return command.main
