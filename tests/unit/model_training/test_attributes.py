"""Pairs that other releases of scikit-learn wrote, beside pairs that are fitted here.

The files of test_older_releases.py, and two more by the same program: of a patch release, and of
one that kept a vectorizer in other attributes.
"""

import base64
import json
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from portable.model import load
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import ComplementNB, MultinomialNB

from model_training.attributes import difference
from model_training.publishing import pickling
from model_training.spam_or_ham.adopt import vocabulary_texts
from model_training.spam_or_ham.differing import of_pair

HERE = Path(__file__).parent
OLDER = sorted((HERE.parent / "portable" / "fitted").glob("sklearn-*.json"))
ALIKE = [*OLDER, HERE / "fitted" / "sklearn-1.9.0.json"]
OTHERWISE = HERE / "fitted" / "sklearn-1.3.2.json"


def pairs(file: Path) -> list[tuple[Any, Any, dict[str, Any]]]:
    """Vectorizer, classifier, and what the release that fitted them answered."""
    found = []
    for model in json.loads(file.read_text(encoding="utf-8"))["models"]:
        if len(model["pickles"]) == 2:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                read = [pickle.loads(base64.b64decode(data)) for data in model["pickles"]]
            found.append((*read, model))
    assert len(found) == 4
    return found


@pytest.mark.parametrize("file", ALIKE, ids=lambda file: file.stem)
def test_a_pair_that_looks_alike_answers_as_where_it_was_fitted(file: Path) -> None:
    texts = json.loads(file.read_text(encoding="utf-8"))["asked"]
    for vectorizer, classifier, recorded in pairs(file):
        assert of_pair(vectorizer, classifier, vocabulary_texts(vectorizer)) is None
        adopted = load(pickling.dumps(vectorizer), pickling.dumps(classifier))
        for text, label, row in zip(
            texts, recorded["labels"], recorded["probabilities"], strict=True
        ):
            predicted, shares, _ = adopted.predict(text)
            assert predicted == label
            assert shares == pytest.approx(row, rel=0, abs=1e-12)


def test_a_pair_that_is_kept_otherwise_is_told_by_the_attribute() -> None:
    """That release kept idf in a matrix, which later ones ignore and score without."""
    said = [of_pair(*pair[:2], vocabulary_texts(pair[0])) for pair in pairs(OTHERWISE)]
    assert all(said)
    assert "its TfidfTransformer holds '_idf_diag', which one fitted here does not" in said
    assert any("cannot be fitted here (InvalidParameterError: " in str(one) for one in said)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda pair: delattr(pair[1], "force_alpha"),
            "its MultinomialNB lacks 'force_alpha', which",
        ),
        (lambda pair: delattr(pair[0], "binary"), "its TfidfVectorizer lacks 'binary', which one"),
        (lambda pair: delattr(pair[1], "class_count_"), "its MultinomialNB lacks 'class_count_'"),
        (lambda pair: delattr(pair[0]._tfidf, "idf_"), "its TfidfTransformer lacks 'idf_'"),
        (lambda pair: setattr(pair[1], "coef_", 1), "its MultinomialNB holds 'coef_', which one"),
        (
            lambda pair: setattr(pair[1], "class_log_prior_", [0.5, 0.5]),
            "holds 'class_log_prior_' as a list, and one fitted here as an array of 1 dimensions",
        ),
        (
            lambda pair: setattr(pair[1], "class_count_", np.eye(2)),
            "'class_count_' as an array of 2 dimensions, and one fitted here as an array of 1",
        ),
        (lambda pair: setattr(pair[0], "_tfidf", ComplementNB()), "'_tfidf' as a ComplementNB"),
    ],
)
def test_each_kind_of_difference(change: Any, words: str) -> None:
    texts = ["win free cash", "see you at home"] * 5
    vectorizer = TfidfVectorizer()
    classifier = MultinomialNB().fit(vectorizer.fit_transform(texts), ["spam", "ham"] * 5)
    assert of_pair(vectorizer, classifier, texts) is None
    change((vectorizer, classifier))
    assert words in str(of_pair(vectorizer, classifier, texts))


def test_what_no_answer_needs_is_no_difference() -> None:
    rows, labels = np.eye(6), [0, 1] * 3
    fitted = GradientBoostingClassifier(n_estimators=2).fit(rows, labels)
    other = GradientBoostingClassifier(n_estimators=2).fit(rows, labels)
    fitted.feature_names_in_ = np.array(list("abcdef"), dtype=object)
    fitted._sklearn_output_config = {"transform": "pandas"}
    assert difference(fitted, other) is None
