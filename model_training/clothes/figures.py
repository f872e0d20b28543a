"""What a set of answers is worth: accuracy with its interval, per label, and what is confused."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy

_NORMAL = 1.959963984540054


@dataclass(frozen=True)
class Figures:
    """Answers to N pictures: `confusion[i][j]` of label i were called label j."""

    labels: tuple[str, ...]
    confusion: numpy.ndarray
    log_loss: float

    @property
    def pictures(self) -> int:
        """How many were answered."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """The share that was called what it is."""
        return float(numpy.trace(self.confusion) / self.pictures)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the accuracy."""
        return wilson(int(numpy.trace(self.confusion)), self.pictures)

    def recall(self) -> dict[str, float]:
        """Of each label, the share that was found."""
        return self._shares(axis=1)

    def precision(self) -> dict[str, float]:
        """Of what was called each label, the share that is it."""
        return self._shares(axis=0)

    def _shares(self, axis: int) -> dict[str, float]:
        totals = self.confusion.sum(axis=axis)
        return {
            label: float(self.confusion[i, i] / total) if (total := totals[i]) else 0.0
            for i, label in enumerate(self.labels)
        }

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry."""
        low, high = self.interval
        return {
            "pictures": self.pictures,
            "accuracy": self.accuracy,
            "accuracy_interval": [low, high],
            "log_loss": self.log_loss,
            "recall": self.recall(),
            "precision": self.precision(),
            "confusion": self.confusion.tolist(),
        }

    def table(self) -> str:
        """For people: the figures, each label's, and the confusion matrix."""
        low, high = self.interval
        wide = max(map(len, self.labels))
        lines = [
            f"{self.pictures} pictures, accuracy {self.accuracy:.4f} "
            f"(95 % interval {low:.3f} to {high:.3f}), log loss {self.log_loss:.4f}",
            "",
            f"{'':{wide}}  recall  precision  called "
            + " ".join(f"{n[:5]:>5}" for n in self.labels),
        ]
        recall, precision = self.recall(), self.precision()
        for label, row in zip(self.labels, self.confusion, strict=True):
            cells = " ".join(f"{count:5d}" if count else "    ·" for count in row)
            lines.append(
                f"{label:{wide}}  {recall[label]:6.3f}  {precision[label]:9.3f}         {cells}"
            )
        return "\n".join(lines)


def measure(
    labels: Sequence[str], truth: Sequence[int] | numpy.ndarray, logits: numpy.ndarray
) -> Figures:
    """Figures of (N, labels) logits against N indices of labels."""
    confusion = numpy.zeros((len(labels), len(labels)), dtype=int)
    numpy.add.at(confusion, (numpy.asarray(truth), logits.argmax(axis=1)), 1)
    rows = logits.astype(float)
    rows -= rows.max(axis=1, keepdims=True)
    chances = rows - numpy.log(numpy.exp(rows).sum(axis=1, keepdims=True))
    own = chances[numpy.arange(len(rows)), numpy.asarray(truth)]
    return Figures(tuple(labels), confusion, float(-own.mean()))


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """E. B. Wilson's 95 % interval of a share, JASA 22 (1927)."""
    share, square = hits / trials, _NORMAL**2 / trials
    middle = (share + square / 2) / (1 + square)
    half = _NORMAL * math.sqrt(share * (1 - share) / trials + square / trials / 4) / (1 + square)
    return middle - half, middle + half
