"""The five measurements that are asked for, and what the answers mean.

scikit-learn's target is 1 for benign; here 1 is malignant, what is looked for.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MALIGNANT = 1
CLASSES = {"0": "benign", "1": "malignant"}


@dataclass(frozen=True)
class Feature:
    """A column of the data set, and its name in a request."""

    name: str
    json: str


FEATURES = (
    Feature("mean concave points", "meanConcavePoints"),
    Feature("worst radius", "worstRadius"),
    Feature("worst texture", "worstTexture"),
    Feature("worst area", "worstArea"),
    Feature("worst concave points", "worstConcavePoints"),
)
"""In the order of a row."""

EXAMPLE = (0.03821, 14.97, 24.64, 677.9, 0.1015)
"""A benign case, as a request has it."""


def ranges(rows: NDArray[Any]) -> list[tuple[float, float]]:
    """What is answered of each feature: from half the smallest to 1.5 times the largest value.

    Beyond it no tree has learnt anything, and a number is more likely of another unit than of a
    patient.
    """
    return [(_short(0.5 * np.min(column)), _short(1.5 * np.max(column))) for column in rows.T]


def _short(limit: float) -> float:
    return float(f"{limit:.4g}")
