"""Manifests of records and of pictures: what keeps each from being used."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model_training.publishing import artifacts, manifests
from model_training.publishing.kinds import KINDS

Edit = Callable[[dict[str, Any]], object]
CONTENT = b"what was trained"


def common(name: str, kind: str, file: str) -> dict[str, Any]:
    return {
        "schema": manifests.SCHEMA,
        "name": name,
        "kind": kind,
        "labels": ["A", "B"],
        "artifacts": manifests.describe({file: CONTENT}),
    }


RECORDS = {
    **common("loans", "fields", "network.json"),
    "runtime": "portable",
    "fields": [
        {"name": "income", "type": "number", "required": True, "nullable": False,
         "minimum": 0, "maximum": 1e9},
        {"name": "purpose", "type": "category", "required": False, "nullable": True,
         "levels": ["car", "house"]},
    ],
    "golden": [
        {"input": {"income": 1.5, "purpose": None}, "prediction": "A",
         "probabilities": {"A": 0.75, "B": 0.25}}
    ] * 50,
}  # fmt: skip
PICTURES = {
    **common("shapes", "picture", "shapes.tflite"),
    "runtime": "litert",
    "input": {"size": 64, "resize": "bilinear", "scale": 0.5, "offset": -1},
    "golden": [
        {"input": {"pattern": index}, "prediction": "B", "scores": {"A": -2.5, "B": 7.0}}
        for index in range(3)
    ],
}


def folder_of(manifest: dict[str, Any], into: Path) -> Path:
    for file in manifest.get("artifacts", {}):
        (into / Path(file).name).write_bytes(CONTENT)
    (into / manifests.MANIFEST).write_text(json.dumps(manifest))
    return into


def refusal(manifest: dict[str, Any], edit: Edit, into: Path) -> str:
    changed = copy.deepcopy(manifest)
    edit(changed)
    with pytest.raises(manifests.ArtifactError) as refused:
        artifacts.verify(folder_of(changed, into))
    assert str(refused.value).endswith("; train or publish a model into that folder")
    return str(refused.value)


def test_manifests_of_the_right_form_are_read(tmp_path: Path) -> None:
    for manifest in (RECORDS, PICTURES):
        assert artifacts.read_manifest(folder_of(manifest, tmp_path)) == manifest
    assert sorted(KINDS) == ["fields", "picture", "text"]


def test_numbers_and_labels_alone_are_answers_too(tmp_path: Path) -> None:
    numbers = [{"input": {"income": 1.5}, "prediction": 2.5}] * 25
    outputs = [{"input": {"income": 1.5}, "prediction": [2.5, 7]}] * 25
    plain = {name: value for name, value in RECORDS.items() if name != "labels"}
    regression = {**plain, "answers": "number", "golden": numbers + outputs}
    assert artifacts.read_manifest(folder_of(regression, tmp_path)) == regression
    bare = [{"input": {"income": 1.5}, "prediction": "A"}] * 50
    labelled = {**RECORDS, "answers": "label", "golden": bare}
    assert artifacts.read_manifest(folder_of(labelled, tmp_path)) == labelled
    for manifest, edit, words in (
        (regression, lambda m: m.update(labels=["A", "B"]), "expected no labels"),
        (regression, lambda m: m["golden"][0].update(prediction=None), "a prediction in each"),
        (regression, lambda m: m.update(answers="votes"), "answers 'votes' are unknown"),
        (labelled, lambda m: m["golden"][0].update(prediction="C"), "a prediction in each"),
        (labelled, lambda m: m.update(answers="scores"), "scores for every label"),
    ):
        assert words in refusal(manifest, edit, tmp_path)


def test_several_pickles_are_in_the_order_of_the_pipeline(tmp_path: Path) -> None:
    files = manifests.describe({"b.pkl": CONTENT, "a.pkl": CONTENT})
    manifest = {**RECORDS, "artifacts": files, "steps": ["b.pkl", "a.pkl"], "estimators": []}
    assert artifacts.read_manifest(folder_of(manifest, tmp_path)) == manifest
    for edit, words in (
        (lambda m: m.pop("steps"), "under steps the artifacts"),
        (lambda m: m.update(steps=["b.pkl"]), "under steps the artifacts"),
        (lambda m: m.update(steps=["b.pkl", "b.pkl"]), "under steps the artifacts"),
        (lambda m: m.pop("estimators"), "under estimators the full names"),
        (lambda m: m.update(estimators=[1]), "under estimators the full names"),
    ):
        assert words in refusal(manifest, edit, tmp_path)


def test_a_model_of_pictures_is_checked_by_its_digest(tmp_path: Path) -> None:
    assert artifacts.verify(folder_of(PICTURES, tmp_path)) == PICTURES
    (tmp_path / "shapes.tflite").write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(manifests.ArtifactError, match="is not the file its manifest names"):
        artifacts.verify(tmp_path)


def test_a_model_of_records_is_read_by_the_portable_runtime(tmp_path: Path) -> None:
    """What its manifest calls a network is none."""
    assert refusal(RECORDS, lambda _: None, tmp_path).startswith("The portable runtime cannot")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda m: m.pop("fields"), "at least one field"),
        (lambda m: m["fields"][0].pop("name"), "in each field a name"),
        (lambda m: m["fields"][0].update(type="date"), "in each field a name"),
        (lambda m: m["fields"][0].update(required=1), "whether it is required"),
        (lambda m: m["fields"][0].update(minimum=2e9), "minimum <= maximum"),
        (lambda m: m["fields"][0].update(minimum=False), "minimum <= maximum"),
        (lambda m: m["fields"][1].update(levels=[1]), "of a category, levels"),
        (lambda m: m["fields"][1].update(name="income"), "a name of its own"),
        (lambda m: m["artifacts"].update({"../x": {}}), "one file under artifacts, network.json"),
        (lambda m: m["golden"][2].update(input=[1]), "none that a request may hold"),
        (lambda m: m["golden"][2].update(input={"wage": 1}), "none that a request may hold"),
        (lambda m: m["golden"][2].update(input={"income": [1]}), "none that a request may hold"),
        (lambda m: m["golden"][2].update(input={"purpose": "car"}), "none that a request may hold"),
        (lambda m: m["golden"][2].update(input={"income": -1}), "none that a request may hold"),
        (lambda m: m.update(ignored="interest_rate"), "a list of names"),
        (lambda m: m.update(golden=m["golden"][:49]), "at least 50 golden records"),
        (lambda m: m.update(runtime="litert"), "expected portable"),
    ],
)
def test_records_that_cannot_be_used(tmp_path: Path, edit: Edit, words: str) -> None:
    assert words in refusal(RECORDS, edit, tmp_path)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda m: m.pop("input"), "under input a size"),
        (lambda m: m["input"].update(size=4), "under input a size"),
        (lambda m: m["input"].update(scale="1"), "a scale and an offset"),
        (lambda m: m["artifacts"].pop("shapes.tflite"), "exactly shapes.tflite"),
        (lambda m: m["golden"][2].update(input={"pattern": -1}), "none that a request may hold"),
        (lambda m: m["golden"][2].pop("scores"), "scores for every label"),
        (lambda m: m.update(golden=m["golden"][:2]), "at least 3 golden pictures"),
        (lambda m: m.update(runtime="portable"), "expected litert"),
    ],
)
def test_pictures_that_cannot_be_used(tmp_path: Path, edit: Edit, words: str) -> None:
    assert words in refusal(PICTURES, edit, tmp_path)
