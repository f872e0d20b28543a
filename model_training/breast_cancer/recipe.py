"""The recipe that is published: boosted stumps, as cross-validation chose them.

`python -m model_training.breast_cancer grid-search` compares it with deeper trees, other rates and
other numbers of trees, and says which is chosen and why.
"""

from typing import Any

from sklearn.ensemble import GradientBoostingClassifier

NAME = "stumps"
DEPTH = 1
TREES = 100
RATE = 0.1
SUBSAMPLE = 1.0
SEED = 20260104


def unfitted(
    *, depth: int = DEPTH, trees: int = TREES, rate: float = RATE, subsample: float = SUBSAMPLE
) -> Any:
    """A gradient boosting that gives the same model for the same rows."""
    return GradientBoostingClassifier(
        max_depth=depth,
        n_estimators=trees,
        learning_rate=rate,
        subsample=subsample,
        random_state=SEED,
    )
