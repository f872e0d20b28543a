"""Grades loans offline from a trained model, without TensorFlow."""

import json
import sys
from pathlib import Path
from typing import Any

from model_training.publishing import artifacts
from model_training.publishing.kinds.kind import Manifest
from model_training.publishing.manifests import ArtifactError


def run(folder: Path, file: str) -> None:
    """Print the grade of each loan in a JSON file ("-" is standard input) and how sure it is."""
    model, manifest = artifacts.load_verified(folder, "fields")
    for number, loan in enumerate(read(file), start=1):
        (answer,) = model.predict([checked(loan, manifest, number)])
        pairs = zip(model.classes, answer.probabilities or (), strict=True)
        spread = ", ".join(f"{label} {probability:.3f}" for label, probability in pairs)
        print(f"{answer.predicted}  {spread}")


def read(file: str) -> list[Any]:
    """One loan or a list of loans."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        loans = json.loads(text)
    except (OSError, ValueError, RecursionError):
        raise ArtifactError(
            f"{file} is not a readable JSON file; give one loan as an object, or a list of them"
        ) from None
    return loans if isinstance(loans, list) else [loans]


def checked(loan: Any, manifest: Manifest, number: int) -> dict[str, Any]:
    """A loan with every field the model reads; `ArtifactError` says which one is wrong."""
    from serving.http.problems import Problem
    from serving.http.strict_json import Members
    from serving.inputs.fields import Fields

    members = Members(list(loan.items())) if isinstance(loan, dict) else loan
    try:
        return Fields(manifest).record(members, f"body[{number - 1}]")
    except Problem as problem:
        raise ArtifactError(problem.detail) from None
