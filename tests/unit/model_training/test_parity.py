"""The proof itself: what it compares, and that it fails when the answers differ."""

import math
import pickle
import sys
from pathlib import Path

import pytest
from model_training.publishing.text_proof import (
    Answers,
    ParityError,
    compare,
    generated_texts,
    oracle,
    prove,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import GaussianNB, MultinomialNB

from model_training.publishing import text_proof

CORPUS = [
    "free prize call now",
    "see you at home",
    "call me at lunch",
    "win a free prize",
    "ok home",
]
LABELS = ["spam", "ham", "ham", "spam", "ham"]


@pytest.fixture(scope="module")
def pair() -> tuple[TfidfVectorizer, MultinomialNB]:
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    return vectorizer, MultinomialNB().fit(vectorizer.fit_transform(CORPUS), LABELS)


@pytest.fixture(scope="module")
def files(pair: tuple[TfidfVectorizer, MultinomialNB]) -> tuple[bytes, bytes]:
    vectorizer, classifier = (pickle.dumps(model, protocol=4) for model in pair)
    return vectorizer, classifier


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


def test_a_good_pair_passes(
    pair: tuple[TfidfVectorizer, MultinomialNB], files: tuple[bytes, bytes]
) -> None:
    done: list[int] = []
    texts = [*CORPUS, *generated_texts(1, 1000, sorted(pair[0].vocabulary_))]
    report = prove(*files, *pair, texts, progress=done.append)
    assert (report.texts, report.label_mismatches) == (len(texts), 0)
    assert 0 <= report.max_abs_difference < 1e-13
    assert report.tolerance == 1e-9
    assert report.python == sys.version.split()[0]
    assert sum(done) == len(texts)


def test_a_dense_pair_passes() -> None:
    vectorizer = TfidfVectorizer()
    classifier = GaussianNB().fit(vectorizer.fit_transform(CORPUS).toarray(), LABELS)
    files = [pickle.dumps(model, protocol=4) for model in (vectorizer, classifier)]
    texts = generated_texts(2, 700, sorted(vectorizer.vocabulary_))
    assert prove(*files, vectorizer, classifier, texts).texts == len(texts)


def test_another_model_fails(
    pair: tuple[TfidfVectorizer, MultinomialNB], files: tuple[bytes, bytes]
) -> None:
    other = MultinomialNB(alpha=1.0001).fit(pair[0].transform(CORPUS), LABELS)
    with pytest.raises(ParityError, match="do not publish"):
        prove(*files, pair[0], other, CORPUS)


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
    found = Answers(labels, rows)
    if passes:
        assert compare(["a", "b"], ANSWERS, found, "3", "15").texts == 2
    else:
        with pytest.raises(ParityError):
            compare(["a", "b"], ANSWERS, found, "3", "15")


def test_nan_is_not_forgotten_when_more_follows() -> None:
    found = Answers(["ham", "spam"], [[math.nan, math.nan], [0.5, 0.5]])
    with pytest.raises(ParityError):
        compare(["a", "b"], ANSWERS, found, "3", "15")


def test_every_python_at_hand_agrees(
    pair: tuple[TfidfVectorizer, MultinomialNB], files: tuple[bytes, bytes]
) -> None:
    texts = [*CORPUS, *generated_texts(3, 400, sorted(pair[0].vocabulary_))]
    expected = oracle(*pair, texts)
    pythons = text_proof.pythons_at_hand()
    assert pythons[0] == Path(sys.executable)
    for python in pythons:
        report = text_proof.prove_under(python, *files, texts, expected)
        assert report.label_mismatches == 0
        # Nearly all texts are comparable, whatever the Unicode versions.
        assert len(texts) * 0.97 < report.texts <= len(texts)


def test_a_character_only_one_python_knows_is_left_out() -> None:
    # U+0378 is in no version of Unicode so far.
    texts = ["plain", "un\u0378known", "a"]
    assert text_proof._known_to_both(texts, ["\u0378"]) == [0, 1, 2]
    assert text_proof._known_to_both(texts, []) == [0, 2]
    assert text_proof._known_to_both(texts, ["\u0378", "a"]) == [1]


def test_a_python_that_fails_is_named(
    tmp_path: Path, files: tuple[bytes, bytes], pair: tuple[TfidfVectorizer, MultinomialNB]
) -> None:
    python = tmp_path / "python3.99"
    python.write_text("#!/bin/sh\necho broken interpreter >&2; exit 3\n")
    python.chmod(0o700)
    with pytest.raises(ParityError, match="broken interpreter"):
        text_proof.prove_under(python, *files, CORPUS, oracle(*pair, CORPUS))
    assert text_proof._runs(python) is None


def test_an_interpreter_that_cannot_be_started_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("no program")
    for python in (tmp_path / "python", tmp_path / "absent", tmp_path):
        with pytest.raises(ParityError, match=r"could not be asked under .*; fit a smaller model"):
            text_proof.answered_under(python, "", {})
