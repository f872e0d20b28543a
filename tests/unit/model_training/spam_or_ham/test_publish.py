"""What is published is proven first; what fails the proof leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest

from model_training.publishing import artifacts, pickling, proof
from model_training.publishing.manifests import ArtifactError
from model_training.publishing.parity import Answers
from model_training.spam_or_ham import publish
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.recipes import RECIPES


def test_the_manifest_names_the_proof(trained: Path, corpus: Corpus) -> None:
    manifest = artifacts.read_manifest(trained)
    parity = manifest["parity"]
    assert parity["texts"] >= len(corpus) + 300
    assert parity["label_mismatches"] == 0
    assert 0 <= parity["max_abs_difference"] < 1e-9
    assert parity["pythons"] == [manifest["trained_with"]["python"]]


def test_at_least_ten_thousand_generated_texts() -> None:
    source = Path(proof.__file__).read_text(encoding="utf-8")
    assert "\nGENERATED = 10_000\n" in source


def test_a_model_that_answers_differently_is_not_published(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = RECIPES["default"].fit(corpus.texts, corpus.labels)
    theirs = proof.oracle

    def another(*arguments: object, **options: object) -> Answers:
        predicted = theirs(*arguments, **options)  # type: ignore[arg-type]
        predicted.numbers[5][0] += 1e-8
        return predicted

    monkeypatch.setattr(proof, "oracle", another)
    with pytest.raises(ArtifactError, match="differs from the oracle in 0 of"):
        publish.publish(tmp_path / "out", pair, corpus.texts, {})
    assert not (tmp_path / "out").exists()


def test_a_model_that_fails_its_golden_answers_is_not_published(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = RECIPES["default"].fit(corpus.texts, corpus.labels)
    other = pickling.dumps(RECIPES["default"].fit(corpus.texts[::-1], corpus.labels)[1])
    ours = pickling.dumps

    def exchanged(one: Any, **options: Any) -> bytes:
        return other if one is pair[1] else ours(one, **options)

    monkeypatch.setattr(pickling, "dumps", exchanged)
    with pytest.raises(ArtifactError, match=r"The pair answers golden text \d+ with"):
        publish.publish(tmp_path / "out", pair, corpus.texts, {})
    assert not (tmp_path / "out").exists()
