"""The Lambda entry of spam-or-ham: texts, normalised as in training."""

from __future__ import annotations

import os

from serving.loading.artifacts import begin_at_init

begin_at_init()  # The model travels while the rest is imported.

from serving.inputs.text import Inputs  # noqa: E402
from serving.service import ModelService, read_with  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from serving.http.static import Page
    from serving.loading.model_loader import LoadTimeouts
    from serving.runtimes import Load, Model

PATH = "/spamorham"


def spam_or_ham(
    environ: Mapping[str, str], timeouts: LoadTimeouts | None = None, page: Page | None = None
) -> ModelService:
    """The service for one environment's variables."""
    return ModelService(
        PATH,
        Inputs(),
        lambda: runtime(environ.get("MODEL_READER", "portable")),
        environ,
        timeouts=timeouts,
        page=page,
    )


def runtime(reader: str = "portable") -> Load:
    """Imports a module of `serving.runtimes` that reads texts' models, and gives what reads one
    whose texts are normalised as its manifest says."""
    from spam_or_ham.normalisation import normaliser

    read: Any = read_with(reader)

    def load(files: dict[str, bytes], manifest: Mapping[str, Any]) -> Model:
        model: Model = read(files, manifest, normaliser(manifest.get("normalisation", "")))
        return model

    return load


service = spam_or_ham(os.environ)
handler = service.handler
service.start()
