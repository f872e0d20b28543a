"""From any fitted classifier of rows to a model folder that can be deployed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training import artifacts, pickling, tabular_manifest, tabular_parity
from model_training.versions import trained_with

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
) -> str:
    """Write the model folder of the service `name`; give the model's version.

    `rows` are what the estimator was fitted on; `features` gives for each column, in order, its
    name in the data and its name in a request; `classes` says what each label means. `data` and
    `metrics` go into the model's description as they are. With the runtime "portable" the model
    must answer without scikit-learn as it does with it: over `rows` and 10,000 generated ones,
    under every Python at hand. Raises `ArtifactError`, one sentence, where it does not.
    """
    pickled = pickling.serialised(estimator)
    manifest: dict[str, Any] = {
        "schema": artifacts.SCHEMA,
        "kind": tabular_manifest.KIND,
        "name": name,
        "recipe": type(estimator).__name__,
        "labels": estimator.classes_.tolist(),
        "classes": {str(label): meaning for label, meaning in classes.items()},
        "features": _described(features, rows),
        "runtime": runtime,
        "trained_with": trained_with(),
        "data": {"rows": len(rows), **data},
        "metrics": dict(metrics),
        "golden": _golden(estimator, rows),
    }
    if runtime == "portable":
        from portable.tabular_classifier import load

        try:
            model = load(pickled)
        except ValueError as error:
            raise artifacts.ArtifactError(
                f'{error} Or publish with runtime="scikit-learn", which takes any estimator.'
            ) from None
        artifacts.check_golden(model, manifest, "The model", 'publish with runtime="scikit-learn"')
        manifest["parity"] = tabular_parity.facts(pickled, estimator, rows.tolist())
    return artifacts.write(folder, {f"{name}_clf.pkl": pickled}, manifest)


def _described(features: Mapping[str, str], rows: NDArray[Any]) -> list[dict[str, Any]]:
    """The features with the range that is answered: what was seen, and half its width more.

    Below zero only where a value below zero was seen.
    """
    described = []
    for (name, json), column in zip(features.items(), rows.T, strict=True):
        low, high = float(np.min(column)), float(np.max(column))
        slack = _SLACK * (high - low)
        minimum = low - slack if low < 0 else max(0.0, low - slack)
        limits = {"minimum": _short(minimum), "maximum": _short(high + slack)}
        described.append({"name": name, "json": json, **limits})
    return described


def _short(limit: float) -> float:
    return float(f"{limit:.4g}")


def _golden(estimator: Any, rows: NDArray[Any]) -> list[dict[str, Any]]:
    """Rows spread over the data, with scikit-learn's own answers."""
    chosen = rows[:: max(1, len(rows) // _SPREAD)]
    names = [str(label) for label in estimator.classes_]
    answers = zip(
        chosen.tolist(),
        estimator.predict(chosen).tolist(),
        estimator.predict_proba(chosen).tolist(),
        strict=True,
    )
    return [
        {"row": row, "prediction": label, "probabilities": dict(zip(names, chances, strict=True))}
        for row, label, chances in answers
    ]
