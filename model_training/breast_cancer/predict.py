"""Answers from a trained model, offline, through the same code that serves it."""

import math
from collections.abc import Sequence
from pathlib import Path

from portable.tabular_classifier import TabularClassifier

from model_training.command_line import Refusal
from model_training.publishing import artifacts
from model_training.reports.tables import table


class RowError(Refusal):
    """A row of the command line that cannot be answered; the message is one sentence."""


def run(folder: Path, texts: Sequence[str]) -> None:
    """Print the answer to each row, and what each feature adds to the log-odds of malignant.

    A row is the features' values in the manifest's order, joined by commas.
    """
    model, manifest = artifacts.load_verified(folder)
    if not isinstance(model, TabularClassifier):
        raise RowError(f"{folder} holds no model of rows of numbers")
    names = [feature["json"] for feature in manifest["features"]]
    for text in texts:
        row = _row(text, names)
        label, probabilities = model.predict(row)
        chance = dict(zip(model.classes_, probabilities, strict=True))[label]
        print(f"{label} ({manifest['classes'][str(label)]}), probability {chance:.4f}")
        explanation = model.explain(row)
        parts = {name: part for name, _, part in explanation.contributions}
        told = [
            (
                names[int(feature.removeprefix("x"))],
                f"{row[int(feature.removeprefix('x'))]:g}",
                f"{part:+.3f}",
            )
            for feature, part in parts.items()
        ]
        told = [("(before anything is known)", "", f"{explanation.base:+.3f}"), *told]
        print(table(("feature", "value", "log-odds"), told))


def _row(text: str, names: Sequence[str]) -> list[float]:
    try:
        row = [float(value) for value in text.split(",")]
    except ValueError:
        row = []
    if len(row) != len(names) or not all(map(math.isfinite, row)):
        raise RowError(f"{text[:80]!r} is not a row of {len(names)} numbers: {','.join(names)}")
    return row
