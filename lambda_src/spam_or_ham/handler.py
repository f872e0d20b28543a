"""The Lambda entry of spam-or-ham: texts, normalised as in training, and a page to try it."""

from __future__ import annotations

import os

from serving.http.static import Page
from serving.inputs.text import Inputs
from serving.service import ModelService

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from serving.loading.model_loader import LoadTimeouts
    from serving.runtimes import Load
    from serving.runtimes.portable_text import TextModel

PATH = "/spamorham"
_PAGE = f"{os.path.dirname(__file__)}/page/index.html"


def spam_or_ham(environ: Mapping[str, str], timeouts: LoadTimeouts | None = None) -> ModelService:
    """The service for one environment's variables."""
    return ModelService(
        PATH, Inputs(), runtime, environ, timeouts=timeouts, routes={"/": {"GET": Page(_PAGE)}}
    )


def runtime() -> Load:
    """Imports what reads the model, and gives it."""
    from serving.runtimes.portable_text import TextModel, read_pair

    from spam_or_ham.normalisation import normaliser

    def load(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> TextModel:
        return TextModel(read_pair(files), normaliser(manifest.get("normalisation", "")))

    return load


service = spam_or_ham(os.environ)
handler = service.handler
service.start()
