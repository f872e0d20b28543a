"""Which files are generated, and their texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from docs.api import breast_cancer, spam_or_ham
from docs.api.parts import Json

PROJECT = Path(__file__).resolve().parents[2]

DOCUMENTS: dict[str, Callable[[], Json]] = {
    "spam_or_ham": spam_or_ham.document,
    "breast_cancer": breast_cancer.document,
}
"""Service → what makes its document: a new service is one more line."""


def document_file(service: str) -> Path:
    """Where a service serves its document from."""
    return PROJECT / "lambda_src" / service / "openapi.json"


def files() -> dict[Path, str]:
    """Every generated file with its text."""
    return {document_file(name): rendered(make()) for name, make in DOCUMENTS.items()}


def rendered(value: Json) -> str:
    """A file's text: the same for the same code, one line for a change to one line."""
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"
