"""Every option that is data, compared with scikit-learn on small models."""

import json
from typing import Any

import numpy as np
import pytest
from portable.errors import UnsupportedModel
from portable.model import load
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.pipeline import Pipeline

from tests.unit.portable.small_models import (
    CLASSIFIERS,
    LABELS,
    ODD_TEXTS,
    TEXTS,
    TWO_LABELS,
    dumps,
    fit,
    prove_small,
)

RECIPE_PATTERN = r"(?u)(?<!\d)\d\d(?=\d{3})|(?<!\d)\d{1,4}(?!\d)|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]"
WEIGHTS: list[dict[str, Any]] = [
    {"norm": norm, "sublinear_tf": sublinear, "use_idf": idf, "dtype": dtype}
    for norm in ("l1", "l2", None)
    for sublinear in (False, True)
    for idf in (False, True)
    for dtype in (np.float64, np.float32)
]
ANALYSIS: list[dict[str, Any]] = [
    {},
    {"lowercase": False},
    {"strip_accents": "ascii"},
    {"strip_accents": "unicode"},
    {"strip_accents": "unicode", "lowercase": False},
    {"token_pattern": RECIPE_PATTERN, "ngram_range": (1, 2)},
    {"token_pattern": r"\b(\w)\w*\b"},
    {"token_pattern": r"(?i)[a-z]+(?:'[a-z]+)?"},
    {"token_pattern": r"x?"},
    {"stop_words": "english"},
    {"stop_words": ["the", "you", "now"], "ngram_range": (1, 2)},
    {"ngram_range": (1, 1)},
    {"ngram_range": (2, 2)},
    {"ngram_range": (1, 3)},
    {"ngram_range": (2, 9)},
    {"analyzer": "char", "ngram_range": (1, 3)},
    {"analyzer": "char", "ngram_range": (3, 20)},
    {"analyzer": "char_wb", "ngram_range": (1, 1)},
    {"analyzer": "char_wb", "ngram_range": (2, 5)},
    {"analyzer": "char_wb", "ngram_range": (4, 30)},
    {"analyzer": "char_wb", "strip_accents": "ascii", "stop_words": "english"},
    {"vocabulary": ["free", "call", "now", "you", "the"]},
    {"vocabulary": {"won": 2, "free": 0, "home": 1}},
    {"max_features": 20},
    {"min_df": 2, "max_df": 0.5},
    {"binary": True},
    {"encoding": "latin-1", "decode_error": "ignore"},
]


def name(options: dict[str, Any]) -> str:
    return "-".join(f"{key}={getattr(value, '__name__', value)}" for key, value in options.items())


def single_precision(vectorizer: Any, classifier: Any) -> bool:
    """Whether scikit-learn itself scores in float32: refused, its last bits depend on the CPU."""
    return vectorizer.dtype == np.float32 and isinstance(classifier, GaussianNB)


@pytest.mark.parametrize("options", WEIGHTS, ids=name)
@pytest.mark.parametrize("smooth", [True, False])
def test_weights(options: dict[str, Any], smooth: bool) -> None:
    vectorizer = TfidfVectorizer(**options, smooth_idf=smooth)
    for kind in CLASSIFIERS.values():
        classifier = clone(kind)
        fit(vectorizer, classifier)
        if single_precision(vectorizer, classifier):
            with pytest.raises(UnsupportedModel, match="single precision"):
                load(dumps(vectorizer), dumps(classifier))
        else:
            assert prove_small(vectorizer, classifier).label_mismatches == 0


@pytest.mark.parametrize("options", ANALYSIS, ids=name)
@pytest.mark.parametrize("kind", [TfidfVectorizer, CountVectorizer])
def test_analysis(options: dict[str, Any], kind: type) -> None:
    vectorizer = kind(**options)
    for classifier in (MultinomialNB(), BernoulliNB(), GaussianNB()):
        fit(vectorizer, classifier)
        assert prove_small(vectorizer, classifier).inputs == len(TEXTS) + len(ODD_TEXTS)


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.float64, np.float32, int, float])
@pytest.mark.parametrize("kind", CLASSIFIERS.values(), ids=CLASSIFIERS)
def test_count_dtypes(dtype: Any, kind: Any) -> None:
    vectorizer, classifier = CountVectorizer(dtype=dtype), clone(kind)
    fit(vectorizer, classifier)
    if not single_precision(vectorizer, classifier):
        prove_small(vectorizer, classifier)


LABELLINGS: dict[str, list[Any]] = {
    "three strings": LABELS,
    "two integers": [int(label == "spam") for label in LABELS],
    "negative integers": [{"ham": -3, "spam": 7, "other": 1000}[label] for label in LABELS],
    "twelve classes": [f"class {at}" for at in range(len(LABELS))],
    "one class": ["only"] * len(LABELS),
    "not ASCII": [{"ham": "спам", "spam": "🥓", "other": "ß"}[label] for label in LABELS],
    "two floats": [float(label == "spam") for label in LABELS],
    "two booleans": [label == "spam" for label in LABELS],
    "three floats": [{"ham": -2.0, "spam": 0.0, "other": 1e5}[label] for label in LABELS],
    "empty string": ["" if label == "ham" else label for label in LABELS],
}
NUMBER_DTYPES = [
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64",
]  # fmt: skip


@pytest.mark.parametrize("labels", LABELLINGS.values(), ids=LABELLINGS)
@pytest.mark.parametrize("kind", CLASSIFIERS.values(), ids=CLASSIFIERS)
def test_labels(labels: list[Any], kind: Any) -> None:
    vectorizer, classifier = TfidfVectorizer(), clone(kind)
    fit(vectorizer, classifier, labels)
    prove_small(vectorizer, classifier)
    model = load(dumps(vectorizer), dumps(classifier))
    assert model.classes_ == tuple(classifier.classes_.tolist())
    # Each as JSON writes it: 1, 1.0 and true are three labels to a caller.
    assert json.dumps(model.classes_) == json.dumps(classifier.classes_.tolist())


@pytest.mark.parametrize("dtype", NUMBER_DTYPES)
def test_label_dtypes(dtype: Any) -> None:
    vectorizer, classifier = TfidfVectorizer(), MultinomialNB()
    labels = [3 if label == "spam" else 1 for label in LABELS]
    fit(vectorizer, classifier, np.array(labels, dtype=dtype))
    classes = load(dumps(vectorizer), dumps(classifier)).classes_
    assert classes == (1, 3)
    assert {type(label) for label in classes} == {float if "float" in dtype else int}


def test_labels_out_of_a_data_frame_are_an_object_array() -> None:
    vectorizer, classifier = TfidfVectorizer(), GaussianNB()
    fit(vectorizer, classifier, np.array(TWO_LABELS, dtype=object))
    prove_small(vectorizer, classifier)


@pytest.mark.parametrize(
    "classifier",
    [
        MultinomialNB(fit_prior=False),
        MultinomialNB(class_prior=[0.9, 0.1]),
        MultinomialNB(alpha=1e-12, force_alpha=True),
        ComplementNB(alpha=3, norm=True, class_prior=[0.3, 0.7]),
        BernoulliNB(binarize=None),
        BernoulliNB(binarize=0.2, fit_prior=False),
        GaussianNB(priors=[0.25, 0.75], var_smoothing=1e-3),
    ],
    ids=repr,
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_classifier_options(classifier: Any, dtype: Any) -> None:
    vectorizer = TfidfVectorizer(dtype=dtype)
    fit(vectorizer, classifier)
    if not single_precision(vectorizer, classifier):
        prove_small(vectorizer, classifier)


def test_alpha_per_feature() -> None:
    vectorizer = CountVectorizer()
    columns = vectorizer.fit_transform(TEXTS).shape[1]
    classifier = MultinomialNB(alpha=np.linspace(0.1, 2.0, columns))
    fit(vectorizer, classifier)
    prove_small(vectorizer, classifier)


def test_fortran_ordered_weights() -> None:
    vectorizer, classifier = TfidfVectorizer(), GaussianNB()
    fit(vectorizer, classifier)
    classifier.theta_ = np.asfortranarray(classifier.theta_)
    classifier.var_ = np.asfortranarray(classifier.var_)
    prove_small(vectorizer, classifier)


def test_partial_fit_learns_further() -> None:
    vectorizer, classifier = TfidfVectorizer(), GaussianNB()
    rows = vectorizer.fit_transform(TEXTS).toarray()
    for start in (0, 6):
        classifier.partial_fit(
            rows[start : start + 6], LABELS[start : start + 6], sorted(set(LABELS))
        )
    prove_small(vectorizer, classifier)


PIPELINES = {
    "vectorizer and classifier": [TfidfVectorizer(ngram_range=(1, 2)), MultinomialNB()],
    "counts and classifier": [CountVectorizer(binary=True), BernoulliNB()],
    "counts, weights and classifier": [
        CountVectorizer(),
        TfidfTransformer(norm="l1", sublinear_tf=True),
        ComplementNB(),
    ],
}


@pytest.mark.parametrize("steps", PIPELINES.values(), ids=PIPELINES)
def test_pipelines(steps: list[Any]) -> None:
    pipeline = Pipeline([(str(at), clone(step)) for at, step in enumerate(steps)])
    pipeline.fit(TEXTS, LABELS)
    model = load(dumps(pipeline))
    texts = [*TEXTS, *ODD_TEXTS]
    answers = [model.predict(text) for text in texts]
    assert [label for label, *_ in answers] == pipeline.predict(texts).tolist()
    np.testing.assert_allclose(
        [row for _, row, _ in answers], pipeline.predict_proba(texts), rtol=0, atol=1e-12
    )
