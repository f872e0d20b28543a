"""Which files are generated, and their texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tools.openapi import breast_cancer, clothes, loan_grade, spam_or_ham
from tools.openapi.parts import Json
from tools.openapi.records import Manifest

PROJECT = Path(__file__).resolve().parents[2]
SCHEMAS = PROJECT / "stacks" / "config" / "schemas"


def _trained(service: str) -> Manifest:
    """The manifest of a model that is part of the repository."""
    file = PROJECT / "model_training" / service / "trained" / "manifest.json"
    manifest: Manifest = json.loads(file.read_text(encoding="utf-8"))
    return manifest


DOCUMENTS: dict[str, Callable[[], Json]] = {
    "spam_or_ham": spam_or_ham.document,
    "breast_cancer": breast_cancer.document,
    "loan_grade": lambda: loan_grade.document(_trained("loan_grade")),
    "clothes": clothes.document,
}
"""Service → what makes its document: a new service is one more line."""


def document_file(service: str) -> Path:
    """Where a service serves its document from."""
    return PROJECT / "lambda_src" / service / "openapi.json"


def files() -> dict[Path, str]:
    """Every generated file with its text."""
    models = {"loan_grade": loan_grade.gateway_model(_trained("loan_grade"))}
    return {
        **{document_file(name): rendered(make()) for name, make in DOCUMENTS.items()},
        **{SCHEMAS / f"{name}.json": rendered(m) for name, m in models.items()},
    }


def rendered(value: Json) -> str:
    """A file's text: the same for the same code, one line for a change to one line."""
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"
