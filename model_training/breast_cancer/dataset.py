"""scikit-learn's copy of the Wisconsin diagnostic breast-cancer data, with 1 for malignant."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer

from model_training.breast_cancer.features import FEATURES

SOURCE = "scikit-learn: sklearn.datasets.load_breast_cancer"
LICENCE = "CC BY 4.0"
CREDIT = (
    "Wolberg, Mangasarian, Street & Street (1993), Breast Cancer Wisconsin (Diagnostic), UCI "
    "Machine Learning Repository, https://doi.org/10.24432/C5DW2B"
)
COLUMNS = tuple(feature.name for feature in FEATURES)


@dataclass(frozen=True)
class Cases:
    """n cases: all 30 measurements by name, and whether each is malignant (1) or benign (0)."""

    names: tuple[str, ...]
    measurements: NDArray[Any]
    malignant: NDArray[Any]

    def rows(self, names: tuple[str, ...] = COLUMNS) -> Any:
        """The columns of that name, in that order: n rows of float64."""
        columns = [self.names.index(name) for name in names]
        return np.ascontiguousarray(self.measurements[:, columns])

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry about the data."""
        content = self.measurements.tobytes() + self.malignant.tobytes()
        return {
            "source": SOURCE,
            "sha256": hashlib.sha256(content).hexdigest(),
            "rows": len(self.malignant),
            "labels": {
                "benign": int(np.sum(self.malignant == 0)),
                "malignant": int(np.sum(self.malignant == 1)),
            },
            "licence": LICENCE,
            "credit": CREDIT,
        }


def load() -> Cases:
    """The cases in scikit-learn's order; its target, 1 for benign, turned round."""
    data = load_breast_cancer()
    if list(data.target_names) != ["malignant", "benign"]:
        raise ValueError(f"expected the targets malignant and benign, got {data.target_names}")
    malignant = np.asarray(1 - data.target, dtype=np.int64)
    return Cases(tuple(map(str, data.feature_names)), np.asarray(data.data, np.float64), malignant)
