"""The proof that the portable runtime answers rows as scikit-learn does, under every Python."""

import json
import os
import sys
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from model_training.publishing import generated_rows, text_proof
from model_training.publishing.manifests import ArtifactError
from model_training.publishing.text_proof import Answers, ParityReport

GENERATED = 10_000
SEED = 20260103

Rows = Sequence[Sequence[float]]


def facts(pickled: bytes, estimator: Any, rows: Rows) -> dict[str, Any]:
    """Prove a pickle equal to its estimator on `rows` and generated ones; the manifest's entry.

    Raises `ArtifactError` if any answer differs under any Python at hand.
    """
    proof = [list(map(float, row)) for row in rows]
    proof += generated_rows.rows_for(estimator, proof, SEED, GENERATED)
    pythons = text_proof.pythons_at_hand()
    try:
        expected = oracle(estimator, proof)
        with tqdm(total=len(pythons), desc="proving", unit="Python", leave=False) as bar:

            def proven(python: Path) -> ParityReport:
                report = prove_under(python, pickled, proof, expected)
                bar.update()
                return report

            # Each proof is a process of its own; the threads only wait for them.
            with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
                reports = list(pool.map(proven, pythons))
    except ValueError as error:
        raise ArtifactError(str(error)) from None
    return {
        "rows": len(proof),
        "label_mismatches": sum(report.label_mismatches for report in reports),
        "max_abs_difference": max(report.max_abs_difference for report in reports),
        # In an order that does not depend on the search path.
        "pythons": sorted(report.python for report in reports),
    }


def oracle(estimator: Any, rows: Rows) -> Answers:
    """scikit-learn's own answers."""
    matrix = np.array(rows, dtype=np.float64)
    # scikit-learn adds all of a matrix up to see whether it is finite; the largest numbers are not.
    # And it warns of columns without the names that a data frame had.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Answers(estimator.predict(matrix).tolist(), estimator.predict_proba(matrix).tolist())


def prove_under(python: str | Path, pickled: bytes, rows: Rows, expected: Answers) -> ParityReport:
    """Compare the portable runtime in a process of another interpreter with `oracle`'s answers.

    Raises ParityError on any label that differs or any probability further off than 1e-9.
    """
    # JSON writes the shortest text that reads back as the same double.
    asked = json.dumps(rows, allow_nan=False).encode()
    files = {"estimator.pkl": pickled, "rows.json": asked}
    answer = text_proof.answered_under(python, _CHILD, files)
    found = Answers(answer["labels"], answer["rows"])
    return text_proof.compare(rows, expected, found, answer["python"], answer["unicode"], "row")


def prove(pickled: bytes, estimator: Any, rows: Rows) -> ParityReport:
    """As `prove_under`, on this interpreter and in this process."""
    from portable.tabular_classifier import load

    model = load(pickled)
    answers = [model.predict(row) for row in rows]
    found = Answers([label for label, _ in answers], [chances for _, chances in answers])
    return text_proof.compare(
        rows, oracle(estimator, rows), found, sys.version.split()[0], "", "row"
    )


_CHILD = """
import json, pathlib, sys, unicodedata
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from portable.tabular_classifier import load
folder = pathlib.Path(sys.argv[2])
model = load((folder / "estimator.pkl").read_bytes())
answers = [model.predict(row) for row in json.loads((folder / "rows.json").read_text())]
json.dump({
    "python": sys.version.split()[0],
    "unicode": unicodedata.unidata_version,
    "labels": [label for label, _ in answers],
    "rows": [row for _, row in answers],
}, sys.stdout)
"""
