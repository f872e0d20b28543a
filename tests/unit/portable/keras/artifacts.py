"""Small artifacts: two numbers, a ratio and a category; weights from a seed."""

from __future__ import annotations

import json
from base64 import b64encode
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LABELS = ["A", "B", "C"]
INPUTS = 8
NUMBERS = 4
SCALE = {"low": 0.0, "high": 100.0, "log": False, "mean": 10.0, "scale": 4.0, "typical": 12.0}
COLUMNS: list[dict[str, Any]] = [
    {"kind": "number", "field": "amount", **SCALE},
    {"kind": "number", "field": "income", **SCALE, "log": True, "mean": 2.0, "scale": 0.5},
    {"kind": "missing", "field": "income"},
    {"kind": "ratio", "field": "amount", "by": ["both", "income"], "floor": 2.0, **SCALE},
    {"kind": "levels", "field": "home", "levels": ["OWN", "RENT"], "missing": True},
]
FIELDS = ["amount", "income", "both", "home"]
LOAN: dict[str, Any] = {"amount": 30, "income": 50.0, "both": None, "home": "RENT"}


def encoded(values: Array) -> str:
    return b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def layer(kernel: Array, bias: Array, activation: str) -> dict[str, Any]:
    return {
        "units": kernel.shape[1],
        "activation": activation,
        "kernel": encoded(kernel),
        "bias": encoded(bias),
    }


def weights(*widths: int, seed: int = 3) -> list[tuple[Array, Array]]:
    """Kernels and biases of a network of these widths, as float32 holds them."""
    chance = np.random.default_rng(seed)
    return [
        (
            chance.normal(size=(high, low)).astype(np.float32),
            chance.normal(size=low).astype(np.float32),
        )
        for high, low in pairwise(widths)
    ]


def artifact(**changed: Any) -> dict[str, Any]:
    """A network of eight inputs, five hidden units, a shortcut and a cumulative head."""
    (hidden, last, past) = (*weights(INPUTS, 5, 1), *weights(INPUTS, 1, seed=4))
    return {
        "format": "dense-network-1",
        "labels": LABELS,
        "fields": FIELDS,
        "columns": COLUMNS,
        "layers": [layer(*hidden, "gelu"), layer(*last, "linear")],
        "shortcut": layer(*past, "linear"),
        "head": {"kind": "cumulative", "thresholds": [-0.5, 1.5]},
        **changed,
    }


def softmax_artifact(widths: tuple[int, ...], activation: str, seed: int) -> dict[str, Any]:
    """A network without a shortcut, its last layer linear and its head a softmax."""
    made = weights(INPUTS, *widths, len(LABELS), seed=seed)
    layers = [layer(*one, activation) for one in made[:-1]] + [layer(*made[-1], "linear")]
    document = artifact(layers=layers, head={"kind": "softmax"})
    del document["shortcut"]
    return document


def as_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()
