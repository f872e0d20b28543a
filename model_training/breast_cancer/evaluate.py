"""How good the recipe is on cases it has not seen; malignant is the positive class.

The five columns and the recipe were chosen on the same 569 cases, so the figures lean towards the
optimistic: there is no second hospital in this data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics
from sklearn.model_selection import RepeatedStratifiedKFold

from model_training.breast_cancer import recipe
from model_training.reports.calibration import calibration_error

FOLDS = 5
SEED = 20260105

Progress = Callable[[], object]
FIGURES = (
    ("accuracy", "accuracy"),
    ("malignant_f1", "F1 of malignant"),
    ("benign_f1", "F1 of benign"),
    ("malignant_recall", "recall of malignant"),
    ("malignant_precision", "precision of malignant"),
    ("roc_auc", "area under the ROC curve"),
    ("log_loss", "log loss"),
    ("brier", "Brier score"),
    ("calibration_error", "calibration error"),
)
"""Keys in the manifest, and their names for people."""


@dataclass(frozen=True)
class Estimate:
    """A figure's mean and standard deviation over the folds."""

    mean: float
    sd: float


@dataclass(frozen=True)
class CrossValidation:
    """Figures over folds x repeats, and the probability of malignant when each case was tested.

    `probability` is of the first repeat: one answer per case by a model that had not seen it.
    """

    folds: int
    repeats: int
    figures: dict[str, Estimate]
    malignant: NDArray[Any]
    probability: NDArray[Any]

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry."""
        return {
            "folds": self.folds,
            "repeats": self.repeats,
            "rows": len(self.malignant),
            "figures": {
                name: {"mean": figure.mean, "sd": figure.sd}
                for name, figure in self.figures.items()
            },
        }


def scores(malignant: NDArray[Any], probability: NDArray[Any]) -> dict[str, float]:
    """All figures of one test part: n labels (1 malignant), n probabilities of malignant."""
    predicted = (probability >= 0.5).astype(int)
    return {
        "accuracy": float(metrics.accuracy_score(malignant, predicted)),
        "malignant_f1": float(metrics.f1_score(malignant, predicted)),
        "benign_f1": float(metrics.f1_score(malignant, predicted, pos_label=0)),
        "malignant_recall": float(metrics.recall_score(malignant, predicted)),
        "malignant_precision": float(metrics.precision_score(malignant, predicted)),
        "roc_auc": float(metrics.roc_auc_score(malignant, probability)),
        "log_loss": float(metrics.log_loss(malignant, probability)),
        "brier": float(np.mean((probability - malignant) ** 2)),
        "calibration_error": calibration_error(malignant, probability),
    }


def splits(repeats: int) -> Any:
    """Stratified folds, repeated, the same for everything that is compared."""
    return RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)


def cross_validate(
    rows: NDArray[Any], malignant: NDArray[Any], *, repeats: int, progress: Progress = lambda: None
) -> CrossValidation:
    """Stratified five-fold cross-validation, repeated; `progress` is called after each fold."""
    probability = np.zeros(len(malignant))
    collected = []
    for number, (train, test) in enumerate(splits(repeats).split(rows, malignant)):
        model = recipe.unfitted().fit(rows[train], malignant[train])
        chances = model.predict_proba(rows[test])[:, 1]
        collected.append(scores(malignant[test], chances))
        if number < FOLDS:
            probability[test] = chances
        progress()
    figures = {
        name: Estimate(
            float(np.mean([fold[name] for fold in collected])),
            float(np.std([fold[name] for fold in collected], ddof=1)),
        )
        for name in collected[0]
    }
    return CrossValidation(FOLDS, repeats, figures, malignant, probability)
