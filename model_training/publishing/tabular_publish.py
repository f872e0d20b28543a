"""From any fitted classifier of rows to a model folder that can be deployed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.publishing import (
    artifacts,
    pickling,
)
from model_training.publishing import (
    tabular_proof as tabular_parity,
)
from model_training.publishing.kinds.fields import FIELDS
from model_training.publishing.versions import trained_with

_SPREAD = 60
_SLACK = 0.5


def publish(
    folder: Path,
    estimator: Any,
    rows: NDArray[Any],
    *,
    name: str,
    features: Mapping[str, str],
    classes: Mapping[Any, str],
    data: Mapping[str, Any],
    metrics: Mapping[str, Any],
    runtime: str = "portable",
    file: str | None = None,
    ranges: Sequence[tuple[float, float]] | None = None,
    golden: Sequence[Sequence[float]] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> str:
    """Write the model folder of the service `name`; give the model's version.

    `rows` are what the estimator was fitted on; `features` gives for each column, in order, its
    name in the data and its name in a request; `classes` says what each label means. `data` and
    `metrics` go into the model's description as they are. With the runtime "portable" the model
    must answer without scikit-learn as it does with it: over `rows` and 10,000 generated ones,
    under every Python at hand. Raises `ArtifactError`, one sentence, where it does not.

    What is chosen here may be given instead: the pickle's `file` name, the `ranges` that are
    answered (lowest and highest of each feature), the rows of the `golden` answers, and `extra`
    entries of the manifest.
    """
    pickled = pickling.serialised(estimator)
    file = file or f"{name}_clf.pkl"
    manifest: dict[str, Any] = {
        "schema": artifacts.SCHEMA,
        "kind": FIELDS.name,
        "name": name,
        "recipe": type(estimator).__name__,
        "labels": estimator.classes_.tolist(),
        "classes": {str(label): meaning for label, meaning in classes.items()},
        "fields": _described(features, _ranges(rows) if ranges is None else ranges),
        "runtime": runtime,
        "trained_with": trained_with(),
        "data": {"rows": len(rows), **data},
        "metrics": dict(metrics),
        "golden": _golden(
            estimator, list(features.values()), _spread(rows) if golden is None else golden
        ),
        **(extra or {}),
    }
    if runtime == "portable":
        described = {**manifest, "artifacts": artifacts.describe({file: pickled})}
        advice = 'publish with runtime="scikit-learn"'
        artifacts.check_golden({file: pickled}, described, "The model", advice)
        manifest["parity"] = tabular_parity.facts(pickled, estimator, rows.tolist())
    return artifacts.write(folder, {file: pickled}, manifest)


def _described(
    features: Mapping[str, str], ranges: Sequence[tuple[float, float]]
) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "column": column,
            "type": "number",
            "minimum": low,
            "maximum": high,
            "required": True,
            "nullable": False,
        }
        for (column, name), (low, high) in zip(features.items(), ranges, strict=True)
    ]


def _ranges(rows: NDArray[Any]) -> list[tuple[float, float]]:
    """What was seen of each feature, and half its width more.

    Below zero only where a value below zero was seen.
    """
    found = []
    for column in rows.T:
        low, high = float(np.min(column)), float(np.max(column))
        slack = _SLACK * (high - low)
        lowest = low - slack if low < 0 else max(0.0, low - slack)
        # Far from zero, four digits may be fewer than what tells the rows apart.
        found.append((min(low, _short(lowest)), max(high, _short(high + slack))))
    return found


def _short(limit: float) -> float:
    return float(f"{limit:.4g}")


def _spread(rows: NDArray[Any]) -> list[list[float]]:
    """Rows spread over the data."""
    spread: list[list[float]] = rows[:: max(1, len(rows) // _SPREAD)].tolist()
    return spread


def _golden(
    estimator: Any, names: Sequence[str], rows: Sequence[Sequence[float]]
) -> list[dict[str, Any]]:
    """The rows with scikit-learn's own answers."""
    labels = [str(label) for label in estimator.classes_]
    answers = zip(
        rows,
        estimator.predict(rows).tolist(),
        estimator.predict_proba(rows).tolist(),
        strict=True,
    )
    return [
        {
            "input": dict(zip(names, map(float, row), strict=True)),
            "prediction": label,
            "probabilities": dict(zip(labels, chances, strict=True)),
        }
        for row, label, chances in answers
    ]
