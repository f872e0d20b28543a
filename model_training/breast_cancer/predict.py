"""Answers from a trained model, offline, through the same code that serves it."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from serving.http.problems import Problem

from model_training.command_line import Refusal
from model_training.publishing import artifacts
from model_training.reports.tables import table


class RowError(Refusal):
    """A row of the command line that cannot be answered; the message is one sentence."""


def run(folder: Path, texts: Sequence[str]) -> None:
    """Print the answer to each row, and what each feature adds to the log-odds of malignant.

    A row is the features' values in the manifest's order, joined by commas.
    """
    model, manifest = artifacts.load_verified(folder, "fields")
    if any(field["type"] != "number" for field in manifest["fields"]):
        raise RowError(
            f"{folder} holds the model {manifest['name']}, whose fields are not all numbers; name "
            "the folder of a model of rows of numbers"
        )
    names = [field["name"] for field in manifest["fields"]]
    for text in texts:
        row = _row(text, names)
        record = dict(zip(names, row, strict=True))
        try:
            (answer,), (explanation,) = model.predict_and_explain([record])
        except Problem as problem:
            raise RowError(f"{text[:80]!r}: {problem.detail}") from None
        label, probability = answer.predicted, max(answer.probabilities or ())
        meaning = manifest.get("classes", {}).get(str(label), label)
        print(f"{label} ({meaning}), probability {probability:.4f}")
        fields: Any = explanation["fields"]
        parts = [
            (part["field"], f"{record[part['field']]:g}", f"{part['contribution']:+.3f}")
            for part in fields
        ]
        parts = [("(before anything is known)", "", f"{explanation['base']:+.3f}"), *parts]
        print(table(("feature", "value", "log-odds"), parts))


def _row(text: str, names: Sequence[str]) -> list[float]:
    try:
        row = [float(value) for value in text.split(",")]
    except ValueError:
        row = []
    if len(row) != len(names) or not all(map(math.isfinite, row)):
        raise RowError(f"{text[:80]!r} is not a row of {len(names)} numbers: {','.join(names)}")
    return row
