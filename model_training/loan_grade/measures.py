"""How good probabilities of ordered grades are; grades are whole numbers from 0."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
BINS = 10


@dataclass(frozen=True)
class Measured:
    """The figures of one model on some loans; `confusion[actual, predicted]` counts them."""

    accuracy: float
    within_one: float
    kappa: float
    log_loss: float
    calibration_error: float
    confusion: Array

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry."""
        return {
            "rows": int(self.confusion.sum()),
            "accuracy": self.accuracy,
            "within_one_grade": self.within_one,
            "quadratic_kappa": self.kappa,
            "log_loss": self.log_loss,
            "calibration_error": self.calibration_error,
        }


def measure(probabilities: Array, actual: Array) -> Measured:
    """The figures of n rows of probabilities, one column per grade; likeliest grades count."""
    predicted = probabilities.argmax(axis=1)
    grades = probabilities.shape[1]
    counts = confusion(actual, predicted, grades)
    said = np.clip(probabilities[np.arange(len(actual)), actual], 1e-15, None)
    return Measured(
        accuracy=float(np.mean(predicted == actual)),
        within_one=float(np.mean(np.abs(predicted - actual) <= 1)),
        kappa=quadratic_kappa(counts),
        log_loss=float(-np.mean(np.log(said))),
        calibration_error=calibration_error(probabilities.max(axis=1), predicted == actual),
        confusion=counts,
    )


def confusion(actual: Array, predicted: Array, grades: int) -> Array:
    """How many loans of each actual grade (rows) got each predicted grade (columns)."""
    counts = np.zeros((grades, grades), dtype=np.int64)
    np.add.at(counts, (actual, predicted), 1)
    return counts


def quadratic_kappa(counts: Array) -> float:
    """Cohen's kappa with quadratic weights: 1 is agreement, 0 is chance.

    J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968). It is 0 where all answers are
    one grade, whatever that grade is.
    """
    grades = len(counts)
    places = np.arange(grades)
    weights = (places[:, None] - places[None, :]) ** 2
    by_chance = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return float(1 - (weights * counts).sum() / (weights * by_chance).sum())


def calibration_error(confidence: Array, right: Array) -> float:
    """How far the likeliest grade's probability is from the share that was right.

    The mean over ten bins of equal width, weighted by how many loans are in each.
    """
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(np.sum(confidence[bins == bin_]) - np.sum(right[bins == bin_])) for bin_ in range(BINS)
    ]
    return float(np.sum(gaps) / len(confidence))


HEAD = ("", "accuracy", "within one grade", "quadratic kappa", "log loss", "calibration error")


def rows(figures: dict[str, Measured]) -> list[tuple[str, ...]]:
    """One row of HEAD per model."""
    return [
        (
            name,
            f"{one.accuracy:.3f}",
            f"{one.within_one:.3f}",
            f"{one.kappa:.3f}",
            f"{one.log_loss:.3f}",
            f"{one.calibration_error:.3f}",
        )
        for name, one in figures.items()
    ]
