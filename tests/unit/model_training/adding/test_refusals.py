"""Whatever is handed over and cannot be a service ends in one sentence, and leaves nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from model_training.command_line import Refusal
from tests.unit.model_training.adding.conftest import Add

pandas = pytest.importorskip("pandas")

CHANCE = np.random.default_rng(0)
NUMBERS = pandas.DataFrame({"a": CHANCE.normal(size=80), "b": CHANCE.integers(0, 9, 80)})
TABLE = NUMBERS.assign(y=(NUMBERS.a > 0).astype(int))
MODEL = LogisticRegression().fit(NUMBERS, TABLE.y)
NAMELESS = LogisticRegression().fit(NUMBERS.to_numpy(), TABLE.y)
TEXTS = ["free money", "hi there", "win now", "lunch today"] * 5
TEXT_MODEL = make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(TEXTS, [1, 0, 1, 0] * 5)
VECTORIZER = TfidfVectorizer().fit(TEXTS)


def own_tokens(text: str) -> list[str]:
    return text.split()


TOKENS = make_pipeline(TfidfVectorizer(tokenizer=own_tokens, token_pattern=None), MultinomialNB())
GAPS = TABLE.assign(a=TABLE.a.where(TABLE.index != 3))
INFINITE = TABLE.assign(a=TABLE.a.where(TABLE.index != 3, np.inf))
DATES = TABLE.assign(a=pandas.date_range("2020-01-01", periods=80).astype(str))

CASES: dict[str, tuple[Any, Any, dict[str, Any], str]] = {
    "a column is missing": (MODEL, TABLE.drop(columns="b"), {}, "column 'b' and the data has a"),
    "no such target": (MODEL, TABLE, {"target": "z"}, "no column 'z'; it has a, b, y"),
    "target not named": (NAMELESS, TABLE, {}, "if one of them is what it predicts, name it"),
    "two columns too many": (NAMELESS, TABLE.assign(u=1, v=2), {}, "takes 2 columns and the data"),
    "no data": (MODEL, None, {}, "only data can say"),
    "no rows": (MODEL, TABLE.head(0), {}, "it holds no rows"),
    "infinite": (MODEL, INFINITE, {}, "holds an infinite value"),
    "gaps": (MODEL, GAPS, {}, "lacks 1 values and the model does not take a missing one"),
    "dates": (MODEL, DATES, {}, "could not convert string to float: '2020-01-01'"),
    "a class": (LogisticRegression, TABLE, {}, "holds the class LogisticRegression"),
    "not fitted": (make_pipeline(StandardScaler(), MODEL), TABLE, {}, "is not fitted"),
    "a dictionary": ({"model": MODEL}, TABLE, {}, "holds a dict; expected a fitted estimator"),
    "nothing": (None, TABLE, {}, "holds a NoneType"),
    "an empty list": ([], TABLE, {}, "holds an empty list"),
    "an array": (np.zeros(3), TABLE, {}, "holds a ndarray"),
    "transforms only": (PCA(1).fit(NUMBERS), NUMBERS, {}, "transforms and predicts nothing"),
    "a vectorizer only": (VECTORIZER, None, {}, "transforms and predicts nothing"),
    "too few labels": (TEXT_MODEL, None, {"labels": ("spam",)}, "the classes are 0, 1"),
    "other labels": (TEXT_MODEL, None, {"labels": ("0=ham", "2=spam")}, 'LABELS="0=… 1=…"'),
    "labels of numbers": (
        LinearRegression().fit(NUMBERS, TABLE.y), NUMBERS, {"labels": ("a", "b")},
        "answers numbers and has no classes",
    ),
    "two texts": (
        TEXT_MODEL, pandas.DataFrame({"u": TEXTS, "v": TEXTS}), {}, "name it: TEXT=",
    ),
    "no texts": (TEXT_MODEL, TABLE, {}, "which column of the data holds the texts"),
    "own tokens": (TOKENS.fit(TEXTS, [1, 0] * 10), None, {}, "own_tokens, which may run anything"),
    "own tokens trusted": (
        TOKENS.fit(TEXTS, [1, 0] * 10), None, {"trust": True}, "which no runtime serves",
    ),
}  # fmt: skip


def refused(add: Add, folder: Path, *models: Any, name: str = "odd", **options: Any) -> str:
    """The sentence that adding ends in."""
    with pytest.raises(Refusal) as caught:
        add(name, *models, **options)
    said = str(caught.value)
    assert "\n" not in said
    assert len(said) < 700
    assert not (folder / "project").exists()
    return said


@pytest.mark.parametrize("case", CASES)
def test_models_and_tables(add: Add, tmp_path: Path, case: str) -> None:
    model, data, options, expected = CASES[case]
    assert expected in refused(add, tmp_path, model, data=data, **options)


def archive(path: Path, *members: str) -> None:
    with zipfile.ZipFile(path, "w") as made:
        for member in members:
            made.writestr(member, b"{}")


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "m.keras": (
        lambda path: archive(path, "config.json", "model.weights.h5"),
        "it is a file of Keras;",
    ),
    "m.pt": (lambda path: archive(path, "m/data.pkl", "m/version"), "it is a file of PyTorch"),
    "m.h5": (lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(50)), "Keras (HDF5)"),
    "m.tflite": (lambda path: path.write_bytes(b"\x1c\0\0\0TFL3" + bytes(50)), "TensorFlow Lite"),
    "m.onnx": (lambda path: path.write_bytes(b"\x08\x07\x12\x07"), "ONNX"),
    "empty.pkl": (lambda path: path.write_bytes(b""), "cannot be unpickled ("),
    "words.pkl": (lambda path: path.write_text("hello"), "cannot be unpickled ("),
    "call.pkl": (
        lambda path: path.write_bytes(b"cos\nsystem\n(S'true'\ntR."),
        "would import os.system",
    ),
    "folder": (lambda path: path.mkdir(), "there is no MLmodel in the folder"),
    "missing.pkl": (lambda _: None, "there is no such file"),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_others(add: Add, tmp_path: Path, name: str) -> None:
    write, expected = FILES[name]
    write(tmp_path / name)
    assert expected in refused(add, tmp_path, tmp_path / name, data=TABLE, target="y")


TABLES = {
    "empty.csv": (b"", "it cannot be read as .csv"),
    "latin.csv": (b"a,b,y\n\xff\xfe,1,2\n", "is not UTF-8"),
    "ragged.csv": (b"a,b,y\n1,2,3\n1,2,3,4,5\n", "it cannot be read as .csv"),
    "twice.csv": (b"a,a,b\n1,2,3\n", "two columns are called 'a'"),
    "book.xlsx": (b"PK", "its name says no form of table"),
    "numbers.json": (b"[1, 2]", "it is no list of records"),
    "nested.jsonl": (b'{"a": 1, "b": [1]}\n', "holds '[1]' of type list"),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_that_are_none(add: Add, tmp_path: Path, name: str) -> None:
    content, expected = TABLES[name]
    (tmp_path / name).write_bytes(content)
    assert expected in refused(add, tmp_path, MODEL, data=tmp_path / name)


@pytest.mark.judge
def test_a_table_separated_by_semicolons_is_read(add: Add, tmp_path: Path) -> None:
    TABLE.to_csv(tmp_path / "t.csv", index=False, sep=";")
    assert add("even", MODEL, data=tmp_path / "t.csv", target="y")


@pytest.mark.parametrize("name", ["Bad-Name", "import", "1st", "a__b", "x" * 41, ""])
def test_names_that_no_service_may_have(add: Add, tmp_path: Path, name: str) -> None:
    assert "choose" in refused(add, tmp_path, MODEL, data=TABLE, name=name)


def test_the_name_of_a_package_of_the_project(add: Add, tmp_path: Path) -> None:
    package = tmp_path / "project" / "model_training" / "publishing" / "__init__.py"
    package.parent.mkdir(parents=True)
    package.touch()
    with pytest.raises(Refusal, match="'publishing' is a package of this project"):
        add("publishing", MODEL, data=TABLE)
