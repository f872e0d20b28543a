"""A small model of the breast-cancer service, fitted by scikit-learn itself."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import GradientBoostingClassifier

from model_training.publishing import artifacts
from model_training.publishing.pickling import dumps
from tools.local_aws.small_model import Files

FEATURES = {
    "mean concave points": "meanConcavePoints",
    "worst radius": "worstRadius",
    "worst texture": "worstTexture",
    "worst area": "worstArea",
    "worst concave points": "worstConcavePoints",
}
MEANINGS = {"0": "benign", "1": "malignant"}
PATIENTS = [
    {"meanConcavePoints": 0.03821, "worstRadius": 14.97, "worstTexture": 24.64,
     "worstArea": 677.9, "worstConcavePoints": 0.1015},
    {"meanConcavePoints": 0.1471, "worstRadius": 25.38, "worstTexture": 17.33,
     "worstArea": 2019.0, "worstConcavePoints": 0.2654},
]  # fmt: skip
"""One of each class, the benign first."""


def small_tabular_model(estimator: Any = None, **changes: Any) -> Files:
    """The two files that training writes, by name; `changes` replace members of the manifest."""
    data = load_breast_cancer()
    names = data.feature_names.tolist()
    rows = data.data[:, [names.index(name) for name in FEATURES]]
    malignant = 1 - data.target
    fitted = (estimator or GradientBoostingClassifier(n_estimators=20, max_depth=1)).fit(
        rows, malignant
    )
    sample = rows[::11]
    golden = [
        {
            "input": dict(zip(FEATURES.values(), row.tolist(), strict=True)),
            "prediction": int(label),
            "probabilities": dict(zip(MEANINGS, shares.tolist(), strict=True)),
        }
        for row, label, shares in zip(
            sample, fitted.predict(sample), fitted.predict_proba(sample), strict=True
        )
    ]
    pickled = dumps(fitted)
    manifest = {
        **artifacts.entries({"gradient_boosting_clf.pkl": pickled}),
        "schema": 2,
        "kind": "fields",
        "name": "breast_cancer",
        "recipe": "small",
        "runtime": "portable",
        "labels": [0, 1],
        "classes": MEANINGS,
        "fields": [
            {
                "name": name,
                "column": feature,
                "type": "number",
                "minimum": 0.0,
                "maximum": float(column.max() * 2),
                "required": True,
                "nullable": False,
            }
            for (feature, name), column in zip(FEATURES.items(), rows.T, strict=True)
        ],
        "trained_with": {name: version(name) for name in ("scikit-learn", "numpy")},
        "data": {"rows": len(rows)},
        "metrics": {"f1": 1.0},
        "golden": golden,
        **changes,
    }
    return {
        "gradient_boosting_clf.pkl": pickled,
        "manifest.json": json.dumps(manifest, sort_keys=True).encode(),
    }
