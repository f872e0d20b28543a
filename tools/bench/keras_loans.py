"""Run with the Keras environment: our network back in Keras, and how far its answers are from ours.

`python -m tools.bench.keras_loans NETWORK.json FOLDER` writes loan_grade.keras, encoded.json (the
event's loan as the network's inputs) and parity.json into FOLDER; FOLDER holds loan.json already.
"""

import json
import sys
from pathlib import Path

import numpy as np
from portable.keras.classifier import load

from model_training.loan_grade import dataset, golden, network, rebuild
from tools import PROJECT


def main(file: Path, folder: Path) -> None:
    """Rebuild, compare over all loans and 2,000 that no data has, write."""
    ours = load(file.read_bytes())
    theirs = rebuild.network_of(json.loads(file.read_bytes()))
    theirs.save(folder / "loan_grade.keras")
    loan = json.loads((folder / "loan.json").read_text())
    (folder / "encoded.json").write_text(json.dumps([ours.columns.row(loan)]))
    known = dataset.from_pypi(PROJECT / ".cache" / "loan_grade").records
    loans = [*known, *golden.odd(known, 2_000, seed=20260301)]
    expected = network.probabilities(theirs, network.matrix(ours.columns, loans))
    predictions = [ours.predict(loan) for loan in loans]
    rows = np.array([chances for _, chances in predictions])
    grades = [ours.classes_[index] for index in expected.argmax(axis=1)]
    parity = {
        "texts": len(loans),
        "label_mismatches": sum(
            grade != label for grade, (label, _) in zip(grades, predictions, strict=True)
        ),
        "max_abs_diff": float(np.abs(rows - expected).max()),
    }
    (folder / "parity.json").write_text(json.dumps(parity))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
