"""The proof itself: what it compares, and that it fails when the answers differ."""

import math
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import GaussianNB, MultinomialNB

from model_training.publishing import artifacts, proof, pythons
from model_training.publishing.generated_texts import generated_texts
from model_training.publishing.parity import Answers, ParityError, compare

Pair = tuple[TfidfVectorizer, MultinomialNB]
Files = dict[str, bytes]

CORPUS = [
    "free prize call now",
    "see you at home",
    "call me at lunch",
    "win a free prize",
    "ok home",
]
LABELS = ["spam", "ham", "ham", "spam", "ham"]


@pytest.fixture(scope="module")
def pair() -> Pair:
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    return vectorizer, MultinomialNB().fit(vectorizer.fit_transform(CORPUS), LABELS)


@pytest.fixture(scope="module")
def files(pair: Pair) -> Files:
    return dumped(*pair)


def dumped(vectorizer: Any, classifier: Any) -> Files:
    return {
        "vectorizer.pkl": pickle.dumps(vectorizer, protocol=4),
        "classifier.pkl": pickle.dumps(classifier, protocol=4),
    }


def manifest_of(files: Files) -> dict[str, Any]:
    return {"kind": "text", **artifacts.entries(files)}


def test_generated_texts_are_many_varied_and_reproducible() -> None:
    texts = generated_texts(5, 10_000, ["free", "call now"])
    assert len(texts) >= 10_000
    assert texts == generated_texts(5, 10_000, ["free", "call now"])
    assert texts != generated_texts(6, 10_000, ["free", "call now"])
    assert "" in texts
    assert max(map(len, texts)) == 64 * 1024
    assert any("\ud800" <= char <= "\udfff" for text in texts for char in text)
    assert any(char > "\uffff" for text in texts for char in text)
    assert sum("call now" in text for text in texts) > 1000
    assert len(set(texts)) > 9_000
    assert any(text.split() and len(set(text.split())) == 1 < len(text.split()) for text in texts)


def test_a_good_pair_passes(pair: Pair, files: Files) -> None:
    done: list[int] = []
    texts = [*CORPUS, *generated_texts(1, 1000, sorted(pair[0].vocabulary_))]
    manifest = manifest_of(files)
    expected = proof.oracle(pair, manifest, texts, progress=done.append)
    report = proof.prove(files, manifest, texts, expected)
    assert (report.inputs, report.label_mismatches) == (len(texts), 0)
    assert 0 <= report.max_abs_difference < 1e-13
    assert report.python == sys.version.split()[0]
    assert sum(done) == len(texts)


def test_a_dense_pair_passes() -> None:
    vectorizer = TfidfVectorizer()
    classifier = GaussianNB().fit(vectorizer.fit_transform(CORPUS).toarray(), LABELS)
    files = dumped(vectorizer, classifier)
    texts = generated_texts(2, 700, sorted(vectorizer.vocabulary_))
    expected = proof.oracle((vectorizer, classifier), manifest_of(files), texts)
    assert proof.prove(files, manifest_of(files), texts, expected).inputs == len(texts)


def test_another_model_fails(pair: Pair, files: Files) -> None:
    other = MultinomialNB(alpha=1.0001).fit(pair[0].transform(CORPUS), LABELS)
    expected = proof.oracle((pair[0], other), manifest_of(files), CORPUS)
    with pytest.raises(ParityError, match="do not publish"):
        proof.prove(files, manifest_of(files), CORPUS, expected)


ANSWERS = Answers(["ham", "spam"], [[0.75, 0.25], [0.5, 0.5]])


@pytest.mark.parametrize(
    ("labels", "rows", "passes"),
    [
        (["ham", "spam"], [[0.75, 0.25], [0.5, 0.5]], True),
        (["ham", "spam"], [[0.75 + 9e-10, 0.25], [0.5, 0.5]], True),
        (["ham", "spam"], [[0.75 + 2e-9, 0.25], [0.5, 0.5]], False),
        (["ham", "ham"], [[0.75, 0.25], [0.5, 0.5]], False),
        (["ham", "spam"], [[math.nan, 0.25], [0.5, 0.5]], False),
        (["ham", "spam"], [[0.75, 0.25], [0.5, math.inf]], False),
        (["ham"], [[0.75, 0.25]], False),
    ],
)
def test_compare(labels: list[str | int], rows: list[list[float]], passes: bool) -> None:
    actual = Answers(labels, rows)
    if passes:
        assert compare(["a", "b"], ANSWERS, actual, "3", "15").inputs == 2
    else:
        with pytest.raises(ParityError):
            compare(["a", "b"], ANSWERS, actual, "3", "15")


def test_nan_is_not_forgotten_when_more_follows() -> None:
    actual = Answers(["ham", "spam"], [[math.nan, math.nan], [0.5, 0.5]])
    with pytest.raises(ParityError):
        compare(["a", "b"], ANSWERS, actual, "3", "15")


def test_every_python_at_hand_agrees(pair: Pair, files: Files) -> None:
    texts = [*CORPUS, *generated_texts(3, 400, sorted(pair[0].vocabulary_))]
    manifest = {**manifest_of(files), "runtime": "portable"}
    expected = proof.oracle(pair, manifest, texts)
    interpreters = pythons.pythons_at_hand()
    assert interpreters[0] == Path(sys.executable)
    for python in interpreters:
        report = proof.prove_under(python, files, manifest, texts, expected)
        assert report.label_mismatches == 0
        # Nearly all texts are comparable, whatever the Unicode versions.
        assert len(texts) * 0.97 < report.inputs <= len(texts)


def test_a_character_only_one_python_knows_is_left_out() -> None:
    # U+0378 is in no version of Unicode so far.
    texts = ["plain", "un\u0378known", "a"]
    assert proof._known_to_both(texts, ["\u0378"]) == [0, 1, 2]
    assert proof._known_to_both(texts, []) == [0, 2]
    assert proof._known_to_both(texts, ["\u0378", "a"]) == [1]


def test_a_python_that_fails_is_named(tmp_path: Path, files: Files, pair: Pair) -> None:
    python = tmp_path / "python3.99"
    python.write_text("#!/bin/sh\necho broken interpreter >&2; exit 3\n")
    python.chmod(0o700)
    expected = proof.oracle(pair, manifest_of(files), CORPUS)
    with pytest.raises(ParityError, match="broken interpreter"):
        proof.prove_under(python, files, manifest_of(files), CORPUS, expected)
    assert pythons.version_of(python) is None


def test_an_interpreter_that_cannot_be_started_is_one_sentence(
    tmp_path: Path, files: Files
) -> None:
    (tmp_path / "python").write_text("no program")
    for python in (tmp_path / "python", tmp_path / "absent", tmp_path):
        with pytest.raises(ParityError, match=r"could not be asked under .*; fit a smaller model"):
            proof.prove_under(python, files, manifest_of(files), CORPUS, ANSWERS)
