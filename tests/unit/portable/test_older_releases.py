"""Models fitted by older releases of scikit-learn and numpy, with the answers those gave."""

import base64
import json
from pathlib import Path

import pytest
from portable.model import load

FILES = sorted((Path(__file__).parent / "fitted").glob("sklearn-*.json"))


def test_every_minor_release_since_the_oldest_served_is_here() -> None:
    assert [file.stem for file in FILES] == ["sklearn-1.6.1", "sklearn-1.7.2", "sklearn-1.8.0"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_answers_as_that_release_did(file: Path) -> None:
    recorded = json.loads(file.read_text(encoding="utf-8"))
    for model in recorded["models"]:
        files = [base64.b64decode(data) for data in model["pickles"]]
        loaded = load(*files)
        for text, label, row in zip(
            recorded["asked"], model["labels"], model["probabilities"], strict=True
        ):
            found, probabilities, _ = loaded.predict(text)
            assert found == label
            assert probabilities == pytest.approx(row, rel=0, abs=1e-12)
