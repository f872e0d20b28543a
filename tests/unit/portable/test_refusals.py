"""Models that are not hostile, only not served: refused at load, by name, never mis-scored."""

import pickle
from typing import Any

import numpy as np
import pytest
import sklearn
from portable.errors import UnsafePickle, UnsupportedModel
from portable.model import load
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB, MultinomialNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from tests.unit.portable.small_models import dumps, fit, fitted_pair


def without(model: Any, *attributes: str) -> Any:
    for attribute in attributes:
        del model.__dict__[attribute]
    return model


def changed(model: Any, **attributes: Any) -> Any:
    model.__dict__.update(attributes)
    return model


def tokenizer(text: str) -> list[str]:
    return text.split()


VECTORIZERS: dict[str, tuple[Any, str]] = {
    "tokenizer": ({"tokenizer": tokenizer}, "tokenizer"),
    "preprocessor": ({"preprocessor": tokenizer}, "tokenizer"),
    "analyzer": ({"analyzer": tokenizer}, "tokenizer"),
    "builtin analyzer": ({"analyzer": str.split}, "getattr"),
    "unknown analyzer": ({"analyzer": "sentence"}, "analyzer is 'sentence'"),
    "file names": ({"input": "filename"}, "input is 'filename'"),
    "accents": ({"strip_accents": "latin"}, "strip_accents is 'latin'"),
    "two groups": ({"token_pattern": r"(\w)(\w)"}, "more than one group"),
    "no pattern": ({"token_pattern": r"(\w"}, "no regular expression"),
    "no string pattern": ({"token_pattern": None}, "not a string"),
    "huge pattern": ({"token_pattern": r"\w{99999999999}"}, "no regular expression"),
    "ngrams": ({"ngram_range": (3, 1)}, "ngram_range"),
    "ngrams as a list": ({"ngram_range": [1, 1]}, "ngram_range"),
    "ngrams as floats": ({"ngram_range": (1.0, 2.0)}, "ngram_range"),
    "stop word language": ({"stop_words": "german"}, "stop_words"),
    "stop word numbers": ({"stop_words": ["a", 1]}, "stop_words"),
    "dtype": ({"dtype": "float64!"}, "dtype is"),
    "half": ({"dtype": np.float16}, "numpy.float16"),
    "binary": ({"binary": 1}, "binary is 1"),
    "empty vocabulary": ({"vocabulary_": {}}, "vocabulary_"),
    "vocabulary of bytes": ({"vocabulary_": {b"a": 0}}, "vocabulary_"),
    "vocabulary with a gap": ({"vocabulary_": {"a": 0, "b": 2}}, "vocabulary_"),
    "vocabulary twice": ({"vocabulary_": {"a": 0, "b": 0}}, "vocabulary_"),
    "vocabulary too small": ({"vocabulary_": {"a": 0}}, "idf_ is not an array of 1"),
    "not a transformer": ({"_tfidf": None}, "TfidfTransformer"),
}


@pytest.mark.parametrize(("attributes", "reason"), VECTORIZERS.values(), ids=VECTORIZERS)
def test_vectorizers(attributes: dict[str, Any], reason: str) -> None:
    vectorizer, classifier = fitted_pair()
    with pytest.raises(UnsupportedModel) as refusal:
        load(dumps(changed(vectorizer, **attributes)), dumps(classifier))
    assert reason in str(refusal.value)


NAN = np.full((2, 3), np.nan)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"feature_log_prob_": NAN}, "(2, 3) where"),
        ({"feature_log_prob_": None}, "no array"),
        ({"class_log_prior_": np.array([0.0, -np.inf])}, "NaN or infinite"),
        ({"class_log_prior_": np.zeros(3)}, "array of 2 numbers"),
        ({"class_log_prior_": np.zeros(2, dtype=int)}, "floats are expected"),
        ({"classes_": np.array(["ham", "ham"])}, "distinct"),
        ({"classes_": np.array([0.5, np.nan])}, "a class label of type float"),
        ({"classes_": np.array([0.5, np.inf], dtype=object)}, "a class label of type float"),
        ({"classes_": np.array([1j, 2j])}, "unsupported kind"),
        ({"classes_": np.array([True, True])}, "distinct"),
        ({"classes_": np.array([b"ham", b"spam"])}, "unsupported kind"),
        ({"classes_": np.array([b"ham", b"spam"], dtype=object)}, "a class label of type bytes"),
        ({"classes_": np.array([["a"], ["b"]])}, "2 dimensions where one is expected"),
        ({"classes_": ["ham", "spam"]}, "classes_"),
        ({"classes_": np.array([], dtype=str)}, "unknown form"),
        ({"classes_": np.array([None, "spam"], dtype=object)}, "text, finite numbers and booleans"),
    ],
)
def test_classifiers(attributes: dict[str, Any], reason: str) -> None:
    vectorizer, classifier = fitted_pair()
    with pytest.raises(UnsupportedModel) as refusal:
        load(dumps(vectorizer), dumps(changed(classifier, **attributes)))
    assert reason in str(refusal.value)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers(value: float) -> None:
    vectorizer, classifier = fitted_pair()
    classifier.feature_log_prob_[1, 5] = value
    with pytest.raises(UnsupportedModel, match="NaN or infinite"):
        load(dumps(vectorizer), dumps(classifier))
    vectorizer, classifier = fitted_pair()
    vectorizer._tfidf.idf_[3] = value
    with pytest.raises(UnsupportedModel, match="NaN or infinite"):
        load(dumps(vectorizer), dumps(classifier))


def test_files_the_wrong_way_round_or_of_two_runs() -> None:
    vectorizer, classifier = (dumps(model) for model in fitted_pair())
    with pytest.raises(UnsupportedModel, match="A MultinomialNB stands where a transformer"):
        load(classifier, vectorizer)
    with pytest.raises(UnsupportedModel, match="TfidfVectorizer"):
        load(vectorizer, vectorizer)
    with pytest.raises(UnsupportedModel, match="The TfidfVectorizer transforms and predicts noth"):
        load(vectorizer)
    other = TfidfVectorizer(min_df=2)
    fit(other, MultinomialNB())
    with pytest.raises(UnsupportedModel, match="one training run"):
        load(dumps(other), classifier)


@pytest.mark.parametrize(
    ("version", "served"),
    [("1.6.0", True), ("1.6.dev0", True), ("1.31.2", True), ("1.5.2", False), ("0.24.2", False),
     ("2.0.0", False), ("", False), ("new", False), (None, False)],
)  # fmt: skip
def test_versions(version: Any, served: bool) -> None:
    vectorizer, classifier = (dumps(model) for model in fitted_pair())
    ours = b"\x8c" + bytes([len(sklearn.__version__)]) + sklearn.__version__.encode()
    assert ours in classifier
    theirs = pickle.dumps(version, protocol=4)[2:-1].removesuffix(b"\x94")
    theirs = theirs[9:] if theirs[:1] == b"\x95" else theirs
    # Without frames, so that a version of another length fits.
    classifier = b"\x80\x04" + classifier[11:].replace(ours, theirs)
    if served:
        load(vectorizer, classifier)
    else:
        with pytest.raises(UnsupportedModel, match="scikit-learn"):
            load(vectorizer, classifier)


def test_estimators_of_other_kinds() -> None:
    vectorizer, classifier = (dumps(model) for model in fitted_pair())
    with pytest.raises(UnsupportedModel, match="the step before it gives 1048576"):
        load(dumps(HashingVectorizer()), classifier)
    with pytest.raises(UnsupportedModel, match="CategoricalNB") as refusal:
        load(vectorizer, dumps(CategoricalNB()))
    assert not isinstance(refusal.value, UnsafePickle)
    with pytest.raises(UnsupportedModel, match="lacks"):
        load(dumps(TfidfVectorizer()), classifier)
    with pytest.raises(UnsupportedModel, match="lacks"):
        load(vectorizer, dumps(MultinomialNB()))


def test_pipelines_of_other_steps() -> None:
    vectorizer, classifier = fitted_pair()
    for steps in (
        [("a", vectorizer)],
        [("a", vectorizer), ("b", StandardScaler()), ("c", classifier)],
        [("a", vectorizer), ("b", classifier), ("c", classifier)],
        [("a", vectorizer), ("b", vectorizer), ("c", classifier)],
    ):
        with pytest.raises(UnsupportedModel):
            load(dumps(Pipeline(steps)))
    broken = changed(Pipeline([("a", vectorizer), ("b", classifier)]), steps=[vectorizer])
    with pytest.raises(UnsupportedModel, match="pairs"):
        load(dumps(broken))


def test_certainty_is_refused() -> None:
    vectorizer, classifier = CountVectorizer(), BernoulliNB()
    fit(vectorizer, classifier)
    classifier.feature_log_prob_[0, 0] = 0.0
    with pytest.raises(UnsupportedModel, match="alpha > 0"):
        load(dumps(vectorizer), dumps(classifier))
    for threshold in (-1.0, "x", float("nan"), float("inf")):
        classifier = BernoulliNB()
        fit(vectorizer, classifier)
        with pytest.raises(UnsupportedModel, match="binarize"):
            load(dumps(vectorizer), dumps(changed(classifier, binarize=threshold)))


@pytest.mark.parametrize("attribute", ["var_", "class_prior_"])
def test_gaussian_variances_and_priors_are_positive(attribute: str) -> None:
    vectorizer, classifier = TfidfVectorizer(), GaussianNB()
    fit(vectorizer, classifier)
    getattr(classifier, attribute)[0] = 0.0
    with pytest.raises(UnsupportedModel, match="not positive"):
        load(dumps(vectorizer), dumps(classifier))


def test_too_many_sizes_of_character_ngrams() -> None:
    vectorizer, classifier = CountVectorizer(analyzer="char", ngram_range=(1, 60)), MultinomialNB()
    fit(vectorizer, classifier)
    with pytest.raises(UnsupportedModel, match="32 sizes"):
        load(dumps(vectorizer), dumps(classifier))


def test_messages_are_one_sentence_each() -> None:
    for attributes, _ in VECTORIZERS.values():
        vectorizer, classifier = fitted_pair()
        with pytest.raises(UnsupportedModel) as refusal:
            load(dumps(changed(vectorizer, **attributes)), dumps(classifier))
        message = str(refusal.value)
        assert message[0].isupper()
        assert message.endswith(".")
        assert ". " not in message
        assert "\n" not in message
