"""The five features, their ranges and the meaning of 1: the same wherever they are written."""

from __future__ import annotations

import json
import re
from pathlib import Path

from model_training.breast_cancer import features
from tests.harness.small_tabular_model import FEATURES, MEANINGS, PATIENTS
from tests.unit.breast_cancer.test_refusals import MISSING
from tools import PROJECT

DOCUMENT = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
NAMES = [feature.json for feature in features.FEATURES]


def _manifest() -> Path:
    return PROJECT / "build" / "models" / "breast_cancer" / "manifest.json"


def test_the_features_of_training_are_those_of_the_article_in_its_order() -> None:
    assert f"must contain values for: {', '.join(NAMES)}" == MISSING
    assert {feature.name: feature.json for feature in features.FEATURES} == FEATURES
    assert features.CLASSES == MEANINGS
    assert PATIENTS[0] == dict(zip(NAMES, features.EXAMPLE, strict=True))


def test_the_document_names_them_and_shows_the_example() -> None:
    assert f"must contain values for: {', '.join(NAMES)}" in DOCUMENT
    assert json.dumps(PATIENTS[0]) in DOCUMENT
    section = " ".join(DOCUMENT.partition("\n## Breast cancer")[2].partition("\n## ")[0].split())
    assert [name for name in re.findall(r"`([a-z]+[A-Z]\w+)`", section) if name in NAMES] == NAMES
    assert "1 for malignant and 0 for benign" in section


def test_the_published_model_has_them() -> None:
    manifest = json.loads(_manifest().read_text(encoding="utf-8"))
    assert [field["name"] for field in manifest["fields"]] == NAMES
    assert manifest["classes"] == MEANINGS


def test_the_example_event_is_the_first_patient() -> None:
    event = json.loads((PROJECT / "examples/breast_cancer.json").read_text(encoding="utf-8"))
    assert json.loads(event["body"]) == PATIENTS[0]
