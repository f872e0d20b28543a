"""Values that lie on a threshold fall on the side that scikit-learn puts them, in its precision."""

from typing import Any

import numpy as np
import pytest
from portable.model import load
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.naive_bayes import BernoulliNB
from sklearn.pipeline import make_pipeline

from tests.unit.portable.small_models import dumps, prove_small

TEN_WORDS = "aa bb cc dd ee ff gg hh ii jj"
DOCUMENTS = [TEN_WORDS, "aa zz", "zz yy xx", "yy xx"]
LABELS = ["spam", "spam", "ham", "ham"]


COUNTED = ["aa aa aa bb", "aa aa aa", "bb bb bb aa", "bb bb bb"]


def bernoulli(vectorizer: Any, threshold: Any, documents: list[str] | None = None) -> BernoulliNB:
    rows = vectorizer.fit_transform(documents or DOCUMENTS)
    return BernoulliNB(binarize=threshold).fit(rows, LABELS)


@pytest.mark.parametrize("threshold", [0.1, np.float32(0.1), np.float64(0.1), 0, 1], ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_share_of_one_tenth_against_a_threshold_of_one_tenth(dtype: Any, threshold: Any) -> None:
    vectorizer = TfidfVectorizer(norm="l1", use_idf=False, dtype=dtype)
    classifier = bernoulli(vectorizer, threshold)
    assert prove_small(vectorizer, classifier, DOCUMENTS).label_mismatches == 0


@pytest.mark.parametrize("threshold", [1.99999999, 2.0, 2.00000001])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64])
def test_counts_against_a_threshold_that_single_precision_rounds(
    dtype: Any, threshold: float
) -> None:
    vectorizer = CountVectorizer(dtype=dtype)
    classifier = bernoulli(vectorizer, threshold, COUNTED)
    assert prove_small(vectorizer, classifier, ["aa", "aa aa", "bb bb"]).label_mismatches == 0


def test_in_a_pipeline_whose_weights_follow_the_counts() -> None:
    pipeline = make_pipeline(
        CountVectorizer(dtype=np.float32),
        TfidfTransformer(norm="l1", use_idf=False),
        BernoulliNB(binarize=0.1),
    ).fit(DOCUMENTS, LABELS)
    model = load(dumps(pipeline))
    found = [model.predict(text)[1] for text in DOCUMENTS]
    np.testing.assert_allclose(found, pipeline.predict_proba(DOCUMENTS), rtol=0, atol=1e-12)


def test_the_explanation_takes_the_same_side() -> None:
    vectorizer = TfidfVectorizer(norm="l1", use_idf=False, dtype=np.float32)
    classifier = bernoulli(vectorizer, 0.1)
    explanation = load(dumps(vectorizer), dumps(classifier)).explain(TEN_WORDS)
    joint = classifier.predict_joint_log_proba(vectorizer.transform([TEN_WORDS]))[0]
    assert explanation.log_odds == pytest.approx(joint[1] - joint[0], abs=1e-12)
    assert {contribution for _, contribution, _ in explanation.tokens} == {0.0}
