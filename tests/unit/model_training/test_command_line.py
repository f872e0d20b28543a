"""The commands as their user types them."""

import importlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from model_training import command_line
from model_training.publishing import artifacts, manifests, pythons
from model_training.spam_or_ham.__main__ import main
from model_training.spam_or_ham.corpus import Corpus
from tests.harness.judged import sampled

NOBODY = 65534
ROOT = Path(__file__).resolve().parents[3]
FILES = ["manifest.json", "naive_bayes_clf.pkl", "report.html", "tfidf_vectorizer.pkl"]


@pytest.fixture
def tsv(tmp_path: Path, corpus: Corpus) -> Path:
    path = tmp_path / "messages.tsv"
    rows = zip(corpus.labels, corpus.texts, strict=True)
    path.write_text("".join(f"{label}\t{text}\n" for label, text in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("recipe", sampled(["default", "article"], ["default"]))
def test_training_twice_gives_the_same_verified_files(
    recipe: str, tsv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = []
    for name in ("one", "two"):
        out = tmp_path / name
        options = ["--data", str(tsv), "--recipe", recipe, "--out", str(out), "--repeats", "1"]
        assert main(options) == 0
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert sorted(written[0]) == FILES
    assert written[0] == written[1]
    manifest = artifacts.verify(tmp_path / "one")
    assert manifest["recipe"] == recipe
    assert manifest["data"]["source"] == "file messages.tsv"
    assert manifest["metrics"]["cross_validation"]["figures"]["accuracy"]["mean"] > 0.8
    output = capsys.readouterr()
    accuracy = manifest["metrics"]["article_split"]["figures"]["accuracy"]
    assert f"accuracy in full: {accuracy!r} " in output.out
    assert f"Model {manifests.model_version(manifest)} is in" in output.out
    assert "evaluating" in output.err
    # Nothing about the machine travels with the model.
    assert str(tmp_path) not in written[0]["manifest.json"].decode()


def test_bad_data_is_one_line_and_leaves_no_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("ham,hello\neggs,hi\n")
    assert main(["train", "--data", str(path), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == (
        f"train: {path}, line 2: the label is 'eggs'; expected ham or spam\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--repeats", "0"], "expected a whole number of 1 or more, not '0'"),
        (["--repeats", "x"], "expected a whole number of 1 or more, not 'x'"),
        (["--repeats", "9" * 5000], "expected a whole number of 1 or more, not '999"),
        (["--recipe", "mine"], "invalid choice: 'mine'"),
        (["fly"], "invalid choice: 'fly'"),
        (["adopt"], "the following arguments are required: FILE"),
        (["train", "--out"], "expected one argument"),
    ],
)
def test_unknown_options_are_usage_errors(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("usage:")
    assert words in said
    assert "positive" not in said


FOLDERS: dict[str, list[str]] = {
    "spam_or_ham train": ["--out"],
    "spam_or_ham adopt v.joblib c.joblib": ["--out"],
    "breast_cancer train": ["--out"],
    "breast_cancer select-features": ["--out"],
    "breast_cancer grid-search": ["--out"],
    "loan_grade train": ["--out", "--report"],
    "loan_grade evaluate": ["--report"],
    "spam_or_ham train --source uci": ["--cache"],
    "clothes evaluate": ["--cache"],
}


@pytest.mark.parametrize(
    ("command", "option"),
    [(command, option) for command, options in FOLDERS.items() for option in options],
)
@pytest.mark.parametrize("place", ["file", "file/below", "file/far/below"])
def test_a_folder_that_cannot_be_written_is_refused_before_the_work(
    command: str, option: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    service, *words = command.split()
    main = importlib.import_module(f"model_training.{service}.__main__").main
    if option != "--out" and "--out" in FOLDERS.get(command, []):
        words += ["--out", str(tmp_path / "out")]
    assert main([*words, option, str(tmp_path / place)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{words[0]}: {tmp_path / place}")
    assert f" {option}" in line
    assert re.search(r"cannot be (written|made) \((Not a directory|File exists)\)", line)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_can_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    command_line.writable(tmp_path / "not" / "there" / "yet")
    command_line.writable(tmp_path)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def unprivileged() -> Iterator[Path]:
    """A folder of somebody who is not allowed everything, as root is, and this process as they."""
    with tempfile.TemporaryDirectory() as name:
        folder, user = Path(name), os.geteuid()
        if user == 0:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            for path in [folder, *folder.rglob("*")]:
                path.chmod(0o755)
            os.seteuid(user)


def test_folders_that_may_not_be_written_or_entered() -> None:
    with unprivileged() as folder:
        (folder / "locked").mkdir()
        for mode in (0, 0o500):
            (folder / "locked").chmod(mode)
            for place in (folder / "locked", folder / "locked" / "below"):
                with pytest.raises(command_line.Refusal, match="Permission denied"):
                    command_line.writable(place)


def test_data_that_may_not_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    with unprivileged() as folder:
        (folder / "mine.csv").write_text("ham,hello\n")
        (folder / "mine.csv").chmod(0)
        for service in ("spam_or_ham", "loan_grade"):
            main = importlib.import_module(f"model_training.{service}.__main__").main
            out = ["--report" if service == "loan_grade" else "--cache", str(folder)]
            assert main(["evaluate", "--data", str(folder / "mine.csv"), *out]) == 1
            (line,) = capsys.readouterr().err.splitlines()
            assert line.startswith(f"evaluate: {folder / 'mine.csv'}")
            assert "ermission denied" in line


def test_pythons_in_a_folder_that_may_not_be_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The proof runs under the others, and says whom it left out."""
    with unprivileged() as folder:
        versions = folder / "versions"
        for name in ("3.12.1", "3.13.0", "3.9.1", "3.15.0", "envs"):
            (versions / name).mkdir(parents=True)
        monkeypatch.setenv("PYENV_ROOT", str(folder))
        found = [versions / name / "bin" / "python" for name in ("3.12.1", "3.13.0")]
        assert pythons.under_pyenv() == found
        assert capsys.readouterr().err == ""
        for locked in (versions, folder):
            locked.chmod(0)
            assert pythons.under_pyenv() == []
            assert capsys.readouterr().err == (
                f"note: {versions} cannot be read (Permission denied); the Pythons in it are left "
                "out of the proof\n"
            )
            folder.chmod(0o755)
    for absent in (str(folder), "/dev/null", ""):
        monkeypatch.setenv("PYENV_ROOT", absent)
        monkeypatch.setenv("HOME", str(folder))
        assert pythons.under_pyenv() == []
    assert capsys.readouterr().err == ""


def predicting(trained: Path, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """The command with more to say than a pipe or a buffer holds."""
    command = [sys.executable, "-m", "model_training.spam_or_ham", "predict", "--model"]
    texts = ["win free cash now"] * 2000
    return subprocess.Popen(
        [*command, str(trained), *texts], stdout=output, stderr=subprocess.PIPE, cwd=ROOT
    )


def test_a_reader_who_has_seen_enough(trained: Path) -> None:
    with predicting(trained, subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_a_full_disk_is_one_line(trained: Path) -> None:
    with open("/dev/full", "wb") as full, predicting(trained, full) as process:
        assert process.stderr is not None
        (line,) = process.stderr.read().decode().splitlines()
    assert line.startswith("predict: the output: No space left on device; make room")
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("service", "asked", "model", "words"),
    [
        ("spam_or_ham", "hello", "loan_grade/trained", "asked about records; name the folder of"),
        ("loan_grade", "-", "clothes/trained", "asked about pictures; name the folder of a"),
        ("breast_cancer", "1,2", "clothes/trained", "asked about pictures; name the folder of a"),
        ("breast_cancer", "1,2", "loan_grade/trained", "whose fields are not all numbers; name"),
        ("clothes", "a.jpg", "loan_grade/trained", "a model of pictures"),
        ("spam_or_ham", "hello", "loan_grade", "There is no manifest.json in "),
        (
            "spam_or_ham",
            "hello",
            "command_line.py",
            "is no folder; train or publish a model into that",
        ),
        ("spam_or_ham", "hello", "nowhere", "does not exist; train or publish a model into that"),
        ("spam_or_ham", "hello", "x/spam_or_ham", "run: python -m model_training.spam_or_ham"),
        ("spam_or_ham", "hello", "n" * 300, "cannot be read (File name too long)"),
    ],
)
def test_a_model_that_cannot_be_asked(
    service: str, asked: str, model: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(command_line.__file__).parent / model
    predict = importlib.import_module(f"model_training.{service}.__main__").main
    assert predict(["predict", "--model", str(folder), asked]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("predict: ")
    assert words in line


def test_repetitions_do_not_make_enough_messages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "same.csv"
    path.write_text("ham,hello\nspam,win\n" * 200)
    assert main(["train", "--data", str(path), "--out", str(tmp_path / "out")]) == 1
    assert "too few rows (1 ham, 1 spam, repetitions left out)" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "hex", "undefined", "zip"])
def test_encodings_that_are_none(
    encoding: str, tsv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--data", str(tsv), "--encoding", encoding, "--out", str(tmp_path / "out")]
    assert main(["train", *options]) == 1
    assert f"there is no encoding called '{encoding}'" in capsys.readouterr().err


def test_predicting(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["win free cash now", "see you at home later", "a\x1b[31mb\n" + "c" * 300]
    assert main(["predict", "--model", str(trained), *texts]) == 0
    head, first, second, third = capsys.readouterr().out.splitlines()
    assert head.split() == ["message", "label", "probability"]
    assert first.split()[-2] == "spam"
    assert second.split()[-2] == "ham"
    assert 0.5 < float(first.split()[-1]) <= 1
    # What a message holds does not reach the terminal's controls.
    assert third.strip().startswith("a [31mb ccc")
    assert "…" in third


def test_predicting_the_lines_of_standard_input(
    trained: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def given(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    given("win £1000\r\n\nsee you\n".encode())
    assert main(["predict", "--model", str(trained), "-"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    given(b"\xff\n")
    assert main(["predict", "--model", str(trained), "-"]) == 1
    assert "standard input: byte 0 is not valid UTF-8" in capsys.readouterr().err
    given(b"\n")
    assert main(["predict", "--model", str(trained), "-"]) == 1
    assert "standard input: empty" in capsys.readouterr().err


def test_predicting_without_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "--model", str(tmp_path / "none"), "hello"]) == 1
    assert capsys.readouterr().err.startswith("predict: The model folder ")


def test_predictions_are_the_manifests(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = json.loads((trained / "manifest.json").read_bytes())
    golden = [entry for entry in manifest["golden"] if entry["input"].isalpha()]
    texts = [entry["input"] for entry in golden]
    assert main(["predict", "--model", str(trained), *texts]) == 0
    labels = [line.split()[-2] for line in capsys.readouterr().out.splitlines()[1:]]
    assert labels == [entry["prediction"] for entry in golden]
