"""A model's version names what answers: nothing else changes it, and all that answers does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from serving.inputs.fields import Inputs as FieldsInputs
from serving.inputs.text import Inputs as TextInputs
from serving.runtimes import keras, portable
from serving.service import read_labels
from spam_or_ham.handler import runtime as text_runtime

from model_training.publishing.manifests import describe, model_version
from stacks.config.services import SERVICES
from stacks.packaging.layers.libraries import LIBRARIES
from tests.harness.small_records_model import IGNORED, small_records_model
from tests.harness.small_tabular_model import PATIENTS, small_tabular_model
from tools.local_aws.served_models import manifest_of
from tools.local_aws.small_model import Files, small_model

if TYPE_CHECKING:
    from serving.inputs import InputKind
    from serving.runtimes import Load

Manifest = dict[str, Any]
MANIFESTS = {service.name: manifest_of(service) for service in SERVICES}


def with_(manifest: Manifest, change: Callable[[Manifest], object]) -> Manifest:
    changed = copy.deepcopy(manifest)
    change(changed)
    return changed


@pytest.mark.parametrize("name", MANIFESTS)
def test_who_trained_it_and_how_well_it_does_is_not_in_it(name: str) -> None:
    """A laptop and a build server publish one version of one model."""
    manifest = MANIFESTS[name]
    elsewhere = with_(
        manifest,
        lambda m: (
            m["trained_with"].update(python="3.14.1", unicode="16.0.0", platform="arm64"),
            m.update(parity={"pythons": ["3.14.1"], "max_abs_difference": 1e-15, "seconds": 12.5}),
            m.update(recipe="another name", data={}, metrics=None, parameters={"seed": 1}),
            m.update(trained_on="2026-11-24", adopted={"files": {"my.joblib": "0" * 64}}),
        ),
    )
    assert elsewhere != manifest
    assert model_version(elsewhere) == model_version(manifest)


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_golden_answers_last_digits_are_the_processors(name: str) -> None:
    def another_processor(manifest: Manifest) -> None:
        for entry in manifest["golden"]:
            answers = entry.get("probabilities") or entry.get("scores")
            if answers is None:  # a number, or one for each output
                entry["prediction"] = np.add(entry["prediction"], 1e-16).tolist()
                continue
            answers.update({label: value + 1e-16 for label, value in answers.items()})

    manifest = MANIFESTS[name]
    assert model_version(with_(manifest, another_processor)) == model_version(manifest)


def test_what_a_field_tells_people_is_not_in_it() -> None:
    for manifest in (MANIFESTS["breast_cancer"], MANIFESTS["loan_grade"]):
        told = [
            {**field, "description": "x", "column": "y", "unit": "z"}
            for field in manifest["fields"]
        ]
        assert model_version({**manifest, "fields": told}) == model_version(manifest)
        wider = [{**field, "required": not field["required"]} for field in manifest["fields"]]
        assert model_version({**manifest, "fields": wider}) != model_version(manifest)


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_byte_of_an_artifact_is_another_version(name: str) -> None:
    manifest = MANIFESTS[name]
    for file in manifest["artifacts"]:
        files = {**manifest["artifacts"], **describe({file: b"another"})}
        assert model_version({**manifest, "artifacts": files}) != model_version(manifest)


def test_the_libraries_that_a_layer_must_have_are_in_it_where_they_answer() -> None:
    """And where they do not, they are not."""
    portable = MANIFESTS["breast_cancer"]
    layered = {**portable, "runtime": "scikit-learn"}
    for library in LIBRARIES["scikit-learn"].agreeing:
        older = {"trained_with": {**portable["trained_with"], library: "0.1"}}
        assert model_version({**portable, **older}) == model_version(portable)
        assert model_version({**layered, **older}) != model_version(layered)
    other = {"trained_with": {**portable["trained_with"], "python": "3.14.1", "joblib": "0.1"}}
    assert model_version({**layered, **other}) == model_version(layered)


def text_answers(files: Files) -> object:
    return answers(text_runtime(), TextInputs(), files, ["free prize", "f r e e"])


def row_answers(files: Files) -> object:
    rows = [{**PATIENTS[0], "worstTexture": 17.33}, dict.fromkeys(PATIENTS[0], 0.0)]
    return answers(portable.load, FieldsInputs(), files, rows)


def record_answers(files: Files) -> object:
    record = json.loads(files["manifest.json"])["golden"][0]["input"]
    records = [record, {**record, IGNORED[0]: "x"}]
    return answers(keras.load, FieldsInputs(), files, records)


def answers(load: Load, inputs: InputKind, files: Files, values: Sequence[Any]) -> object:
    """What a service that is told its kind and its runtime answers with these files."""
    contents = dict(files)
    manifest = json.loads(contents.pop("manifest.json"))
    inputs.configure(manifest)
    model = load(contents, manifest)
    labels = read_labels(manifest, model)
    predictions, explanations = model.predict_and_explain([inputs.golden(one) for one in values])
    return [
        (labels[one.predicted], one.probabilities, explanation)
        for one, explanation in zip(predictions, explanations, strict=True)
    ]


ANSWERS: dict[str, tuple[Callable[[], Files], Callable[[Files], object]]] = {
    "text": (small_model, text_answers),
    "rows": (small_tabular_model, row_answers),
    "records": (small_records_model, record_answers),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_whatever_an_answer_is_made_of_is_in_it(kind: str) -> None:
    """Each entry of a manifest is taken out in turn: where that changes an answer, or leaves
    none, it changes the version. The golden answers are asked at a start, and answer nothing."""
    make, answered = ANSWERS[kind]
    files = make()
    manifest = json.loads(files["manifest.json"])
    artifacts = describe({file: data for file, data in files.items() if file != "manifest.json"})
    expected = answered(files)
    decisive = set()
    for entry in manifest.keys() - {"golden"}:
        rest = {name: value for name, value in manifest.items() if name != entry}
        try:
            found = answered({**files, "manifest.json": json.dumps(rest).encode()})
        except Exception:
            found = None
        if found != expected:
            decisive.add(entry)
            complete = {**manifest, "artifacts": artifacts}
            assert model_version({**rest, "artifacts": artifacts}) != model_version(complete), entry
    assert decisive


def test_the_folder_and_the_version(tmp_path: Path) -> None:
    """What `write` gives is the version of what it has written."""
    from model_training.publishing import artifacts

    version = artifacts.write(
        tmp_path, {"a.pkl": b"a"}, {"schema": 2, "kind": "text", "labels": ["x", "y"]}
    )
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert version == model_version(manifest)
    assert version != model_version({**manifest, "labels": ["y", "x"]})
