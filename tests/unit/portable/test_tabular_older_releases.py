"""Tabular models fitted by older releases of scikit-learn, with the answers those gave."""

import base64
import json
from pathlib import Path

import pytest
from portable.model import load

FILES = sorted((Path(__file__).parent / "fitted").glob("tabular-*.json"))


def test_every_minor_release_since_the_oldest_served_is_here() -> None:
    assert [file.stem for file in FILES] == ["tabular-1.6.1", "tabular-1.7.2", "tabular-1.8.0"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_answers_as_that_release_did(file: Path) -> None:
    recorded = json.loads(file.read_text(encoding="utf-8"))
    assert recorded["classifiers"]
    assert recorded["regressors"]
    for model in recorded["classifiers"]:
        classifier = load(base64.b64decode(model["pickle"]))
        answers = [classifier.predict(row) for row in recorded["asked"]]
        assert [label for label, *_ in answers] == model["labels"]
        for (_, chances, _), expected in zip(answers, model["probabilities"], strict=True):
            assert chances == pytest.approx(expected, rel=0, abs=1e-14)
    for model in recorded["regressors"]:
        regressor = load(base64.b64decode(model["pickle"]))
        found = [regressor.predict(row)[0] for row in recorded["asked"]]
        assert found == pytest.approx(model["values"], rel=0, abs=1e-13)
