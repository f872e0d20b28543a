"""SimpleImputer and MissingIndicator, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.base import DENSE, RECORD, Features, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.pickles.unpickler import loads
from scipy import sparse
from sklearn.impute import KNNImputer, MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests.unit.portable.parity import assert_predicts_alike, assert_transforms_alike, dumped
from tests.unit.portable.preprocessing.rows import holed, people, positive, signed

ROWS = holed(signed())
EMPTY = ROWS.copy()
EMPTY[:, 3] = np.nan
WORDS = people()[["city", "kind"]].astype(object).where(lambda frame: frame.notna(), np.nan)


@pytest.mark.parametrize("strategy", ["mean", "median", "most_frequent", "constant"])
@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("add", [False, True])
def test_numbers(strategy: Any, keep: bool, add: bool) -> None:
    imputer = SimpleImputer(strategy=strategy, keep_empty_features=keep, add_indicator=add)
    step = assert_transforms_alike(imputer.fit(ROWS), ROWS)
    assert step.features.form == DENSE
    step = assert_transforms_alike(imputer.fit(EMPTY), EMPTY)
    assert step.origins is not None
    assert len(step.origins) == step.features.count
    with pytest.raises(UnusableRow, match="infinite"):
        step.transform([float("inf"), 1.0, 1.0, 1.0])


@pytest.mark.parametrize("add", [False, True])
def test_strings(add: bool) -> None:
    imputer = SimpleImputer(strategy="most_frequent", add_indicator=add).fit(WORDS)
    step = assert_transforms_alike(imputer, WORDS)
    assert step.features.form == RECORD
    imputer = SimpleImputer(strategy="constant", fill_value="none", add_indicator=add)
    assert_transforms_alike(imputer.fit(WORDS), WORDS)
    nones = WORDS.where(WORDS.notna(), None).to_numpy()
    imputer = SimpleImputer(missing_values=None, strategy="most_frequent", add_indicator=add)
    assert_transforms_alike(imputer.fit(nones), nones)


def test_frames_of_strings_and_of_numbers() -> None:
    frame = people()
    for columns in (["city"], ["rooms", "score"], ["city", "rooms", "score"]):
        imputer = SimpleImputer(strategy="most_frequent").fit(frame[columns])
        assert_transforms_alike(imputer, frame[columns])
    assert_transforms_alike(
        SimpleImputer().fit(frame[["rooms", "score"]]), frame[["rooms", "score"]]
    )


def test_other_marks_of_what_is_missing() -> None:
    whole = np.array([[1, -1], [2, 5], [-1, 5], [4, 7]])
    step = assert_transforms_alike(
        SimpleImputer(missing_values=-1, strategy="most_frequent", add_indicator=True).fit(whole),
        whole,
    )
    with pytest.raises(UnusableRow, match="lacks a value"):
        step.transform([1, None])
    blanks = np.array([["a", ""], ["", "b"], ["a", "b"]], dtype=object)
    assert_transforms_alike(
        SimpleImputer(missing_values="", strategy="most_frequent").fit(blanks), blanks
    )


def test_sparse_rows() -> None:
    rows = sparse.csc_array(np.where(np.isnan(ROWS) | (ROWS > 1), ROWS, 0.0))
    for keep in (False, True):
        imputer = SimpleImputer(strategy="mean", keep_empty_features=keep).fit(rows)
        assert_transforms_alike(imputer, rows, sparse=True)


@pytest.mark.parametrize("features", ["missing-only", "all"])
@pytest.mark.parametrize("as_sparse", [True, False, "auto"])
def test_indicator(features: Any, as_sparse: Any) -> None:
    some = ROWS.copy()
    some[:, 1] = 0.0
    indicator = MissingIndicator(features=features, sparse=as_sparse).fit(some)
    step = assert_transforms_alike(indicator, some)
    if features == "missing-only":
        with pytest.raises(UnusableRow, match="Column 1"):
            step.transform([1.0, None, 1.0, 1.0])
    lenient = MissingIndicator(features=features, sparse=as_sparse, error_on_new=False).fit(some)
    assert_transforms_alike(lenient, ROWS)
    assert_transforms_alike(MissingIndicator(missing_values=np.nan).fit(WORDS), WORDS)
    within = SimpleImputer(add_indicator=True).fit(some).indicator_
    with pytest.raises(UnsupportedModel, match="imputer's own"):
        read_transformer(loads(dumped(within)), Features(RECORD, 4))


def test_in_pipelines() -> None:
    labels = np.arange(len(WORDS)) % 2
    words = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(), LogisticRegression()
    )
    assert_predicts_alike(words.fit(WORDS, labels), WORDS)
    numbers = make_pipeline(
        SimpleImputer(add_indicator=True), StandardScaler(), LogisticRegression()
    )
    assert_predicts_alike(numbers.fit(ROWS, np.arange(len(ROWS)) % 3), ROWS)


def test_malformed_imputers_are_refused() -> None:
    pickled: Any = loads(dumped(SimpleImputer().fit(ROWS)))
    pickled.state["statistics_"] = None
    with pytest.raises(UnsupportedModel, match="statistics_"):
        read_transformer(pickled, Features(RECORD, 4))
    frame = pd.DataFrame({"a": [pd.Timestamp(0)] * 2}, dtype=object)
    stamps = SimpleImputer(strategy="most_frequent").fit(frame)
    with pytest.raises(UnsupportedModel, match=r"pandas|Timestamp"):
        loads(dumped(stamps))


@pytest.mark.parametrize("neighbours", [1, 3, 5, 100])
@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("add", [False, True])
def test_nearest_neighbours(neighbours: int, keep: bool, add: bool) -> None:
    imputer = KNNImputer(n_neighbors=neighbours, keep_empty_features=keep, add_indicator=add)
    rows = holed(positive())
    nothing = np.full((1, 4), np.nan)
    assert_transforms_alike(imputer.fit(rows), np.vstack([rows, holed(positive(seed=8)), nothing]))
    rows[:, 3] = np.nan
    step = assert_transforms_alike(imputer.fit(rows), rows)
    with pytest.raises(UnusableRow, match="infinite"):
        step.transform([float("inf"), 1.0, 1.0, 1.0])


def test_neighbours_that_are_not_determined() -> None:
    rows = np.array([[1.0, 5.0], [1.0, 7.0], [2.0, 5.0], [3.0, 5.0]])
    step = read_transformer(loads(dumped(KNNImputer(n_neighbors=1).fit(rows))), Features(RECORD, 2))
    with pytest.raises(UnusableRow, match="equally near"):
        step.transform([1.0, None])
    assert list(step.transform([2.5, None])) == [2.5, 5.0]
    assert list(step.transform([4.0, None])) == [4.0, 5.0]
    for options, match in (
        ({"weights": "distance"}, "weights"),
        ({"missing_values": -1}, "missing_values"),
    ):
        with pytest.raises(UnsupportedModel, match=match):
            read_transformer(loads(dumped(KNNImputer(**options).fit(rows))), Features(RECORD, 2))
    many = KNNImputer().fit(np.zeros((2001, 100)))
    with pytest.raises(UnsupportedModel, match="200,000 numbers"):
        read_transformer(loads(dumped(many)), Features(RECORD, 100))
