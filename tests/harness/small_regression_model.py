"""A small model that predicts a number, fitted by scikit-learn itself, and its fields."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.linear_model import LinearRegression

from model_training.publishing import artifacts
from model_training.publishing.pickling import dumps
from tools.local_aws.small_model import Files

NAME = "rent"
TARGET = {"name": "monthly rent", "unit": "EUR"}
FIELDS: list[dict[str, Any]] = [
    {"name": "area", "type": "number", "unit": "m²", "minimum": 15.0, "maximum": 180.0,
     "required": True, "nullable": False, "outside": "answer", "typical": 62.5},
    {"name": "rooms", "type": "integer", "description": "kitchen and bath do not count",
     "minimum": 1, "maximum": 7, "required": True, "nullable": False, "outside": "answer",
     "typical": 3},
    {"name": "balcony", "type": "boolean", "required": True, "nullable": False, "typical": False},
]  # fmt: skip


def small_regression_model(*, outputs: int = 1) -> Files:
    """The files that training writes, by name: a line, or a forest for several outputs, which is
    not explained."""
    rng = np.random.default_rng(7)
    rows = np.column_stack(
        [rng.uniform(15, 180, 60), rng.integers(1, 8, 60), rng.integers(0, 2, 60)]
    )
    rents = 120 + 11.3 * rows[:, 0] + 35 * rows[:, 1] + 60 * rows[:, 2] + rng.normal(0, 9, 60)
    if outputs == 1:
        fitted: Any = LinearRegression().fit(rows, rents)
    else:
        many = np.column_stack([rents * (at + 1) for at in range(outputs)])
        fitted = ExtraTreesRegressor(n_estimators=3, max_depth=4, random_state=0).fit(rows, many)
    golden = [
        {
            "input": {"area": row[0], "rooms": int(row[1]), "balcony": bool(row[2])},
            "prediction": predicted,
        }
        for row, predicted in zip(rows.tolist(), fitted.predict(rows).tolist(), strict=True)
    ]
    pickled = dumps(fitted)
    manifest = {
        **artifacts.entries({"regressor.pkl": pickled}),
        "schema": 2,
        "kind": "fields",
        "name": NAME,
        "recipe": "small",
        "runtime": "portable" if outputs == 1 else "scikit-learn",
        "target": TARGET,
        "fields": FIELDS,
        "trained_with": {name: version(name) for name in ("scikit-learn", "numpy")},
        "data": {"rows": len(rows)},
        "metrics": {"r2": {"mean": 0.98, "sd": 0.01}},
        "golden": golden,
    }
    return {
        "regressor.pkl": pickled,
        "manifest.json": json.dumps(manifest, sort_keys=True).encode(),
    }
