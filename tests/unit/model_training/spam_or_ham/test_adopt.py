"""A pair that was dumped elsewhere is adopted if it can be served, and refused with a reason."""

import gzip
import os
import pickle
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import pytest
from sklearn.feature_extraction.text import (
    CountVectorizer,
    HashingVectorizer,
    TfidfTransformer,
    TfidfVectorizer,
)
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler
from sklearn.svm import LinearSVC

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


def test_what_the_runtime_cannot_serve(dump: Dump, adopt: Adopt, tmp_path: Path) -> None:
    vectorizer = TfidfVectorizer(tokenizer=tokenise, token_pattern=None)
    status, said = adopt(*dump(vectorizer, MultinomialNB()))
    assert status == 1
    assert "cannot serve this pair: The pickle refers to" in said
    assert "tokenise', which the portable runtime does not load" in said
    assert not (tmp_path / "out").exists()


def test_a_pair_of_two_trainings(dump: Dump, adopt: Adopt, tmp_path: Path) -> None:
    vectorizer, classifier = dump(TfidfVectorizer(), MultinomialNB())
    kept = tmp_path / "kept.joblib"
    Path(classifier).rename(kept)
    dump(TfidfVectorizer(max_features=5), MultinomialNB())
    status, said = adopt(vectorizer, str(kept))
    assert status == 1
    assert "one training run" in said


def test_another_version_that_keeps_a_pair_alike(
    dump: Dump, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sklearn.base.__version__", "1.9.0")
    files = dump(TfidfVectorizer(min_df=2, max_df=0.9), ComplementNB())
    monkeypatch.undo()
    assert main(["adopt", *files, "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().err
    assert "note: the pair was written by scikit-learn 1.9.0, and this is " in said
    assert "both keep such a pair in the same form" in said
    manifest = artifacts.verify(tmp_path / "out")
    assert manifest["adopted"]["dumped_with"] == {"scikit-learn": ["1.9.0"]}


def test_another_version_that_keeps_it_otherwise(
    dump: Dump, adopt: Adopt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sklearn.base.__version__", "1.6.1")
    vectorizer, classifier = TfidfVectorizer(), MultinomialNB()
    dump(vectorizer, classifier)
    classifier.calibration_ = 0.5
    files = [str(tmp_path / name) for name in ("v.joblib", "c.joblib")]
    joblib.dump(classifier, files[1])
    monkeypatch.undo()
    status, said = adopt(*files)
    assert status == 1
    assert "written by scikit-learn 1.6.1, and this is " in said
    assert "its MultinomialNB holds 'calibration_', which one fitted here does not" in said
    assert said.endswith("adopt it with --allow-version-difference --data FILE")
    assert not (tmp_path / "out").exists()
    # Allowed, it is proven as any other: what nothing reads is let be.
    assert adopt(*files, "--allow-version-difference")[0] == 0


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_read(
    adopt: Adopt, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("in the way")
    status, said = adopt(str(tmp_path / "absent"))
    assert (status, said) == (
        1,
        f"adopt: {tmp_path / 'out'} cannot be written (Not a directory); choose another folder "
        "with --out",
    )


class Leaving:
    """Unpickled, it ends the program, and says that all is well."""

    def __reduce__(self) -> tuple[Any, ...]:
        return sys.exit, (0,)


def bomb(wbits: int) -> bytes:
    """A pickle of one string of 34 times 16 MiB, in three megabytes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, wbits)
    content = packer.compress(b"\x80\x04\x8e" + (34 << 24).to_bytes(8, "little"))
    zeros = bytes(1 << 24)
    return content + b"".join(packer.compress(zeros) for _ in range(34)) + packer.flush()


NO_MODELS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "cannot be unpickled (EOFError); expected what joblib.dump wrote"),
    "text": (lambda: b"this is a text\nof two lines\n", "cannot be unpickled ("),
    "text that begins with x": (lambda: b"xyz", "cannot be unpickled ("),
    "table": (lambda: b"label,text\nham,hello\n", "cannot be unpickled ("),
    "page": (lambda: b"<html>404</html>", "cannot be unpickled ("),
    "one byte": (lambda: b"\x80", "cannot be unpickled ("),
    "HDF5": (lambda: b"\x89HDF\r\n\x1a\n" + bytes(100), "cannot be unpickled ("),
    "zip": (lambda: b"PK\x03\x04" + bytes(100), "cannot be unpickled ("),
    "cut gzip": (lambda: gzip.compress(bytes(range(256)) * 9)[:50], "cannot be unpickled ("),
    "cut zlib": (lambda: zlib.compress(bytes(range(256)) * 9)[:50], "cannot be unpickled ("),
    "no bzip2": (lambda: b"BZh9 not at all", "cannot be unpickled ("),
    "no xz": (lambda: b"\xfd7zXZ\x00 not at all", "cannot be unpickled ("),
    "claims a terabyte": (
        lambda: b"\x80\x04\x8e" + (1 << 40).to_bytes(8, "little"),
        "cannot be unpickled (",
    ),
    "another library": (
        lambda: b"\x80\x04\x8c\x0bnot.at.hand\x8c\x05Model\x93)\x81.",
        "it is made with not, which this Python does not have",
    ),
    "leaves": (lambda: pickle.dumps(Leaving()), "cannot be unpickled (SystemExit: 0)"),
    "zlib bomb": (lambda: bomb(15), "it unpacks to more than 536,870,912 bytes"),
    "gzip bomb": (lambda: bomb(31), "it unpacks to more than 536,870,912 bytes"),
    "number": (lambda: pickle.dumps(5), "the files hold int; expected one vectorizer (CountVec"),
    "dictionary": (lambda: pickle.dumps({"model": 5}), "the files hold dict; expected one"),
    "class": (lambda: pickle.dumps(MultinomialNB), "hold the class MultinomialNB; expected one"),
}


@pytest.mark.parametrize(("make", "words"), NO_MODELS.values(), ids=NO_MODELS)
def test_files_that_are_no_model(
    adopt: Adopt, tmp_path: Path, make: Callable[[], bytes], words: str
) -> None:
    (tmp_path / "model").write_bytes(make())
    status, said = adopt(str(tmp_path / "model"))
    assert (status, words in said) == (1, True), said
    assert not (tmp_path / "out").exists()


def test_places_that_are_no_files(adopt: Adopt, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, words in (
        (tmp_path, f"adopt: {tmp_path}: it is a folder; expected what joblib.dump wrote"),
        (tmp_path / "pipe", "it is no file; expected what joblib.dump wrote"),
        (tmp_path / ("n" * 300), "it cannot be read (File name too long)"),
        (tmp_path / "absent", "there is no such file; expected what joblib.dump wrote"),
    ):
        status, said = adopt(str(path))
        assert (status, words in said) == (1, True), said


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((TfidfVectorizer(), LinearSVC()), "hold TfidfVectorizer, LinearSVC; expected one"),
        ((TfidfVectorizer(), LogisticRegression()), "hold TfidfVectorizer, LogisticRegression"),
        ((CountVectorizer(), TfidfTransformer(), MultinomialNB()), "TfidfTransformer, Multinom"),
        ((HashingVectorizer(alternate_sign=False), MultinomialNB()), "hold HashingVectorizer, "),
        ((TfidfVectorizer(), MaxAbsScaler()), "hold TfidfVectorizer, MaxAbsScaler"),
    ],
)
def test_pipelines_that_are_no_pair(
    adopt: Adopt, tmp_path: Path, corpus: Corpus, steps: tuple[Any, ...], words: str
) -> None:
    joblib.dump(make_pipeline(*steps).fit(corpus.texts, corpus.labels), tmp_path / "p.joblib")
    status, said = adopt(str(tmp_path / "p.joblib"))
    assert (status, words in said) == (1, True), said
    assert "(MultinomialNB or ComplementNB or BernoulliNB or GaussianNB)" in said


def test_an_estimator_that_refers_to_itself(
    dump: Dump, adopt: Adopt, corpus: Corpus, tmp_path: Path
) -> None:
    files = dump(TfidfVectorizer(), MultinomialNB())
    classifier = joblib.load(files[1])
    classifier.twin_ = [classifier]
    joblib.dump(classifier, files[1])
    assert "The MultinomialNB refers to itself" in adopt(*files)[1]
    pipeline = make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(corpus.texts, corpus.labels)
    pipeline.steps.append(("again", pipeline))
    joblib.dump(pipeline, tmp_path / "p.joblib")
    assert "hold TfidfVectorizer, MultinomialNB, Pipeline" in adopt(str(tmp_path / "p.joblib"))[1]


@pytest.mark.parametrize("kind", [float, bool])
def test_numbers_and_booleans_want_names(
    adopt: Adopt, tmp_path: Path, corpus: Corpus, kind: type
) -> None:
    pipeline = make_pipeline(TfidfVectorizer(), MultinomialNB())
    pipeline.fit(corpus.texts, [kind(label == "spam") for label in corpus.labels])
    joblib.dump(pipeline, tmp_path / "p.joblib")
    said = adopt(str(tmp_path / "p.joblib"))[1]
    assert f"the classifier's classes are {kind(0)}, {kind(1)}; expected ham and spam" in said
    assert adopt(str(tmp_path / "p.joblib"), "--labels", "ham", "spam")[0] == 0
    assert artifacts.verify(tmp_path / "out")["labels"] == ["ham", "spam"]


def test_files_that_are_no_pair(dump: Dump, adopt: Adopt, tmp_path: Path) -> None:
    vectorizer, classifier = dump(TfidfVectorizer(), MultinomialNB())
    junk = tmp_path / "junk"
    junk.write_bytes(b"junk")
    for arguments, words in (
        ((vectorizer, vectorizer), "hold TfidfVectorizer, TfidfVectorizer; expected one"),
        ((classifier,), "the files hold MultinomialNB; expected one vectorizer (CountVectorizer"),
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
