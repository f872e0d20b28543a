"""A pair that was dumped elsewhere is adopted if it can be served, and refused with a reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.pipeline import make_pipeline

from model_training.publishing import artifacts
from model_training.spam_or_ham.__main__ import main
from model_training.spam_or_ham.corpus import Corpus

Dump = Callable[..., list[str]]


@pytest.fixture
def dump(tmp_path: Path, corpus: Corpus) -> Dump:
    """Fits a pair on the corpus and dumps it as its user would; gives the two paths."""

    def write(
        vectorizer: Any, classifier: Any, numbers: bool = False, compress: int = 0
    ) -> list[str]:
        labels = [int(label == "spam") if numbers else label for label in corpus.labels]
        features = vectorizer.fit_transform(corpus.texts)
        dense = isinstance(classifier, GaussianNB)
        classifier.fit(features.toarray() if dense else features, labels)
        paths = [tmp_path / "v.joblib", tmp_path / "c.joblib"]
        joblib.dump(vectorizer, paths[0], compress=compress)
        joblib.dump(classifier, paths[1], compress=compress)
        return list(map(str, paths))

    return write


@pytest.fixture
def adopt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs the command; its status, and the last line of what it said."""

    def run(*arguments: str) -> tuple[int, str]:
        status = main(["adopt", *arguments, "--out", str(tmp_path / "out")])
        said = capsys.readouterr()
        return status, (said.out if status == 0 else said.err).strip().splitlines()[-1]

    return run


Adopt = Callable[..., tuple[int, str]]


@pytest.mark.parametrize(
    ("vectorizer", "classifier"),
    [
        (TfidfVectorizer(), MultinomialNB()),
        (TfidfVectorizer(max_features=20, stop_words="english"), ComplementNB()),
        (CountVectorizer(ngram_range=(1, 2)), BernoulliNB()),
        (TfidfVectorizer(sublinear_tf=True, max_df=0.5), GaussianNB()),
    ],
)
def test_pairs_of_several_kinds(
    dump: Dump, adopt: Adopt, tmp_path: Path, vectorizer: Any, classifier: Any
) -> None:
    status, said = adopt(*dump(vectorizer, classifier, compress=3))
    assert (status, said.startswith("Model ")) == (0, True), said
    manifest = artifacts.verify(tmp_path / "out")
    assert manifest["recipe"] == "adopted"
    assert sorted(manifest["adopted"]["files"]) == ["c.joblib", "v.joblib"]


def test_either_order_and_twice_the_same_version(dump: Dump, adopt: Adopt) -> None:
    files = dump(TfidfVectorizer(), MultinomialNB())
    assert adopt(*files) == adopt(*reversed(files))


def test_a_pipeline_is_split_in_two(adopt: Adopt, tmp_path: Path, corpus: Corpus) -> None:
    pipeline = make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(corpus.texts, corpus.labels)
    joblib.dump(pipeline, tmp_path / "p.joblib")
    assert adopt(str(tmp_path / "p.joblib"))[0] == 0
    artifacts.verify(tmp_path / "out")


def test_measured_on_the_users_data(
    dump: Dump, tmp_path: Path, corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "d.tsv"
    rows = zip(corpus.labels, corpus.texts, strict=True)
    data.write_text("".join(f"{label}\t{text}\n" for label, text in rows))
    files = dump(TfidfVectorizer(), MultinomialNB())
    assert main(["adopt", *files, "--data", str(data), "--out", str(tmp_path / "out")]) == 0
    manifest = artifacts.verify(tmp_path / "out")
    assert manifest["metrics"]["on_data"]["figures"]["accuracy"] > 0.95
    assert manifest["data"]["source"] == "file d.tsv"
    output = capsys.readouterr()
    assert "accuracy" in output.out
    assert "runs whatever code they hold" in output.err


def test_numbered_classes_want_names(dump: Dump, adopt: Adopt, tmp_path: Path) -> None:
    files = dump(TfidfVectorizer(), MultinomialNB(), numbers=True)
    status, said = adopt(*files)
    assert status == 1
    assert said.startswith("adopt: the classifier's classes are 0, 1; expected ham and spam")
    assert not (tmp_path / "out").exists()
    assert adopt(*files, "--labels", "ham")[0] == 1
    assert adopt(*files, "--labels", "ham", "spam")[0] == 0
    assert artifacts.verify(tmp_path / "out")["labels"] == ["ham", "spam"]


def tokenise(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize(
    ("vectorizer", "classifier", "words"),
    [
        (TfidfVectorizer(tokenizer=tokenise, token_pattern=None), MultinomialNB(), "cannot serve"),
        (TfidfVectorizer(), LogisticRegression(), "cannot serve the pair"),
    ],
)
def test_what_the_runtime_cannot_serve(
    dump: Dump, adopt: Adopt, tmp_path: Path, vectorizer: Any, classifier: Any, words: str
) -> None:
    status, said = adopt(*dump(vectorizer, classifier))
    assert status == 1
    assert words in said
    assert not (tmp_path / "out").exists()


def test_a_pair_of_two_trainings(dump: Dump, adopt: Adopt, tmp_path: Path) -> None:
    vectorizer, classifier = dump(TfidfVectorizer(), MultinomialNB())
    kept = tmp_path / "kept.joblib"
    Path(classifier).rename(kept)
    dump(TfidfVectorizer(max_features=5), MultinomialNB())
    status, said = adopt(vectorizer, str(kept))
    assert status == 1
    assert "one training run" in said


def test_another_version_of_scikit_learn(
    dump: Dump, adopt: Adopt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sklearn.base.__version__", "1.6.1")
    files = dump(TfidfVectorizer(), MultinomialNB())
    monkeypatch.undo()
    status, said = adopt(*files)
    assert status == 1
    assert "written by scikit-learn 1.6.1" in said
    assert "--allow-version-difference" in said
    assert adopt(*files, "--allow-version-difference")[0] == 0
    manifest = artifacts.verify(tmp_path / "out")
    assert manifest["adopted"]["dumped_with"] == {"scikit-learn": ["1.6.1"]}


def test_files_that_are_no_pair(dump: Dump, adopt: Adopt, tmp_path: Path) -> None:
    vectorizer, classifier = dump(TfidfVectorizer(), MultinomialNB())
    junk = tmp_path / "junk"
    junk.write_bytes(b"junk")
    for arguments, words in (
        ((vectorizer, vectorizer), "hold TfidfVectorizer, TfidfVectorizer; expected one"),
        ((classifier,), "the files hold MultinomialNB; expected one vectorizer"),
        ((vectorizer, str(tmp_path / "absent")), "there is no such file"),
        ((vectorizer, str(junk)), "junk: cannot be unpickled ("),
    ):
        status, said = adopt(*arguments)
        assert (status, words in said) == (1, True), said


@pytest.mark.parametrize(
    ("vectorizer", "classifier", "words"),
    [
        (TfidfVectorizer(), None, "the MultinomialNB is not fitted"),
        (None, MultinomialNB(), "the TfidfVectorizer is not a fitted vectorizer"),
    ],
)
def test_an_estimator_that_was_never_fitted(
    dump: Dump, adopt: Adopt, vectorizer: Any, classifier: Any, words: str
) -> None:
    files = dump(TfidfVectorizer(), MultinomialNB())
    if vectorizer is None:
        joblib.dump(TfidfVectorizer(), files[0])
    if classifier is None:
        joblib.dump(MultinomialNB(), files[1])
    status, said = adopt(*files)
    assert (status, words in said) == (1, True), said
