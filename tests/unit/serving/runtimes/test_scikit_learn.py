"""The portable and the scikit-learn runtime answer one model alike, whatever it is of."""

from __future__ import annotations

import pickle
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest
from serving.http.problems import Problem
from serving.loading import LoadError
from serving.runtimes import portable, scikit_learn, steps
from serving.service import Answer, format_answer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from model_training.publishing import artifacts
from tests.unit.portable.small_models import LABELS, ODD_TEXTS, TEXTS

TRAINED = {name: version(name) for name in ("scikit-learn", "numpy")}


def described(estimators: dict[str, Any], **entries: Any) -> tuple[dict[str, bytes], Any]:
    files = {name: pickle.dumps(one, protocol=4) for name, one in estimators.items()}
    # In another order than the pipeline's, as files arrive.
    arrived = dict(sorted(files.items()))
    return arrived, {"trained_with": TRAINED, **artifacts.entries(files), **entries}


def both(files: dict[str, bytes], manifest: Any) -> tuple[Any, Any]:
    return portable.load(dict(files), manifest), scikit_learn.load(dict(files), manifest)


def assert_alike(files: dict[str, bytes], manifest: Any, inputs: list[Any]) -> None:
    ours, theirs = both(files, manifest)
    assert list(ours.classes) == list(theirs.classes)
    for one, other in zip(ours.predict(inputs), theirs.predict(inputs), strict=True):
        if ours.classes:
            assert one.predicted == other.predicted
            assert one.probabilities == pytest.approx(other.probabilities, abs=1e-9)
        else:
            assert one.predicted == pytest.approx(other.predicted, rel=1e-9)
            assert one.probabilities is other.probabilities is None


def test_texts_of_several_pickles_of_any_names() -> None:
    counts, weights = CountVectorizer(), TfidfTransformer()
    rows = weights.fit_transform(counts.fit_transform(TEXTS))
    classifier = LogisticRegression().fit(rows, LABELS)
    files, manifest = described(
        {"words.pkl": counts, "idf.pkl": weights, "answers.pkl": classifier}, kind="text"
    )
    assert_alike(files, manifest, [*TEXTS, *ODD_TEXTS])
    for model in both(files, manifest):
        ((answer,), (explanation,)) = model.predict_and_explain(["free free call"])
        assert explanation["label"] == answer.predicted
        assert {part["token"] for part in explanation["tokens"]} == {"free", "call"}


def test_texts_for_a_classifier_that_takes_no_sparse_rows() -> None:
    vectorizer = TfidfVectorizer()
    classifier = GaussianNB().fit(vectorizer.fit_transform(TEXTS).toarray(), LABELS)
    files, manifest = described({"words.pkl": vectorizer, "bayes.pkl": classifier}, kind="text")
    assert_alike(files, manifest, [*TEXTS, *ODD_TEXTS])


@pytest.mark.parametrize("outputs", [1, 2])
def test_records_answered_with_numbers(outputs: int) -> None:
    rows, target = load_diabetes(return_X_y=True)
    target = target if outputs == 1 else np.c_[target, -target]
    fields = [{"name": f"f{index}", "type": "number"} for index in range(10)]
    estimator = LinearRegression().fit(rows, target)
    files, manifest = described({"model_clf.pkl": estimator}, kind="fields", fields=fields)
    records = [dict(zip((f["name"] for f in fields), row, strict=True)) for row in rows.tolist()]
    assert_alike(files, manifest, records[::9])
    [answer] = scikit_learn.load(files, manifest).predict(records[:1])
    assert answer.predicted == pytest.approx(estimator.predict(rows[:1])[0].tolist())


@pytest.mark.parametrize(
    "estimator",
    [MultiOutputClassifier(GaussianNB()), DecisionTreeClassifier(max_depth=3)],
    ids=repr,
)
def test_labels_of_several_outputs_come_without_numbers_by_class(estimator: Any) -> None:
    rows, target = load_iris(return_X_y=True)
    estimator.fit(rows, np.c_[target, target % 2])
    fields = [{"name": name, "type": "number"} for name in "abcd"]
    files, manifest = described({"model_clf.pkl": estimator}, kind="fields", fields=fields)
    records = [dict(zip("abcd", row, strict=True)) for row in rows[::9].tolist()]
    assert_alike(files, manifest, records)
    for model in both(files, manifest):
        answer = format_answer(Answer("list", model.predict(records), {}, {}))
        assert answer == {"predictions": estimator.predict(rows[::9]).tolist(), "model": {}}


def test_a_record_that_an_estimator_refuses_is_a_problem() -> None:
    rows, target = load_iris(return_X_y=True)
    fields = [{"name": name, "type": "number"} for name in "abcd"]
    estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, target)
    files, manifest = described({"model_clf.pkl": estimator}, kind="fields", fields=fields)
    for model in both(files, manifest):
        with pytest.raises(Problem) as refused:
            model.predict([{"a": 1.0, "b": None, "c": 1.0, "d": 1.0}])
        assert refused.value.type.slug == "unusable-input"
        assert "Send every value" in refused.value.detail


def test_the_order_of_several_files_has_to_be_said() -> None:
    files = {"b.pkl": b"b", "a.pkl": b"a"}
    assert list(steps(dict(files), {"steps": ["b.pkl", "a.pkl"]})) == [b"b", b"a"]
    assert list(steps({"b.pkl": b"b"}, {})) == [b"b"]
    for manifest in ({}, {"steps": ["b.pkl"]}, {"steps": ["b.pkl", "c.pkl"]}):
        with pytest.raises(LoadError, match="steps"):
            steps(files, manifest)
