"""Models that were fitted on data frames are published as they were fitted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from model_training.publishing import proof
from model_training.publishing.manifests import ArtifactError
from tests.unit.model_training.publishing.test_tabular_publish import (
    FEATURES,
    LABELS,
    LAYERS,
    ROWS,
    published,
    refusal,
)

FRAME = pd.DataFrame(ROWS, columns=list(FEATURES))
WORDS = pd.Series(np.where(LABELS, "y", "n"))


@pytest.fixture(autouse=True)
def _fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "GENERATED", 200)


def test_the_same_model_as_of_an_array(tmp_path: Path) -> None:
    estimator = LogisticRegression().fit(ROWS, LABELS)
    expected = published(tmp_path / "array", estimator)
    assert published(tmp_path / "frame", estimator, FRAME) == expected
    # Columns that are numbered have no names to compare.
    assert published(tmp_path / "numbered", estimator, pd.DataFrame(ROWS)) == expected


@pytest.mark.parametrize(
    ("frame", "runtime"),
    [
        (FRAME, "portable"),
        (FRAME, "scikit-learn"),
        (FRAME.astype("float32"), "scikit-learn"),
        (FRAME.assign(b=FRAME.b > 0, c=(FRAME.c * 10).astype(int)), "portable"),
        (FRAME.assign(c=(FRAME.c * 10).astype(int).astype("Int64")), "portable"),
        (FRAME.astype("Float64"), "portable"),
        (FRAME.astype(object), "portable"),
        (FRAME.set_index("a", drop=False), "portable"),
    ],
)
def test_frames_of_numbers(tmp_path: Path, frame: pd.DataFrame, runtime: str) -> None:
    estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, LABELS)
    manifest = published(tmp_path / "out", estimator, frame, runtime=runtime)
    expected = estimator.predict_proba(
        pd.DataFrame(
            [list(golden["input"].values()) for golden in manifest["golden"]], columns=frame.columns
        )
    )
    for golden, shares in zip(manifest["golden"], expected, strict=True):
        assert list(golden["probabilities"].values()) == pytest.approx(shares, abs=1e-9)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (WORDS, ["n", "y"]),
        (WORDS.astype("category"), ["n", "y"]),
        (WORDS.astype(object), ["n", "y"]),
        (pd.Series(LABELS).astype(bool), [False, True]),
        (pd.Series(LABELS).astype(float), [0.0, 1.0]),
        (pd.Series(LABELS).astype("Int64"), [0.0, 1.0]),
    ],
)
def test_labels_of_a_series(tmp_path: Path, labels: Any, expected: list[Any]) -> None:
    estimator = RandomForestClassifier(3, max_depth=3).fit(FRAME, labels)
    classes = dict(zip(expected, ("no", "yes"), strict=True))
    manifest = published(tmp_path / "out", estimator, FRAME, classes=classes)
    assert json.dumps(manifest["labels"]) == json.dumps(expected)


def test_what_transform_gives_is_no_matter(tmp_path: Path) -> None:
    """The layers hold no pandas, and the answers are the same without."""
    for kind, given in ((LogisticRegression(), {}), (KNeighborsClassifier(), LAYERS)):
        plain = make_pipeline(StandardScaler(), kind).fit(FRAME, LABELS)
        expected = published(tmp_path / f"{kind} plain", plain, FRAME, **given)
        framed = make_pipeline(StandardScaler(), kind).set_output(transform="pandas")
        manifest = published(tmp_path / f"{kind}", framed.fit(ROWS, LABELS), FRAME, **given)
        assert manifest["labels"] == expected["labels"]
        for ours, theirs in zip(manifest["golden"], expected["golden"], strict=True):
            assert ours["probabilities"] == pytest.approx(theirs["probabilities"], abs=1e-12)


def test_columns_in_another_order_or_of_other_names(tmp_path: Path) -> None:
    estimator = LogisticRegression().fit(FRAME, LABELS)
    sentence = refusal(tmp_path / "out", estimator, FRAME[["c", "b", "a"]])
    assert "The columns of the rows are c, b, a and features names a, b, c" in sentence
    others = {"features": {"b": "b", "a": "a", "c": "c"}}
    assert "features names b, a, c" in refusal(tmp_path / "out", estimator, FRAME, **others)
    sentence = refusal(tmp_path / "out", estimator, ROWS, **others)
    assert "whose column 0 is 'a', and features calls it 'b'" in sentence


def test_what_needs_the_names_of_columns(tmp_path: Path) -> None:
    chosen = ColumnTransformer([("scaled", StandardScaler(), ["a", "b"])], remainder="passthrough")
    estimator = make_pipeline(chosen, LogisticRegression()).fit(FRAME, LABELS)
    assert published(tmp_path / "portable", estimator, FRAME)["runtime"] == "portable"
    sentence = refusal(tmp_path / "out", estimator, FRAME, **LAYERS)
    assert "does not answer rows of bare numbers (ValueError: " in sentence
    assert sentence.endswith("its columns chosen by place and not by name")


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (FRAME.assign(b="high"), "Row 0 of the rows (counted from 0) holds 'high' as 'b'"),
        (FRAME.assign(c=pd.Categorical(["u", "v"] * 60)), "holds 'u' as 'c'"),
        (FRAME.assign(c=pd.Timestamp("2026-11-24")), "holds '2026-11-24 00:00:00' as 'c'"),
        (
            FRAME.mask(FRAME.loc[7] == FRAME),
            "Row 7 of the rows (counted from 0) holds 'nan' as 'a'",
        ),
        (FRAME.astype("Float64").mask(FRAME.loc[7] == FRAME), "Row 7 of the rows"),
        (FRAME.iloc[:0], "There are no rows"),
        (FRAME["a"], "an array of shape (120,)"),
        (FRAME.drop(columns="c"), "The columns of the rows are a, b and features names a, b, c"),
    ],
)
def test_frames_that_are_no_numbers(tmp_path: Path, frame: Any, words: str) -> None:
    estimator = LogisticRegression().fit(ROWS, LABELS)
    assert words in refusal(tmp_path / "out", estimator, frame)


def test_a_table_that_cannot_be_read(tmp_path: Path) -> None:
    """Whatever has columns and gives none."""

    class Broken:
        columns = ("a", "b", "c")

        def __array__(self, *_: object, **__: object) -> Any:
            raise TypeError("closed")

    with pytest.raises(ArtifactError, match="are a Broken; expected a table of numbers"):
        published(tmp_path / "out", LogisticRegression().fit(ROWS, LABELS), Broken())
