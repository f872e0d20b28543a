"""The commands as their user types them."""

import io
import json
import sys
from pathlib import Path

import pytest

from model_training.publishing import artifacts
from model_training.spam_or_ham.__main__ import main
from model_training.spam_or_ham.corpus import Corpus

FILES = ["manifest.json", "naive_bayes_clf.pkl", "report.html", "tfidf_vectorizer.pkl"]


@pytest.fixture
def tsv(tmp_path: Path, corpus: Corpus) -> Path:
    path = tmp_path / "messages.tsv"
    rows = zip(corpus.labels, corpus.texts, strict=True)
    path.write_text("".join(f"{label}\t{text}\n" for label, text in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("recipe", ["default", "article"])
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
    assert f"Model {artifacts.model_version(manifest)} is in" in output.out
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


@pytest.mark.parametrize("options", [["--repeats", "0"], ["--recipe", "mine"], ["fly"]])
def test_unknown_options_are_usage_errors(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


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
    golden = [entry for entry in manifest["golden"] if entry["text"].isalpha()]
    texts = [entry["text"] for entry in golden]
    assert main(["predict", "--model", str(trained), *texts]) == 0
    labels = [line.split()[-2] for line in capsys.readouterr().out.splitlines()[1:]]
    assert labels == [entry["prediction"] for entry in golden]
