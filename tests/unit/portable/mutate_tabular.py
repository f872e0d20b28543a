"""As mutate.py, of tabular models: `python -m tests.unit.portable.mutate_tabular --count 9999`."""

import sys
import time

from portable.base import UnusableRow
from portable.errors import UnsafePickle, UnsupportedModel
from portable.model import load
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from model_training.publishing import pickling
from tests.unit.portable import mutate
from tests.unit.portable.tabular_models import (
    BOOSTING,
    REGRESSORS,
    SCALERS,
    TREES,
    fitted,
    numbers,
    three_classes,
    two_classes,
)

MODULE = "tests.unit.portable.mutate_tabular"
ROWS = [[0.1, 15.0, 20.0, 700.0, 0.1], [0.0] * 5, [1e30] * 5, [5.0, 3.0, 1.0, 0.2], [0.0] * 10]


def good_models() -> list[tuple[bytes, ...]]:
    """A model of every kind of state that is read."""
    scaled = make_pipeline(*SCALERS.values(), LogisticRegression())
    classifiers = [
        fitted(BOOSTING["stumps"].set_params(n_estimators=4), two_classes()),
        fitted(BOOSTING["deep boosting"].set_params(n_estimators=2), three_classes()),
        fitted(TREES["forest"].set_params(n_estimators=3), two_classes()),
        fitted(TREES["tree"], three_classes()),
        fitted(scaled, two_classes()),
    ]
    regressors = [
        fitted(REGRESSORS["boosting"].set_params(n_estimators=2), numbers()),
        fitted(REGRESSORS["ridge"], numbers()),
    ]
    return [(pickling.dumps(model),) for model in (*classifiers, *regressors)]


def outcome(model: tuple[bytes, ...]) -> str:
    """As `mutate.outcome`, of the pickle of a whole model."""
    start = time.monotonic()
    found = _outcome(model[0])
    return "slow" if time.monotonic() - start > mutate.SECONDS_PER_MUTANT else found


def _outcome(data: bytes) -> str:
    try:
        model = load(data)
        for row in ROWS:
            try:
                model.predict(row)
                model.explain(row)
            except UnusableRow:
                continue
    except UnsafePickle:
        return "unsafe"
    except UnsupportedModel:
        return "unsupported"
    except Exception as error:  # what is counted is exactly that another error came out
        return f"escaped: {type(error).__name__}"
    return "harmless"


if __name__ == "__main__":
    mutate.good_models, mutate.outcome = good_models, outcome
    sys.exit(mutate.main(MODULE))
