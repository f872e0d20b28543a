"""From a trained network to a model folder: export, prove, write."""

import json
import platform
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from portable.keras.classifier import load

from model_training.loan_grade import golden, network, preparation
from model_training.loan_grade.dataset import Loans
from model_training.loan_grade.evaluate import SEED, Evaluation
from model_training.loan_grade.fields import FIELDS, GRADES, LEFT_OUT
from model_training.publishing import artifacts, manifests, proof, reference
from model_training.publishing.parity import Answers
from model_training.reports.answered import Answered

NAME = "loan_grade"
NETWORK = "network.json"
RECIPE = "keras-cumulative"
TOLERANCE = 1e-5
"""Keras computes in single precision, the portable runtime in double."""
_ODD = 2_000
_ODD_SEED = 20260604


def publish(folder: Path, loans: Loans, evaluation: Evaluation) -> str:
    """Write the model folder if the portable network answers as Keras; give the version.

    Raises `ArtifactError` for a network that has not learnt finite weights or answers otherwise.
    """
    try:
        encoded = _encoded(network.exported(evaluation.model, evaluation.columns))
        model = load(encoded)
    except ValueError as error:
        raise manifests.ArtifactError(
            f"The network cannot be served ({str(error).rstrip('.')}); train it again, on loans "
            "that are numbers of usual size"
        ) from None
    known = [loans.records[index] for index in evaluation.train]
    manifest: dict[str, Any] = {
        "schema": manifests.SCHEMA,
        "kind": "fields",
        "name": NAME,
        "recipe": RECIPE,
        "runtime": "portable",
        "labels": list(GRADES),
        "fields": _fields(evaluation.columns, known),
        "ignored": sorted(LEFT_OUT),
        "parameters": {
            "hidden_units": network.UNITS,
            "activation": network.ACTIVATION,
            "dropout": network.DROPOUT,
            "epochs": network.EPOCHS,
            "batch": network.BATCH,
            "seed": SEED,
        },
        "trained_with": trained_with(),
        "data": {**loans.manifest_entry(), "training_rows": len(evaluation.train)},
        "metrics": evaluation.manifest_entry(),
        reference.ENTRY: reference.entry(_on_test_part(loans, evaluation)),
        "golden": golden.with_answers(model, golden.records(model, known)),
    }
    manifest = artifacts.complete({NETWORK: encoded}, manifest)
    artifacts.check_golden({NETWORK: encoded}, manifest, "The model", "run the command again")
    manifest["parity"] = _parity(encoded, manifest, loans, evaluation)
    return artifacts.write(folder, {NETWORK: encoded}, manifest)


def _on_test_part(loans: Loans, evaluation: Evaluation) -> Answered:
    """What the network answers to the loans that it was not trained on."""
    records = [loans.records[index] for index in evaluation.test]
    matrix = network.matrix(preparation.read(evaluation.columns), records)
    rows = network.probabilities(evaluation.model, matrix)
    actual = np.array([GRADES.index(loans.grades[index]) for index in evaluation.test])
    return Answered(actual, rows.argmax(axis=1), GRADES, rows)


def _parity(
    encoded: bytes, manifest: dict[str, Any], loans: Loans, evaluation: Evaluation
) -> dict[str, Any]:
    """Over all loans there are and 2,000 as no data has them."""
    records = [*loans.records, *golden.odd(loans.records, _ODD, _ODD_SEED)]
    inputs = network.matrix(preparation.read(evaluation.columns), records)
    rows = network.probabilities(evaluation.model, inputs)
    expected = Answers([GRADES[grade] for grade in rows.argmax(axis=1)], rows.tolist())
    return proof.proven_entry({NETWORK: encoded}, manifest, records, expected, tolerance=TOLERANCE)


def _encoded(document: dict[str, Any]) -> bytes:
    text = json.dumps(document, sort_keys=True, indent=1, ensure_ascii=True, allow_nan=False)
    return (text + "\n").encode()


def _fields(columns: list[dict[str, Any]], records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    levels = {c["field"]: c["levels"] for c in columns if c["kind"] == "levels"}
    entries = []
    for field in FIELDS:
        known = [record[field.name] for record in records if record[field.name] is not None]
        typical: float | str | None
        if not known:
            typical = None
        elif field.category:
            typical = min(Counter(known).items(), key=lambda item: (-item[1], item[0]))[0]
        else:
            typical = median(sorted(known))
            typical = int(typical) if field.integer else typical
        entries.append(field.entry(levels.get(field.name, []), typical))
    return entries


def trained_with() -> dict[str, str]:
    """Python and the libraries that decide the weights."""
    import keras
    import numpy
    import tensorflow

    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "tensorflow": tensorflow.__version__,
        "numpy": numpy.__version__,
    }
