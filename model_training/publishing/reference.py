"""What live answers are compared with: a model's own answers to rows that it was not fitted on.

How often the truth is a class says less: a model calls rare classes more rarely than they are. It
stands in where a manifest has nothing else.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from model_training.publishing.kinds.kind import Manifest
from model_training.publishing.manifests import class_labels

if TYPE_CHECKING:
    from model_training.reports.answered import Answered

ENTRY = "reference"
"""The manifest's entry. It has no part in a model's version: no answer is made of it."""


class Known(NamedTuple):
    """Of `rows` answers: `shares` is the metric of a class → how often it was answered, of those
    that were and have a metric; `confidence` the mean and the standard deviation of the largest
    probability, None where that was not measured."""

    rows: int
    shares: dict[str, float]
    confidence: tuple[float, float] | None


def entry(answered: Answered) -> dict[str, Any]:
    """The manifest's entry about answers, whose labels are those that people are shown."""
    answers = Counter(answered.labels[place] for place in answered.predicted.tolist())
    made: dict[str, Any] = {"rows": answers.total(), "answers": dict(sorted(answers.items()))}
    if answered.numbers is not None and answered.probable:
        largest = answered.numbers.max(axis=1)
        made["confidence"] = {
            "mean": float(largest.mean()),
            "standard_deviation": float(largest.std()),
        }
    return made


def read(manifest: Manifest) -> Known | None:
    """What a manifest says of it; None where it counts nothing."""
    made = manifest.get(ENTRY) or {}
    counts = made.get("answers") or (manifest.get("data") or {}).get("labels") or {}
    rows = sum(counts.values())
    if not rows:
        return None
    said = made.get("confidence")
    return Known(
        rows,
        {
            metric: counts[label] / rows
            for metric, label in class_labels(manifest).items()
            if 0 < counts.get(label, 0) < rows
        },
        (said["mean"], said["standard_deviation"]) if said else None,
    )
