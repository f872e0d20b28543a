"""The model in this repository: what its manifest says, and that it answers as recorded."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from portable.keras.classifier import NetworkClassifier, load

from model_training.loan_grade import golden
from model_training.loan_grade.__main__ import OUT, main
from model_training.loan_grade.fields import FIELDS, GRADES, LEFT_OUT
from model_training.loan_grade.publish import TOLERANCE
from model_training.publishing import artifacts, proof
from model_training.publishing.manifests import ArtifactError
from model_training.publishing.parity import Answers

NETWORK = {"network.json": (OUT / "network.json").read_bytes()}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return artifacts.verify(OUT)


@pytest.fixture(scope="module")
def model() -> NetworkClassifier:
    return load((OUT / "network.json").read_bytes())


def test_the_folder_holds_the_network_and_its_manifest() -> None:
    assert sorted(path.name for path in OUT.iterdir()) == ["manifest.json", "network.json"]
    assert (OUT / "network.json").stat().st_size < 100_000


def test_fields_are_the_trainer_s(manifest: dict[str, Any], model: NetworkClassifier) -> None:
    assert [entry["name"] for entry in manifest["fields"]] == [field.name for field in FIELDS]
    assert model.fields == tuple(field.name for field in FIELDS)
    assert model.classes_ == GRADES
    assert manifest["ignored"] == sorted(LEFT_OUT)


def test_every_golden_record_is_a_request_that_is_answered(manifest: dict[str, Any]) -> None:
    from serving.http.strict_json import Members
    from serving.inputs.fields import Fields

    fields = Fields(manifest)
    for entry in manifest["golden"]:
        fields.record(Members(list(entry["input"].items())), "golden")
    assert len(manifest["golden"]) >= 50
    assert {entry["prediction"] for entry in manifest["golden"]} >= set("ABCDE")


def test_the_golden_answers_hold_under_every_python(manifest: dict[str, Any]) -> None:
    records = [entry["input"] for entry in manifest["golden"]]
    expected = Answers(
        [entry["prediction"] for entry in manifest["golden"]],
        [[entry["probabilities"][grade] for grade in GRADES] for entry in manifest["golden"]],
    )
    found = proof.proven_entry(NETWORK, manifest, records, expected, tolerance=TOLERANCE)
    assert found["tolerance"] == 1e-5
    assert found["max_abs_difference"] < 1e-12
    assert found["rows"] == len(records)


def test_a_network_that_answers_otherwise_is_not_published(manifest: dict[str, Any]) -> None:
    records = [entry["input"] for entry in manifest["golden"][:3]]
    expected = Answers(["G"] * 3, [[0.0] * 6 + [1.0]] * 3)
    with pytest.raises(ArtifactError, match="differs from the oracle in 3 of 3 labels"):
        proof.proven_entry(NETWORK, manifest, records, expected, tolerance=TOLERANCE)
    with pytest.raises(ArtifactError, match="failed under"):
        proof.proven_entry({"network.json": b"{}"}, manifest, records, expected)


def test_parity_and_figures_are_recorded_and_within_what_is_promised(
    manifest: dict[str, Any],
) -> None:
    parity = manifest["parity"]
    assert parity["rows"] >= 10_000
    assert parity["label_mismatches"] == 0
    assert parity["max_abs_difference"] <= parity["tolerance"] == 1e-5
    test, validated = (manifest["metrics"][name] for name in ("test", "cross_validation"))
    assert test["quadratic_kappa"] > 0.58
    assert validated["quadratic_kappa"] > 0.58
    assert test["within_one_grade"] > 0.88
    assert np.trace(test["confusion"]) / np.sum(test["confusion"]) == test["accuracy"]
    others = manifest["metrics"]["baselines"]["test"].values()
    assert all(test["quadratic_kappa"] > other["quadratic_kappa"] for other in others)
    assert manifest["metrics"]["with_the_leak"]["accuracy"] > 0.99


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_every_field_is_looked_at(
    name: str, manifest: dict[str, Any], model: NetworkClassifier
) -> None:
    """Some record's answer depends on it."""
    field = next(field for field in FIELDS if field.name == name)
    ends = ["something else", "RENT"] if field.category else [field.low, field.high]
    inputs = [entry["input"] for entry in manifest["golden"][:10]]
    assert any(
        model.predict({**record, name: ends[0]}) != model.predict({**record, name: ends[1]})
        or model.predict({**record, name: ends[0]}) != model.predict(record)
        for record in inputs
    )


def test_odd_loans_get_probabilities(manifest: dict[str, Any], model: NetworkClassifier) -> None:
    known = [
        {field.name: entry["input"].get(field.name) for field in FIELDS}
        for entry in manifest["golden"][:20]
    ]
    for record in golden.odd(known, 300, seed=3):
        grade, chances = model.predict(record)
        assert sum(chances) == pytest.approx(1.0)
        assert min(chances) >= 0.0
        assert grade in GRADES


def test_predict_grades_a_file_of_loans(
    manifest: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = manifest["golden"][:4]
    file = tmp_path / "loans.json"
    file.write_text(json.dumps([entry["input"] for entry in entries]))
    assert main(["predict", str(file)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line[0] for line in printed] == [entry["prediction"] for entry in entries]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[", "not a readable JSON file"),
        ('[{"loan_amount": 1000}]', "body[0] lacks the field term"),
        ("[7]", "body[0] is not a JSON object"),
    ],
)
def test_predict_refuses_in_one_line(
    content: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "loans.json"
    file.write_text(content)
    assert main(["predict", str(file)]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_predict_refuses_a_folder_that_was_tampered_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "loan_grade"
    shutil.copytree(OUT, folder)
    content = (folder / "network.json").read_text()
    (folder / "network.json").write_text(content.replace("0", "1", 1))
    assert main(["predict", "-", "--model", str(folder)]) == 1
    assert "is not the file its manifest names" in capsys.readouterr().err


def test_predict_needs_nothing_that_trains() -> None:
    script = """
import sys
sys.path[:0] = [".", "lambda_src"]
for name in ("tensorflow", "keras", "pandas", "sklearn", "numpy"):
    sys.modules[name] = None
import io
sys.stdin = io.StringIO("[]")
from model_training.loan_grade.__main__ import main
sys.exit(main(["predict", "-"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_training_says_what_it_needs_where_keras_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from model_training.loan_grade import dataset, network
    from tests.unit.model_training.loan_grade.loans import made_up

    def absent(_: int) -> None:
        raise ModuleNotFoundError("No module named 'keras'", name="keras")

    monkeypatch.setattr(dataset, "load", lambda *_: made_up(140))
    monkeypatch.setattr(network, "deterministic_keras", absent)
    assert main(["train"]) == 1
    said = capsys.readouterr().err
    assert "keras is not installed in this Python" in said.splitlines()[-1]
    assert "make train SERVICE=loan_grade" in said


def test_too_few_loans_to_learn_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from model_training.loan_grade import dataset
    from tests.unit.model_training.loan_grade.loans import made_up

    monkeypatch.setattr(dataset, "load", lambda *_: made_up(14))
    assert main(["evaluate"]) == 1
    assert "14 loans; expected at least 100" in capsys.readouterr().err
