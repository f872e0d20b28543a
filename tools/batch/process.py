"""What a process of `make score` does: it holds the model, and answers one item after the other.

It imports nothing that only builds or deploys: each process pays for its imports.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch import parts
from batch.scoring import Scorer

from tools.batch.folder import Files, Folder, LocalInput

if TYPE_CHECKING:
    from serving.service import ModelService


@dataclass(frozen=True)
class Embedded:
    """A service without its function: the module of its handler, what the function is told, and
    the checked files of its model."""

    module: str
    environment: Mapping[str, str]
    files: Mapping[str, Path]

    def service(self) -> ModelService:
        """The service, with its model loaded: once a process, as its handler reads this process's
        environment when it is imported."""
        os.environ.update(self.environment)
        service: ModelService = import_module(self.module).service
        service.prepare()({name: path.read_bytes() for name, path in self.files.items()})
        return service


class _Process:
    """What stays between items."""

    scorer: Scorer
    files: Files
    folder: Folder


def begin(
    embedded: Embedded, files: list[LocalInput], options: dict[str, Any], folder: Folder
) -> None:
    """Loads the model."""
    _Process.scorer = Scorer(embedded.service(), options)
    _Process.files = Files(files)
    _Process.folder = folder


def answer(item: dict[str, Any]) -> int:
    """Answers an item of the plan; returns its rows, the refused ones included."""
    done = parts.run(item, _Process.scorer, _Process.files.piece, _Process.folder)
    return sum(each["rows"] + each["errors"] for each in done)
