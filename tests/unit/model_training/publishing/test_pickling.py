"""Canonical pickles: the same bytes everywhere, and still scikit-learn's."""

import hashlib
import os
import pickle
import pickletools
import subprocess
import sys
from collections import Counter, OrderedDict, defaultdict, namedtuple
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectFromModel
from sklearn.naive_bayes import GaussianNB, MultinomialNB

from model_training.publishing import pickling
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.recipes import RECIPES, predict_probabilities

ROOT = Path(__file__).resolve().parents[4]
TRAIN = """
import hashlib
from model_training.publishing import pickling
from model_training.spam_or_ham.recipes import RECIPES
from tests.unit.model_training.conftest import made_up_corpus
corpus = made_up_corpus()
for name in ("default", "article"):
    for estimator in RECIPES[name].fit(corpus.texts, corpus.labels):
        print(hashlib.sha256(pickling.dumps(estimator)).hexdigest())
"""


@pytest.mark.judge
def test_two_processes_with_other_hash_seeds_write_the_same_bytes(corpus: Corpus) -> None:
    here = [
        hashlib.sha256(pickling.dumps(estimator)).hexdigest()
        for name in ("default", "article")
        for estimator in RECIPES[name].fit(corpus.texts, corpus.labels)
    ]
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", TRAIN],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == here


@pytest.mark.parametrize("recipe", ["default", "article"])
def test_joblib_reads_what_predicts_the_same(recipe: str, corpus: Corpus, tmp_path: Path) -> None:
    pair = RECIPES[recipe].fit(corpus.texts, corpus.labels)
    read: list[object] = []
    for number, estimator in enumerate(pair):
        path = tmp_path / f"{number}.pkl"
        path.write_bytes(pickling.dumps(estimator))
        read.append(joblib.load(path))
    texts = [*corpus.texts, "", "unheard of"]
    assert np.array_equal(
        predict_probabilities(read[0], read[1], texts), predict_probabilities(*pair, texts)
    )


def test_a_round_trip_changes_nothing(corpus: Corpus, tmp_path: Path) -> None:
    for estimator in RECIPES["default"].fit(corpus.texts, corpus.labels):
        first = pickling.dumps(estimator)
        path = tmp_path / "a.pkl"
        # Another writer's objects, order and identities.
        joblib.dump(estimator, path, compress=3)
        assert pickling.dumps(joblib.load(path)) == first
        path.write_bytes(first)
        assert pickling.dumps(joblib.load(path)) == first


def test_it_is_plain_protocol_4(corpus: Corpus) -> None:
    for estimator in RECIPES["article"].fit(corpus.texts, corpus.labels):
        content = pickling.dumps(estimator)
        assert content[:2] == b"\x80\x04"
        strings = [argument for _, argument, _ in pickletools.genops(content)]
        assert "joblib" not in str(strings)
        assert "_frombuffer" not in strings
        assert "scalar" not in strings


def test_what_prediction_does_not_need_is_left_out_and_the_original_untouched() -> None:
    texts, labels = ["a1 b", "b c", "c d"], ["ham", "spam", "ham"]
    vectorizer = TfidfVectorizer(token_pattern=r"\w+", max_features=3)
    classifier = MultinomialNB().fit(vectorizer.fit_transform(texts), labels)
    counts = classifier.feature_count_.copy()
    assert b"feature_count_" not in pickling.dumps(classifier)
    assert np.array_equal(classifier.feature_count_, counts)


def test_arrays_in_another_order_and_labels_of_a_data_frame_become_plain() -> None:
    classifier = GaussianNB().fit(np.eye(4), ["ham", "ham", "spam", "spam"])
    expected = pickling.dumps(classifier)
    classifier.theta_ = np.asfortranarray(classifier.theta_)
    classifier.classes_ = np.array(["ham", "spam"], dtype=object)
    assert pickling.dumps(classifier) == expected


Pair = namedtuple("Pair", "first second")


@pytest.mark.parametrize(
    "value",
    [
        np.array(["a", np.nan], dtype=object),
        np.array(["a", None, 1], dtype=object),
        np.array([np.arange(2.0), np.arange(3.0)], dtype=object),
        np.array([[None, {"a": [1]}]], dtype=object),
        np.array([(1, 2.5)], dtype=[("x", "i4"), ("y", "f8")]),
        np.array(["a", "bc"], dtype=np.dtypes.StringDType()),
        np.array(7.5),
        np.zeros((0, 3)),
        Pair(1, "two"),
        OrderedDict(b=1, a=2),
        Counter("hello"),
        defaultdict(list, a=[1]),
        {1: "x", "a": 2, None: 3},
        (1, [2, {"three": (4,)}]),
    ],
    ids=repr,
)
def test_whatever_an_estimator_holds_stays_what_it_is(value: Any) -> None:
    """One text where there were two values was written for `a` and NaN."""
    classifier = MultinomialNB()
    classifier.held = value
    read = pickle.loads(pickling.dumps(classifier)).held
    if not isinstance(value, np.ndarray):
        assert read == value
        return
    assert read.shape == value.shape
    assert read.dtype.names == value.dtype.names
    assert repr(read.tolist()) == repr(value.tolist())


def test_a_part_that_is_held_twice_is_no_circle() -> None:
    classifier = MultinomialNB()
    part = ["a"]
    classifier.one, classifier.other = part, {"again": (part, part)}
    read = pickle.loads(pickling.dumps(classifier))
    assert read.one == ["a"]
    assert read.other == {"again": (["a"], ["a"])}


def test_a_pattern_keeps_what_it_was_made_with_and_not_what_it_was_fitted_to() -> None:
    rows = np.random.default_rng(0).normal(size=(60, 4))
    labels = rows[:, 0] > 0
    forest = ExtraTreesClassifier(3, random_state=0).fit(rows, labels)
    selector = SelectFromModel(forest).fit(rows, labels)
    published = pickle.loads(pickling.dumps(selector))
    assert np.array_equal(published.transform(rows), selector.transform(rows))
    assert not hasattr(published.estimator, "estimators_")


def test_what_tells_of_the_training_and_answers_nothing_is_left_out() -> None:
    """So that two trainings of one model give one version of it."""
    classifier = MultinomialNB().fit(np.eye(2), ["ham", "spam"])
    expected = pickling.dumps(classifier)
    classifier.refit_time_ = 0.25
    classifier._sklearn_output_config = {"transform": "pandas"}
    # What a fit that was interrupted leaves behind.
    classifier._parent_callback_ctx = object()
    assert pickling.dumps(classifier) == expected
