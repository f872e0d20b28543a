"""What a model answers to rows of which the truth is known, and how good that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

from model_training.reports.calibration import calibration_error

Array = NDArray[Any]


@dataclass(frozen=True)
class Answered:
    """`truth` and `predicted` of n rows: places in `labels` where a class is predicted, numbers
    where `labels` is empty. `numbers` are n x k probabilities, or scores where not `probable`, and
    None of a model that says labels alone."""

    truth: Array
    predicted: Array
    labels: Sequence[str] = ()
    numbers: Array | None = None
    probable: bool = True

    @property
    def confusion(self) -> Array:
        """How many of each label (rows) were called each (columns)."""
        counts = np.zeros((len(self.labels), len(self.labels)), dtype=np.int64)
        np.add.at(counts, (self.truth, self.predicted), 1)
        return counts

    def only(self, rows: Array) -> Answered:
        """That of some rows."""
        numbers = None if self.numbers is None else self.numbers[rows]
        return Answered(self.truth[rows], self.predicted[rows], self.labels, numbers, self.probable)


def together(parts: Sequence[Answered]) -> Answered:
    """One of several that have the same labels."""
    first = parts[0]
    numbers = [one.numbers for one in parts if one.numbers is not None]
    return Answered(
        np.concatenate([one.truth for one in parts]),
        np.concatenate([one.predicted for one in parts]),
        first.labels,
        np.concatenate(numbers) if len(numbers) == len(parts) else None,
        first.probable,
    )


def figures(answered: Answered) -> dict[str, float]:
    """How good the answers are, by the name of the figure."""
    if not answered.labels:
        return _of_regression(answered)
    truth, predicted = answered.truth, answered.predicted
    found = {
        "accuracy": float(np.mean(truth == predicted)),
        "balanced accuracy": float(np.mean(_recalls(answered))),
        "F1, mean of the labels": float(
            metrics.f1_score(truth, predicted, average="macro", zero_division=0)
        ),
        "Matthews correlation": float(metrics.matthews_corrcoef(truth, predicted)),
    }
    if answered.numbers is None:
        return found
    areas = [
        metrics.roc_auc_score(truth == place, answered.numbers[:, place])
        for place in range(len(answered.labels))
        if 0 < np.sum(truth == place) < len(truth)
    ]
    if areas:
        found["area under the ROC curve"] = float(np.mean(areas))
    if answered.probable:
        said = np.clip(answered.numbers[np.arange(len(truth)), truth], 1e-15, None)
        found["log loss"] = float(-np.mean(np.log(said)))
        found["calibration error"] = calibration_error(*confidences(answered))
    return found


def confidences(answered: Answered) -> tuple[Array, Array]:
    """Of two labels, whether each row is of the second and the probability said of it; of more,
    whether it is of the likeliest one, and that one's probability."""
    numbers = answered.numbers
    if numbers is None:
        raise ValueError("a model that says labels alone says no probabilities")
    if len(answered.labels) == 2:
        return answered.truth == 1, numbers[:, 1]
    return answered.truth == numbers.argmax(axis=1), numbers.max(axis=1)


def baseline(answered: Answered) -> tuple[str, float]:
    """What the figure that comes first would be without any model, and what that would say."""
    if answered.labels:
        counts = np.bincount(answered.truth, minlength=len(answered.labels))
        share = float(counts.max() / counts.sum())
        return f"always answering {answered.labels[int(counts.argmax())]!r}", share
    return "always answering the mean", 0.0


def _recalls(answered: Answered) -> list[float]:
    counts = answered.confusion
    return [float(row[place] / row.sum()) for place, row in enumerate(counts) if row.sum()]


def _of_regression(answered: Answered) -> dict[str, float]:
    truth, predicted = answered.truth, answered.predicted
    return {
        "R²": float(metrics.r2_score(truth, predicted)),
        "mean absolute error": float(metrics.mean_absolute_error(truth, predicted)),
        "root mean squared error": float(metrics.root_mean_squared_error(truth, predicted)),
        "median absolute error": float(metrics.median_absolute_error(truth, predicted)),
    }
