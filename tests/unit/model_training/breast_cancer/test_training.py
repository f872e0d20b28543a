"""The breast-cancer model: what it answers, what its manifest says, and that it is reproducible."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from portable.model import load

from model_training.breast_cancer import (
    dataset,
    evaluate,
    feature_selection,
    features,
    grid_search,
    recipe,
    searching,
    train,
)
from model_training.breast_cancer.__main__ import main
from model_training.breast_cancer.searching import Candidate
from model_training.publishing import artifacts, manifests, proof, pythons, tabular_publish

LARGE = {
    "meanConcavePoints": 0.1471, "worstRadius": 25.38, "worstTexture": 17.33,
    "worstArea": 2019.0, "worstConcavePoints": 0.2654,
}  # fmt: skip
"""A malignant case."""


def every(value: float) -> dict[str, float]:
    """A record with this value in each field."""
    return dict.fromkeys(LARGE, value)


@pytest.fixture(scope="module")
def cases() -> dataset.Cases:
    return dataset.load()


@pytest.fixture(scope="module")
def folder(cases: dataset.Cases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model folder, proven under this Python only."""
    folder = tmp_path_factory.mktemp("models") / "breast_cancer"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pythons, "pythons_at_hand", lambda: [Path(sys.executable)])
        patch.setattr(proof, "GENERATED", 10_000)
        train.run(cases, folder, repeats=1)
    return folder


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict[str, Any]:
    return artifacts.verify(folder)


def test_one_is_malignant(cases: dataset.Cases) -> None:
    assert len(cases.malignant) == 569
    assert int(cases.malignant.sum()) == 212
    # Malignant nuclei are larger: were the target turned round, so would this be.
    radius = cases.rows(("worst radius",))[:, 0]
    assert radius[cases.malignant == 1].mean() > radius[cases.malignant == 0].mean()


def test_the_example_is_benign_and_a_large_tumour_malignant(folder: Path) -> None:
    model = load((folder / train.CLASSIFIER).read_bytes())
    label, probabilities, _ = model.predict(features.EXAMPLE)
    assert label == 0
    assert probabilities[0] == pytest.approx(0.98, abs=0.01)
    label, probabilities, _ = model.predict(list(LARGE.values()))
    assert label == features.MALIGNANT
    assert probabilities[1] > 0.9


def test_scikit_learn_answers_the_same_from_the_same_file(
    folder: Path, cases: dataset.Cases
) -> None:
    path = folder / train.CLASSIFIER
    estimator = joblib.load(path)
    model = load(path.read_bytes())
    rows = cases.rows()
    answers = [model.predict(row) for row in rows.tolist()]
    assert [label for label, *_ in answers] == estimator.predict(rows).tolist()
    assert [chances for _, chances, _ in answers] == estimator.predict_proba(rows).tolist()


def test_the_manifest(manifest: dict[str, Any], cases: dataset.Cases) -> None:
    assert manifest["name"] == "breast_cancer"
    assert manifest["kind"] == "fields"
    assert manifest["labels"] == [0, 1]
    assert manifest["classes"] == {"0": "benign", "1": "malignant"}
    assert [field["name"] for field in manifest["fields"]] == [
        "meanConcavePoints",
        "worstRadius",
        "worstTexture",
        "worstArea",
        "worstConcavePoints",
    ]
    assert [field["column"] for field in manifest["fields"]] == [f.name for f in features.FEATURES]
    for field, column in zip(manifest["fields"], cases.rows().T, strict=True):
        assert field["type"] == "number"
        assert (field["required"], field["nullable"]) == (True, False)
        assert field["minimum"] <= column.min()
        assert field["maximum"] > column.max()
    assert manifest["parameters"]["max_depth"] == recipe.DEPTH == 1
    assert manifest["parity"]["rows"] >= 10_000
    assert manifest["parity"]["label_mismatches"] == 0
    assert manifest["parity"]["max_abs_difference"] <= 1e-15
    assert len(manifest["golden"]) >= 50
    assert {entry["prediction"] for entry in manifest["golden"]} == {0, 1}


def test_the_measured_figures(manifest: dict[str, Any]) -> None:
    figures = manifest["metrics"]["cross_validation"]["figures"]
    assert set(figures) == {key for key, _ in evaluate.FIGURES}
    assert 0.93 < figures["malignant_f1"]["mean"] < 0.98
    assert 0.95 < figures["benign_f1"]["mean"] < 0.99
    assert figures["roc_auc"]["mean"] > 0.98
    assert 0 < figures["calibration_error"]["mean"] < 0.1
    assert all(figure["sd"] > 0 for figure in figures.values())


def test_training_again_gives_the_same_bytes(
    folder: Path, cases: dataset.Cases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pythons, "pythons_at_hand", lambda: [Path(sys.executable)])
    monkeypatch.setattr(proof, "GENERATED", 10_000)
    train.run(cases, tmp_path, repeats=1)
    for name in (train.CLASSIFIER, manifests.MANIFEST):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda m: m.update(kind="audio"), "kind 'audio' is unknown"),
        (lambda m: m.update(runtime="other"), "expected portable or scikit-learn"),
        (lambda m: m.pop("fields"), "at least one field"),
        (lambda m: m["fields"][1].pop("name"), "in each field a name"),
        (lambda m: m["fields"][1].update(minimum=99.0), "minimum <= maximum"),
        (lambda m: m["fields"][1].update(name="worstArea"), "a name of its own"),
        (lambda m: m["fields"].pop(), "none that a request may hold"),
        (lambda m: m.update(classes={"0": "benign"}), "what each label means"),
        (lambda m: m.pop("artifacts"), "one file under artifacts"),
        (lambda m: m["artifacts"].update({"../x.pkl": {}}), "one file under artifacts"),
        (
            lambda m: m["golden"][2].update(input={"worstArea": 1000.0}),
            "none that a request may hold",
        ),
        (lambda m: m["golden"][2].update(input=every(1e39)), "none that a request may hold"),
        (lambda m: m["golden"][2].update(input=every(True)), "none that a request may hold"),
        (lambda m: m.update(golden=m["golden"][:9]), "at least 50 golden records"),
        (lambda m: m.update(labels=[1, 0]), "the manifest's labels are not the model's"),
        (lambda m: m["golden"][4].update(input=LARGE), "golden record 4 with 1"),
    ],
)
def test_a_manifest_that_cannot_be_used(
    folder: Path, tmp_path: Path, edit: Callable[[dict[str, Any]], object], words: str
) -> None:
    copy = tmp_path / "breast_cancer"
    copy.mkdir()
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    changed = json.loads((folder / manifests.MANIFEST).read_bytes())
    edit(changed)
    (copy / manifests.MANIFEST).write_bytes(manifests.encode(changed))
    with pytest.raises(manifests.ArtifactError) as refusal:
        artifacts.verify(copy)
    assert words in str(refusal.value)
    assert "python -m model_training.breast_cancer" in str(refusal.value)


def test_predicting_from_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = ",".join(map(str, features.EXAMPLE))
    assert main(["predict", row, "--model", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("0 (benign), probability 0.98")
    assert "worstConcavePoints" in shown
    for wrong in ("1,2,3", "1,2,3,4,five", "1,2,3,4,nan", ""):
        assert main(["predict", wrong, "--model", str(folder)]) == 1
        assert "is not a row of 5 numbers: meanConcavePoints," in capsys.readouterr().err
    assert main(["predict", "1,1e300,1,1,1", "--model", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "'1,1e300,1,1,1': Input 0, counted from 0, cannot be answered. The row holds" in said
    assert main(["predict", row, "--model", str(folder / "missing")]) == 1
    assert "does not exist" in capsys.readouterr().err


def test_predicting_by_a_model_that_was_fitted_on_named_columns(
    folder: Path, cases: dataset.Cases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ",".join(map(str, features.EXAMPLE))
    assert main(["predict", row, "--model", str(folder)]) == 0
    expected = capsys.readouterr().out
    estimator = recipe.unfitted().fit(cases.rows(), cases.malignant)
    estimator.feature_names_in_ = np.array(dataset.COLUMNS, dtype=object)
    tabular_publish.publish(
        tmp_path / "named",
        estimator,
        cases.rows(),
        name="breast_cancer",
        features={feature.name: feature.json for feature in features.FEATURES},
        classes=features.CLASSES,
        data={},
        metrics={},
        runtime="portable",
    )
    capsys.readouterr()
    assert main(["predict", row, "--model", str(tmp_path / "named")]) == 0
    assert capsys.readouterr().out == expected


def test_the_rule_that_chooses() -> None:
    def candidate(loss: float, depth: int = 1, trees: int = 100) -> Candidate:
        settings = {"depth": depth, "rate": 0.1, "subsample": 1.0, "trees": trees}
        return Candidate(str(settings), settings, loss, 0.01, 0.9)

    good, plain, bad = candidate(0.100, trees=800), candidate(0.109), candidate(0.12, trees=50)
    ordered = sorted([candidate(0.101, depth=2), good, plain, bad], key=grid_search.simplicity)
    assert searching.simplest_within_one_error(ordered) is plain
    assert searching.simplest_within_one_error([bad, good]) is good


@pytest.mark.judge
def test_searching(
    cases: dataset.Cases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(grid_search, "DEPTHS", (1, 2))
    monkeypatch.setattr(grid_search, "RATES", (0.1,))
    monkeypatch.setattr(grid_search, "SUBSAMPLES", (1.0,))
    monkeypatch.setattr(grid_search, "TREES", (5, 100))
    grid_search.run(cases, tmp_path, repeats=1)
    result = json.loads((tmp_path / "grid_search.json").read_bytes())
    losses = [candidate["log_loss"] for candidate in result["candidates"]]
    assert losses == sorted(losses)
    assert len(losses) == 4
    # A long boosting, stopped after so many trees, is the short one.
    figures = evaluate.cross_validate(cases.rows(), cases.malignant, repeats=1).figures
    (published,) = [c for c in result["candidates"] if c["name"] == result["published"]]
    assert published["log_loss"] == pytest.approx(figures["log_loss"].mean, abs=1e-12)
    assert result["chosen"] in capsys.readouterr().out


@pytest.mark.judge
def test_selecting_features(
    cases: dataset.Cases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(feature_selection, "STEPS", 1)
    monkeypatch.setattr(recipe.unfitted, "__kwdefaults__", {**KEYWORDS, "trees": 5})
    few = dataset.Cases(cases.names, cases.measurements[::3], cases.malignant[::3])
    feature_selection.run(few, tmp_path, repeats=1)
    result = json.loads((tmp_path / "feature_selection.json").read_bytes())
    assert len(result["forward"]) == 1
    assert len(result["without"]) == 5
    assert result["published"]["settings"]["columns"] == [f.name for f in features.FEATURES]
    assert "the five without worst texture" in capsys.readouterr().out


KEYWORDS = dict(recipe.unfitted.__kwdefaults__ or {})


def test_figures_by_hand() -> None:
    malignant = np.array([1, 1, 1, 0, 0])
    probability = np.array([0.9, 0.8, 0.2, 0.6, 0.1])
    figures = evaluate.scores(malignant, probability)
    assert figures["accuracy"] == pytest.approx(0.6)
    assert figures["malignant_recall"] == pytest.approx(2 / 3)
    assert figures["malignant_precision"] == pytest.approx(2 / 3)
    assert figures["malignant_f1"] == pytest.approx(2 / 3)
    assert figures["benign_f1"] == pytest.approx(0.5)
    assert figures["roc_auc"] == pytest.approx(5 / 6)
    assert figures["brier"] == pytest.approx((0.01 + 0.04 + 0.64 + 0.36 + 0.01) / 5)
