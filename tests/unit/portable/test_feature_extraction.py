"""HashingVectorizer and DictVectorizer, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from portable.arithmetic.murmurhash import murmurhash3
from portable.base import RECORD, TEXT, Features, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.model import load
from portable.pickles.unpickler import loads
from sklearn.feature_extraction import DictVectorizer, FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import murmurhash3_32

from tests.unit.portable.parity import assert_near, assert_predicts_alike, dumped

TEXTS = ["free money now", "hello my friend", "win money money", "lunch, my friend, today?"] * 5
LABELS = ["spam", "ham", "spam", "ham"] * 5
ASKED = [*TEXTS[:4], "", "money friend unknown", "FREE free frée", " ".join(map(str, range(300)))]
OPTIONS: list[dict[str, Any]] = [
    {},
    {"alternate_sign": False},
    {"norm": None},
    {"norm": "l1", "ngram_range": (1, 2)},
    {"binary": True, "n_features": 16},
    {"binary": True, "n_features": 8, "norm": None},
    {"analyzer": "char_wb", "ngram_range": (2, 4), "n_features": 64},
    {"analyzer": "char", "ngram_range": (1, 3), "n_features": 7},
    {"ngram_range": (1, 4), "stop_words": "english", "n_features": 2**18},
    {"strip_accents": "unicode", "lowercase": False},
]
RECORDS: list[dict[str, Any]] = [
    {"city": "Rome", "rooms": 3, "garden": True},
    {"city": "Oslo", "rooms": 1.5},
    {"rooms": 2, "garden": False, "note": "a=b"},
    {"city": "Bonn", "rooms": 0, "garden": True, "note": "c"},
] * 3
FIELDS = ["city", "garden", "note", "rooms"]


def test_hashes() -> None:
    rng = np.random.default_rng(0)
    for size in [*range(40), 1000]:
        data = rng.bytes(size)
        assert murmurhash3(data) == murmurhash3_32(data, seed=0)


@pytest.mark.parametrize("options", OPTIONS, ids=repr)
def test_hashed_texts(options: dict[str, Any]) -> None:
    vectorizer = HashingVectorizer(**options)
    step = read_transformer(loads(dumped(vectorizer)), Features(TEXT, 1))
    expected = vectorizer.transform(ASKED)
    for place, text in enumerate(ASKED):
        row = step.transform(text)
        theirs = expected[[place]]
        assert row.width == expected.shape[1]
        assert row.columns == theirs.indices.tolist()
        assert row.values == theirs.data.tolist()


def test_hashed_texts_in_models() -> None:
    for options in OPTIONS[:4]:
        vectorizer = HashingVectorizer(**{"n_features": 999, **options})
        linear = make_pipeline(vectorizer, LogisticRegression())
        assert_predicts_alike(linear.fit(TEXTS, LABELS), ASKED)
    # More columns than a record may have fields.
    weighed = make_pipeline(
        HashingVectorizer(n_features=2**17), TfidfTransformer(), LogisticRegression()
    )
    assert_predicts_alike(weighed.fit(TEXTS, LABELS), ASKED)
    counts = HashingVectorizer(n_features=999, alternate_sign=False, norm=None)
    sublinear = make_pipeline(counts, TfidfTransformer(sublinear_tf=True), MultinomialNB())
    assert_predicts_alike(sublinear.fit(TEXTS, LABELS), ASKED)


def test_logarithms_of_signed_counts_are_refused() -> None:
    signed = make_pipeline(
        HashingVectorizer(n_features=99, alternate_sign=False),
        TfidfTransformer(sublinear_tf=True),
        MultinomialNB(),
    ).fit(TEXTS, LABELS)
    signed[0].set_params(alternate_sign=True)
    model = load(dumped(signed))
    with pytest.raises(UnusableRow, match="logarithm"):
        [model.predict(text) for text in ASKED]


def test_hashing_that_is_not_served() -> None:
    for options, match in (
        ({"n_features": 2**23}, "4,194,304"),
        ({"dtype": np.float32}, "dtype"),
        ({"tokenizer": "x"}, "tokenizer"),
    ):
        with pytest.raises(UnsupportedModel, match=match):
            read_transformer(loads(dumped(HashingVectorizer(**options))), Features(TEXT, 1))
    with pytest.raises(UnsupportedModel, match="no text"):
        read_transformer(loads(dumped(HashingVectorizer())), Features(RECORD, 2))
    with pytest.raises(UnsupportedModel, match="DictVectorizer"):
        read_transformer(loads(dumped(FeatureHasher())), Features(RECORD, 2))


@pytest.mark.parametrize("options", [{}, {"sparse": False}, {"separator": ": "}, {"sort": False}])
def test_records_by_their_fields(options: dict[str, Any]) -> None:
    vectorizer = DictVectorizer(**options).fit(RECORDS)
    model = make_pipeline(vectorizer, LogisticRegression())
    model.fit(RECORDS, [0, 1, 0, 1] * 3)
    portable = load(dumped(model))
    assert sorted(portable.feature_names) == FIELDS
    step = read_transformer(loads(dumped(vectorizer)), Features(RECORD, 4, portable.feature_names))
    for record in [*RECORDS[:4], {"city": "Kyiv"}, {"rooms": "many"}, {"city": 4.0}, {}]:
        row = [record.get(field) for field in portable.feature_names]
        made = step.transform(row)
        expected = DictVectorizer.transform(vectorizer, record)
        if options.get("sparse", True):
            assert made.columns == expected.indices.tolist()
            assert_near(made.values, expected.data.tolist(), 0)
        else:
            assert_near(list(made), expected[0].tolist(), 0)
        label, shares, _ = portable.predict(row)
        assert label == model.predict([record])[0]
        assert_near(shares, model.predict_proba([record])[0].tolist(), 0)
    assert [portable.feature_names[place] for place in step.origins or ()] == [
        name.partition(options.get("separator", "="))[0] for name in vectorizer.feature_names_
    ]


def test_records_are_refused_elsewhere_and_when_malformed() -> None:
    vectorizer = DictVectorizer().fit(RECORDS)
    with pytest.raises(UnsupportedModel, match="first step"):
        read_transformer(loads(dumped(vectorizer)), Features(RECORD, 4, ["a", "b", "c", "d"]))
    step = read_transformer(loads(dumped(vectorizer)), Features(RECORD, 4, FIELDS))
    with pytest.raises(UnusableRow, match="4"):
        step.transform([1])
    with pytest.raises(UnusableRow, match="not a number"):
        step.transform([None, None, None, 10**400])
    vectorizer.vocabulary_ = dict.fromkeys(vectorizer.vocabulary_, 0)
    with pytest.raises(UnsupportedModel, match="vocabulary_"):
        read_transformer(loads(dumped(vectorizer)), Features(RECORD, 4, FIELDS))


def test_explanations_reach_the_fields_of_a_record() -> None:
    model = make_pipeline(DictVectorizer(sparse=False), StandardScaler(), LogisticRegression()).fit(
        RECORDS, [0, 1, 0, 1] * 3
    )
    portable = load(dumped(model))
    explanation: Any = portable.explain(["Rome", True, None, 3])
    assert [name for name, _, _ in explanation.contributions] != []
    assert {name for name, _, _ in explanation.contributions} == set(FIELDS)
    score = model.decision_function([{"city": "Rome", "garden": True, "rooms": 3}])[0]
    assert_near(explanation.score, float(score), 0)
