"""Texts on both sides of a threshold, and that the proof refuses what compares otherwise."""

import random
from typing import Any

import numpy as np
import pytest
from portable.arithmetic import float32
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import BernoulliNB, MultinomialNB

from model_training.publishing import pickling
from model_training.publishing.generated_texts import generated_texts, texts_for
from model_training.publishing.parity import ParityError
from model_training.publishing.texts_on_thresholds import PER_SIDE, texts_on, thresholds_of
from tests.unit.portable.small_models import TEXTS, TWO_LABELS, prove_pair

WORDS = [f"word{at}" for at in range(4_000)]


def distances(vectorizer: Any, threshold: float, texts: list[str]) -> Any:
    """How far above the threshold each feature is, in the rows' precision."""
    values = vectorizer.transform(texts).data
    bound = values.dtype.type(threshold) if values.dtype.kind == "f" else threshold
    return values.astype(float) - float(bound)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("norm", ["l1", "l2"])
@pytest.mark.parametrize(
    "options",
    [
        {"use_idf": False},
        {"use_idf": True},
        {"use_idf": False, "sublinear_tf": True, "ngram_range": (1, 2)},
        {"use_idf": False, "binary": True},
        {"use_idf": False, "analyzer": "char", "ngram_range": (1, 2)},
        {"use_idf": False, "analyzer": "char", "ngram_range": (2, 3)},
    ],
    ids=str,
)
def test_features_lie_on_and_next_to_the_threshold(
    options: dict[str, Any], norm: Any, dtype: Any
) -> None:
    vectorizer = TfidfVectorizer(norm=norm, dtype=dtype, **options).fit(TEXTS)
    candidates = generated_texts(1, 2_000, sorted(vectorizer.vocabulary_))
    texts = texts_on(vectorizer, 0.1, random.Random(1), candidates)  # noqa: S311 - a fixed seed
    assert len(texts) <= 3 * PER_SIDE
    distances_ = distances(vectorizer, 0.1, texts)
    # Where rarity does not count, one tenth exactly can be had.
    assert (distances_ == 0).any() or options["use_idf"]
    assert 0 < np.min(distances_[distances_ > 0]) < 0.012
    assert 0 < np.min(-distances_[distances_ < 0]) < 0.012
    # The best of all pairs of words comes as near as the next number or so.
    if options["use_idf"] and norm == "l2":
        assert np.min(np.abs(distances_)) < 1e-6


@pytest.mark.parametrize("dtype", [np.int64, np.float32])
def test_counts_on_and_next_to_the_threshold(dtype: Any) -> None:
    vectorizer = CountVectorizer(dtype=dtype).fit(TEXTS)
    texts = texts_on(vectorizer, 3.0, random.Random(1), [])  # noqa: S311 - a fixed seed
    assert set(distances(vectorizer, 3.0, texts)) == {-1.0, 0.0, 1.0}


def test_texts_are_the_same_for_a_seed() -> None:
    vectorizer = TfidfVectorizer().fit(TEXTS)
    classifier = BernoulliNB(binarize=0.2).fit(vectorizer.transform(TEXTS), TWO_LABELS)
    texts = texts_for(vectorizer, classifier, 3, 200)
    assert texts == texts_for(vectorizer, classifier, 3, 200)
    assert texts[:200] == generated_texts(3, 200, sorted(vectorizer.vocabulary_))
    assert len(texts) > 200 + PER_SIDE


def test_only_a_threshold_above_zero_is_one() -> None:
    assert thresholds_of(BernoulliNB(binarize=0.1)) == [0.1]
    assert thresholds_of(BernoulliNB()) == []
    assert thresholds_of(BernoulliNB(binarize=None)) == []
    assert thresholds_of(MultinomialNB()) == []


def hundred_words() -> tuple[TfidfVectorizer, BernoulliNB]:
    """A text of exactly 100 distinct words gives each a feature of one tenth."""
    source = random.Random(5)  # noqa: S311 - a fixed seed
    texts = [" ".join(source.sample(WORDS[at % 2 :: 2], 30)) for at in range(100)]
    vectorizer = TfidfVectorizer(norm="l2", use_idf=False, dtype=np.float32).fit([*texts, *WORDS])
    labels = ["spam", "ham"] * 50
    return vectorizer, BernoulliNB(binarize=0.1).fit(vectorizer.transform(texts), labels)


def tenth() -> tuple[TfidfVectorizer, BernoulliNB]:
    documents = ["aa bb cc dd ee ff gg hh ii jj", "aa zz", "zz yy xx", "yy xx"]
    vectorizer = TfidfVectorizer(norm="l1", use_idf=False, dtype=np.float32)
    rows = vectorizer.fit_transform(documents)
    return vectorizer, BernoulliNB(binarize=0.1).fit(rows, ["spam", "spam", "ham", "ham"])


@pytest.mark.parametrize("pair", [hundred_words, tenth])
def test_the_proof_refuses_a_threshold_in_another_precision(
    pair: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectorizer, classifier = pair()
    files = pickling.dumps(vectorizer), pickling.dumps(classifier)
    texts = texts_for(vectorizer, classifier, 20260102, 1_000)
    assert prove_pair(*files, vectorizer, classifier, texts).label_mismatches == 0
    monkeypatch.setattr(float32, "rounded", lambda value: value)
    with pytest.raises(ParityError, match="do not publish"):
        prove_pair(*files, vectorizer, classifier, texts)


@pytest.mark.parametrize("threshold", [0.1, np.float64(0.1), np.float32(0.1)], ids=repr)
def test_a_threshold_is_published_in_its_own_precision(threshold: Any) -> None:
    vectorizer, classifier = tenth()
    classifier.binarize = threshold
    files = pickling.dumps(vectorizer), pickling.dumps(classifier)
    texts = texts_for(vectorizer, classifier, 3, 200)
    assert prove_pair(*files, vectorizer, classifier, texts).label_mismatches == 0


def test_random_texts_alone_let_it_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    vectorizer, classifier = hundred_words()
    files = pickling.dumps(vectorizer), pickling.dumps(classifier)
    monkeypatch.setattr(float32, "rounded", lambda value: value)
    texts = generated_texts(20260102, 1_000, sorted(vectorizer.vocabulary_))
    assert prove_pair(*files, vectorizer, classifier, texts).label_mismatches == 0
