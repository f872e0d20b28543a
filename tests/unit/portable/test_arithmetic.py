"""The corners of numpy's and scikit-learn's arithmetic that the runtime repeats bit by bit."""

import platform
import random

import numpy as np
import pytest
from portable.arithmetic.float32 import log32, rounded
from portable.arithmetic.pairwise import block_starts, pairwise_sum
from portable.feature_extraction.english_stop_words import ENGLISH_STOP_WORDS
from portable.feature_extraction.text import Vectorizer
from portable.model import load
from portable.naive_bayes import LinearNaiveBayes
from portable.pickles.unpickler import loads
from sklearn.feature_extraction import text as sklearn_text
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import GaussianNB, MultinomialNB

from tests.unit.portable.small_models import LABELS, ODD_TEXTS, TEXTS, dumps, fit

IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
SIZES = [0, 1, 7, 8, 9, 127, 128, 129, 136, 255, 256, 257, 1000, 4095, 8193, 16_364]


@pytest.mark.parametrize("size", SIZES)
def test_pairwise_sum_is_numpys(size: int) -> None:
    source = random.Random(size)  # noqa: S311 - reproducible, not secret
    values = [source.gauss(0, 1) * 10.0 ** source.randrange(-12, 12) for _ in range(size)]
    assert pairwise_sum(values) == np.sum(np.array(values))
    # scikit-learn sums the rows of a matrix.
    assert pairwise_sum(values) == np.sum(np.array([values, values]), axis=1)[1]


def test_blocks_cover_everything_once() -> None:
    starts = block_starts(0, 16_364)
    assert starts == sorted(set(starts))
    widths = [end - start for start, end in zip(starts, [*starts[1:], 16_364], strict=True)]
    assert max(widths) <= 128


def test_single_precision_logarithm_is_numpys() -> None:
    counts = [*range(1, 3000), *range(3000, 70_000, 97)]
    ours = [log32(count) for count in counts]
    theirs = np.log(np.array(counts, dtype=np.float32)).tolist()
    # Elsewhere numpy uses the C library's logf, which may differ in the last bit.
    assert ours == (theirs if IS_X86 else pytest.approx(theirs, rel=2**-23))
    assert rounded(0.1) == float(np.float32(0.1))


def test_joint_log_likelihoods_are_scikit_learns_to_the_last_bit() -> None:
    vectorizer, classifier = TfidfVectorizer(ngram_range=(1, 2)), MultinomialNB()
    fit(vectorizer, classifier, LABELS)
    compiled = Vectorizer(loads(dumps(vectorizer)))
    scorer = LinearNaiveBayes(loads(dumps(classifier)), compiled.features)  # type: ignore[arg-type]  # checked
    expected = classifier.predict_joint_log_proba(vectorizer.transform([*TEXTS, *ODD_TEXTS]))
    ours = [scorer.joint(compiled.transform(text)) for text in (*TEXTS, *ODD_TEXTS)]
    if IS_X86:
        assert ours == expected.tolist()
    # Elsewhere scipy may be compiled to multiply and add with one rounding.
    np.testing.assert_allclose(ours, expected, rtol=1e-13)


def test_a_tie_goes_to_the_first_class() -> None:
    vectorizer, classifier = TfidfVectorizer(), MultinomialNB(fit_prior=False)
    fit(vectorizer, classifier, ["b", "a"] * 6)
    label, probabilities, _ = load(dumps(vectorizer), dumps(classifier)).predict("")
    assert label == "a"
    assert probabilities == pytest.approx([0.5, 0.5])


def test_gaussian_terms_that_nearly_cancel() -> None:
    """Columns no class showed: terms of 1e11 in every class, whose rounding decides."""
    vectorizer = TfidfVectorizer(sublinear_tf=True).fit([*TEXTS, "never seen by the classifier"])
    classifier = GaussianNB().fit(vectorizer.transform(TEXTS).toarray(), LABELS)
    model = load(dumps(vectorizer), dumps(classifier))
    texts = ["never seen", "never free", "call the classifier", "seen by", "never never never by"]
    expected = classifier.predict_proba(vectorizer.transform(texts).toarray())
    assert (
        np.abs(classifier.predict_joint_log_proba(vectorizer.transform(texts).toarray())).max()
        > 1e8
    )
    for text, row in zip(texts, expected, strict=True):
        assert model.predict(text)[1] == pytest.approx(row.tolist(), abs=1e-12)


def test_stop_words_are_scikit_learns() -> None:
    assert ENGLISH_STOP_WORDS == sklearn_text.ENGLISH_STOP_WORDS
