"""The proof that the portable network answers as Keras does, under every Python at hand."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training.loan_grade.fields import GRADES
from model_training.publishing import text_proof
from model_training.publishing.manifests import ArtifactError

TOLERANCE = 1e-5
"""Keras computes in single precision, the portable runtime in double."""

Array = NDArray[Any]


def facts(network: bytes, records: Sequence[dict[str, Any]], expected: Array) -> dict[str, Any]:
    """Compare with `expected` (Keras' rows of probabilities); the manifest's entry.

    Raises `ArtifactError` where a grade differs or a probability by more than 1e-5.
    """
    pythons = text_proof.pythons_at_hand()

    def answered(python: Path) -> tuple[str, list[str], Array]:
        return answers_under(python, network, records)

    # Each proof is a process of its own; the threads only wait for them.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = list(pool.map(answered, pythons))
    grades = [GRADES[at] for at in expected.argmax(axis=1)]
    farthest, unlike = 0.0, 0
    for version, labels, rows in found:
        distance = float(np.abs(rows - expected).max())
        different = sum(ours != theirs for ours, theirs in zip(labels, grades, strict=True))
        farthest, unlike = max(farthest, distance), unlike + different
        if different or not distance <= TOLERANCE:
            raise ArtifactError(
                f"Under Python {version} the portable network gives {different} of {len(grades)} "
                f"loans another grade than Keras and is up to {distance:.1e} off; expected none "
                f"and at most {TOLERANCE:.0e}; nothing was written"
            )
    return {
        "rows": len(grades),
        "label_mismatches": unlike,
        "max_abs_difference": farthest,
        "tolerance": TOLERANCE,
        # In an order that does not depend on the search path.
        "pythons": sorted(version for version, _, _ in found),
    }


def answers_under(
    python: Path, network: bytes, records: Sequence[dict[str, Any]]
) -> tuple[str, list[str], Array]:
    """The version of another interpreter, and the grades and probabilities it computes."""
    # JSON writes the shortest text that reads back as the same double.
    asked = json.dumps(list(records), allow_nan=False).encode()
    files = {"network.json": network, "records.json": asked}
    try:
        answer = text_proof.answered_under(python, _CHILD, files)
    except text_proof.ParityError as error:
        raise ArtifactError(str(error)) from None
    return answer["python"], answer["labels"], np.array(answer["rows"])


_CHILD = """
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from portable.keras.classifier import load
folder = pathlib.Path(sys.argv[2])
model = load((folder / "network.json").read_bytes())
answers = [model.predict(record) for record in json.loads((folder / "records.json").read_text())]
json.dump({
    "python": sys.version.split()[0],
    "labels": [label for label, _ in answers],
    "rows": [row for _, row in answers],
}, sys.stdout)
"""
