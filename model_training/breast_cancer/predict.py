"""Answers from a trained model, offline, through the same code that serves it."""

import math
from collections.abc import Sequence
from pathlib import Path

from portable.tabular_classifier import TabularClassifier, UnusableRow

from model_training.command_line import Refusal
from model_training.publishing import artifacts
from model_training.reports.tables import table


class RowError(Refusal):
    """A row of the command line that cannot be answered; the message is one sentence."""


def run(folder: Path, texts: Sequence[str]) -> None:
    """Print the answer to each row, and what each feature adds to the log-odds of malignant.

    A row is the features' values in the manifest's order, joined by commas.
    """
    model, manifest = artifacts.load_verified(folder, "tabular")
    if not isinstance(model, TabularClassifier):
        raise RowError(f"{folder} holds no model of rows of numbers")
    names = [feature["json"] for feature in manifest["features"]]
    for text in texts:
        row = _row(text, names)
        try:
            label, probabilities = model.predict(row)
        except UnusableRow as refusal:
            raise RowError(f"{text[:80]!r}: {refusal}") from None
        chance = dict(zip(model.classes_, probabilities, strict=True))[label]
        print(f"{label} ({manifest['classes'][str(label)]}), probability {chance:.4f}")
        explanation = model.explain(row)
        # By place: a model knows its features as they were called in training, or by number.
        keys = dict(zip(model.feature_names, names, strict=True))
        told = [
            (keys[feature], f"{value:g}", f"{part:+.3f}")
            for feature, value, part in explanation.contributions
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
