"""Model files of strangers: their names are listed, nothing runs, bad ones end in a sentence."""

from __future__ import annotations

import gzip
import os
import pickle
import zlib
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from scipy.stats import loguniform
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RandomizedSearchCV
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from model_training.adding import names, packed, unpickling
from model_training.command_line import DataError

TEXTS = ["free money", "hello friend", "win money now", "lunch today"] * 4
LABELS = ["spam", "ham"] * 8
ROWS = np.random.default_rng(0).normal(size=(60, 3))
CLASSES = (ROWS[:, 0] > 0).astype(int)
MODELS = {
    "text": make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(TEXTS, LABELS),
    "boosting": HistGradientBoostingClassifier(max_iter=3).fit(ROWS, CLASSES),
    "neighbours": KNeighborsClassifier().fit(ROWS, CLASSES),
    "search": RandomizedSearchCV(
        LogisticRegression(), {"C": loguniform(0.1, 10)}, n_iter=2, cv=2, random_state=0
    ).fit(ROWS, CLASSES),
}


class Calls:
    """Pickles as a call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


def written(folder: Path, content: bytes) -> Path:
    path = folder / "model.pkl"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("xz", 3)], ids=str)
def test_what_joblib_writes_is_read(name: str, compress: Any, tmp_path: Path) -> None:
    path = tmp_path / "model.joblib"
    joblib.dump(MODELS[name], path, compress=compress)
    with unpickling.versions_noted() as versions:
        model = unpickling.read(path, trust=False)
    inputs = TEXTS if name == "text" else ROWS
    assert model.predict(inputs).tolist() == MODELS[name].predict(inputs).tolist()
    assert versions == []


@pytest.mark.parametrize("protocol", range(6))
def test_what_pickle_writes_is_read(protocol: int, tmp_path: Path) -> None:
    path = written(tmp_path, pickle.dumps(MODELS["text"], protocol))
    model = unpickling.read(path, trust=False)
    assert model.predict(TEXTS).tolist() == LABELS


@pytest.mark.parametrize(
    "dump", [joblib.dump, lambda value, path: path.write_bytes(pickle.dumps(value))]
)
@pytest.mark.parametrize("hidden", [False, True])
def test_a_call_is_listed_and_not_made(dump: Any, hidden: bool, tmp_path: Path) -> None:
    path, mark = tmp_path / "model.pkl", tmp_path / "ran"
    attack: Any = Calls(os.system, f"touch {mark}")
    if hidden:
        attack = [MODELS["text"], np.array([attack, "in an array"], dtype=object)]
    dump(attack, path)
    with pytest.raises(unpickling.UntrustedModel, match=r"posix\.system.*TRUST=yes") as refused:
        unpickling.read(path, trust=False)
    assert refused.value.names == ["posix.system"]
    assert not mark.exists()


def test_a_function_of_a_trusted_library_is_not_trusted(tmp_path: Path) -> None:
    secret = tmp_path / "secret.npy"
    np.save(secret, ROWS)
    path = written(tmp_path, pickle.dumps(Calls(np.load, str(secret))))
    with pytest.raises(unpickling.UntrustedModel, match=r"numpy\S*\.load"):
        unpickling.read(path, trust=False)


def test_an_attribute_is_looked_up_of_nothing_but_distributions(tmp_path: Path) -> None:
    path = written(tmp_path, pickle.dumps(Calls(getattr, MODELS["text"], "__init__")))
    with pytest.raises(DataError, match="'__init__'"):
        unpickling.read(path, trust=False)


def test_trust_reads_what_is_of_ones_own(tmp_path: Path) -> None:
    path = written(tmp_path, pickle.dumps(Calls(os.path.join, "a", "b")))
    assert unpickling.read(path, trust=True) == "a/b"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", r"cannot be unpickled \("),
        (b"a,b\n1,2\n", r"cannot be unpickled \("),
        (pickle.dumps(MODELS["text"])[:-40], r"cannot be unpickled \("),
        (zlib.compress(pickle.dumps(MODELS["text"]))[:-9], "compression ends or breaks"),
        (gzip.compress(pickle.dumps(MODELS["text"]))[:-9], "compression ends or breaks"),
        (b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f.", r"cannot be unpickled \("),
        (b"\x80\x04r\xff\xff\xff\x7f.", r"cannot be unpickled \("),
        (pickle.dumps(Calls(__import__, "no_such_library")), "builtins.__import__"),
    ],
)
def test_what_is_no_model_ends_in_a_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        unpickling.read(written(tmp_path, content), trust=False)
    assert "\n" not in str(refused.value)


def test_a_file_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "LARGEST", 1_000_000)
    path = written(tmp_path, zlib.compress(bytes(2_000_000)))
    with pytest.raises(DataError, match="unpacks to more than 1,000,000 bytes"):
        packed.content(path)


def test_each_name_is_listed_once_in_its_order(tmp_path: Path) -> None:
    path = written(tmp_path, pickle.dumps([LABELS, MODELS["text"], MODELS["text"].steps]))
    listed = names.of_file(path)
    assert listed[0] == "sklearn.pipeline.Pipeline"
    assert len(listed) == len(set(listed))
    assert "sklearn.naive_bayes.MultinomialNB" in listed
