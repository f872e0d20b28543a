"""A small model of records, its weights made by a formula, and the service in front of it."""

from __future__ import annotations

import base64
import json
import math
import struct
from typing import Any

from portable.keras.classifier import load
from serving.service import ModelService, model_service

from model_training.publishing import manifests
from tools.local_aws.small_model import Files

LABELS = ["A", "B", "C"]
FIELDS: list[dict[str, Any]] = [
    {"name": "loan_amount", "type": "integer", "description": "Asked for.", "unit": "USD",
     "minimum": 1000, "maximum": 40000, "required": True, "nullable": False, "typical": 14500},
    {"name": "annual_income", "type": "number", "description": "Stated.", "unit": "USD",
     "minimum": 0, "maximum": 1e7, "required": True, "nullable": True, "typical": 65000},
    {"name": "months_since_delinquency", "type": "number", "description": "Last one.",
     "unit": "months", "minimum": 0, "maximum": 600, "required": False, "nullable": True,
     "typical": 34},
    {"name": "home", "type": "category", "description": "Housing.", "unit": "",
     "levels": ["MORTGAGE", "OWN", "RENT"], "required": True, "nullable": False,
     "typical": "MORTGAGE"},
    {"name": "purpose", "type": "category", "description": "What for.", "unit": "",
     "levels": ["car", "house"], "required": False, "nullable": True, "typical": "car"},
]  # fmt: skip
IGNORED = ["interest_rate", "sub_grade"]
LOANS: list[dict[str, Any]] = [
    {"loan_amount": 28000, "annual_income": 90000, "home": "MORTGAGE", "purpose": "car"},
    {"loan_amount": 5000, "annual_income": 40000.5, "home": "RENT",
     "months_since_delinquency": 38},
    {"loan_amount": 2000, "annual_income": None, "home": "YURT", "purpose": None},
]  # fmt: skip


COLUMNS: list[dict[str, Any]] = [
    *(
        {"kind": "number", "field": field["name"], "log": False, "low": 0.0, "high": 1e5,
         "mean": field["typical"], "scale": field["typical"] / 2, "typical": field["typical"]}
        for field in FIELDS if field["type"] != "category"
    ),
    {"kind": "missing", "field": "months_since_delinquency"},
    *(
        {"kind": "levels", "field": field["name"], "levels": field["levels"],
         "missing": field["nullable"]}
        for field in FIELDS if field["type"] == "category"
    ),
]  # fmt: skip
WIDTH = 4 + (3 + 1) + (2 + 2)
"""Inputs: three numbers and one that is missing; levels, missing ones, and all others."""


def _weights(count: int, step: float) -> str:
    """Some float32 numbers between -1 and 1, as the artifact has them."""
    values = [math.sin(step * index) for index in range(1, count + 1)]
    return base64.b64encode(struct.pack(f"<{count}f", *values)).decode()


def _layer(inputs: int, units: int, activation: str, step: float) -> dict[str, Any]:
    kernel, bias = _weights(inputs * units, step), _weights(units, 1.0)
    return {"units": units, "activation": activation, "kernel": kernel, "bias": bias}


NETWORK: dict[str, Any] = {
    "format": "dense-network-1",
    "labels": LABELS,
    "fields": [field["name"] for field in FIELDS],
    "columns": COLUMNS,
    "layers": [_layer(WIDTH, 4, "tanh", 1.7), _layer(4, 3, "linear", 2.3)],
    "head": {"kind": "softmax"},
}


def small_records_model(**changes: Any) -> Files:
    """The two files that training writes, by name; `changes` replace members of the manifest."""
    network = json.dumps(NETWORK).encode()
    classifier = load(network)
    golden = []
    for loan in LOANS:
        label, shares = classifier.predict(loan)
        answer = {"prediction": label, "probabilities": dict(zip(LABELS, shares, strict=True))}
        golden.append({"input": loan, **answer})
    manifest = {
        "artifacts": manifests.describe({"network.json": network}),
        "schema": 2,
        "kind": "fields",
        "name": "loan_grade",
        "recipe": "small",
        "runtime": "portable",
        "labels": LABELS,
        "fields": FIELDS,
        "ignored": IGNORED,
        "trained_with": {"keras": "3"},
        "data": {"rows": 3},
        "metrics": {"accuracy": 1.0},
        "golden": golden,
        **changes,
    }
    return {
        "network.json": network,
        "manifest.json": json.dumps(manifest, sort_keys=True).encode(),
    }


def small_service(environ: dict[str, str], **options: Any) -> ModelService:
    """The service as its handler makes it of these variables."""
    return model_service(environ, **options)
