"""ColumnTransformer and FeatureUnion, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.base import SPARSE, UnusableRow
from portable.errors import UnsupportedModel
from portable.model import load
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.decomposition import NMF
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

from tests.unit.portable.parity import (
    assert_near,
    assert_predicts_alike,
    assert_transforms_alike,
    dumped,
)

RANDOM = np.random.default_rng(5)
ROWS = RANDOM.normal(size=(60, 5))
LABELS = np.where(ROWS[:, 0] + ROWS[:, 3] > 0, "yes", "no")
NAMES = ["age", "income", "debt", "years", "spent"]
FRAME = pd.DataFrame(ROWS, columns=NAMES)
WORDS = ("free", "money", "now", "friend", "lunch", "hello", "win")
TEXTS = [" ".join(RANDOM.choice(WORDS, size=4)) for _ in range(60)]
MIXED = FRAME.assign(title=TEXTS, text=TEXTS[::-1])


def _odd(frame: Any) -> list[int]:
    return list(range(1, frame.shape[1], 2))


@pytest.mark.parametrize(
    "columns",
    [
        [0, 3],
        [3, 0],
        [-1, 1],
        slice(1, 4),
        np.array([True, False, True, False, False]),
        [False, False, True, True, False],
        _odd,
        lambda rows: [2, rows.shape[1] - 1],
        np.array([4, 2]),
    ],
)
@pytest.mark.parametrize("remainder", ["drop", "passthrough", MinMaxScaler()])
def test_columns_of_an_array(columns: Any, remainder: Any) -> None:
    one = ColumnTransformer([("scaled", StandardScaler(), columns)], remainder=remainder)
    assert_transforms_alike(one.fit(ROWS), ROWS[:10])


@pytest.mark.parametrize(
    "columns",
    [
        ["debt", "age"],
        slice("income", "years"),
        make_column_selector(pattern="^[as]"),
        make_column_selector(dtype_include=np.number),
        [1, 4],
    ],
)
@pytest.mark.parametrize("verbose", [True, False, "{feature_name}-{transformer_name}"])
def test_columns_of_a_frame(columns: Any, verbose: Any) -> None:
    one = ColumnTransformer(
        [("scaled", RobustScaler(), columns), ("none", StandardScaler(), [])],
        remainder="passthrough",
        verbose_feature_names_out=verbose,
    ).set_output(transform="pandas")
    model = make_pipeline(one, LogisticRegression()).fit(FRAME, LABELS)
    assert assert_predicts_alike(model, FRAME).feature_names == tuple(NAMES)


def test_dropped_and_weighted_columns() -> None:
    one = ColumnTransformer(
        [
            ("a", StandardScaler(), ["age", "debt"]),
            ("gone", "drop", ["income"]),
            ("kept", "passthrough", ["years", "age"]),
        ],
        transformer_weights={"a": 0.3, "kept": 2},
    )
    assert_transforms_alike(one.fit(FRAME), FRAME)


@pytest.mark.parametrize("threshold", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("title", ["title", 5])
def test_texts_among_the_columns(threshold: float, title: Any) -> None:
    one = ColumnTransformer(
        [
            ("title", TfidfVectorizer(), title),
            ("text", make_pipeline(CountVectorizer(ngram_range=(1, 2)), TfidfTransformer()), 6),
            ("rows", StandardScaler(), ["age", "spent"]),
        ],
        remainder=MaxAbsScaler(),
        sparse_threshold=threshold,
    )
    step = assert_transforms_alike(one.fit(MIXED), MIXED[:10])
    assert (step.features.form == SPARSE) == bool(one.sparse_output_)
    assert_predicts_alike(make_pipeline(one, LogisticRegression()).fit(MIXED, LABELS), MIXED)


def test_a_text_that_is_missing_is_refused() -> None:
    one = ColumnTransformer([("text", CountVectorizer(), "text"), ("rest", "drop", NAMES)])
    model = load(dumped(make_pipeline(one, LogisticRegression()).fit(MIXED, LABELS)))
    with pytest.raises(UnusableRow, match=r"text is not a text"):
        model.predict([*ROWS[0].tolist(), "a title", None])
    with pytest.raises(UnusableRow, match="6 values where the model takes 7"):
        model.predict([*ROWS[0].tolist(), "a title"])


def test_strings_pass_through() -> None:
    one = ColumnTransformer([("a", StandardScaler(), ["age"])], remainder="passthrough")
    assert_transforms_alike(one.fit(MIXED), MIXED)


def test_transformers_after_one_another() -> None:
    first = make_column_transformer(
        (StandardScaler(), [0, 1]), (MinMaxScaler(), [4]), remainder="passthrough"
    )
    second = make_column_transformer((RobustScaler(), slice(1, 4)), remainder=MaxAbsScaler())
    model = make_pipeline(first, second, RandomForestClassifier(7, random_state=1))
    assert_predicts_alike(model.fit(ROWS, LABELS), ROWS)


def test_columns_of_sparse_rows() -> None:
    chosen = ColumnTransformer(
        [("a", MaxAbsScaler(), [4, 0, 2]), ("b", "passthrough", slice(1, 6))], sparse_threshold=1.0
    )
    model = make_pipeline(CountVectorizer(), chosen, LogisticRegression()).fit(TEXTS, LABELS)
    assert_predicts_alike(model, [*TEXTS, "", "unseen", "money money"])


def test_a_union_of_rows() -> None:
    union = FeatureUnion(
        [
            ("a", StandardScaler()),
            ("b", "passthrough"),
            ("c", "drop"),
            ("d", make_pipeline(MinMaxScaler(), RobustScaler())),
        ],
        transformer_weights={"a": 2.5, "b": -1},
    )
    assert_transforms_alike(union.fit(ROWS), ROWS[:10])
    assert_predicts_alike(make_pipeline(union, LogisticRegression()).fit(FRAME, LABELS), FRAME)


@pytest.mark.parametrize("weights", [None, {"words": 0.7, "characters": 3.0}])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_union_of_texts(weights: Any, dtype: Any) -> None:
    union = FeatureUnion(
        [
            ("words", TfidfVectorizer(dtype=dtype)),
            ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), dtype=dtype)),
            ("counts", make_column_or_counts()),
        ],
        transformer_weights=weights,
    )
    asked = [*TEXTS[:8], "", "unbeknownst"]
    assert_transforms_alike(union.fit(TEXTS), asked, text=True)
    assert_predicts_alike(make_pipeline(union, LogisticRegression()).fit(TEXTS, LABELS), asked)


def make_column_or_counts() -> Any:
    """A union within a union."""
    return make_union(CountVectorizer(), CountVectorizer(analyzer="char"))


def test_single_precision_survives_a_weight() -> None:
    union = FeatureUnion(
        [("words", TfidfVectorizer(dtype=np.float32))], transformer_weights={"words": 0.1}
    )
    made = union.fit(TEXTS).transform(TEXTS[:5])
    step = assert_transforms_alike(union, TEXTS[:5], text=True)
    assert made.dtype == np.float32
    assert step.features.single
    assert step.transform(TEXTS[0]).values == made[[0]].data.tolist()


def test_explanations_go_back_through_columns() -> None:
    one = ColumnTransformer(
        [
            ("scaled", StandardScaler(), ["debt", "age"]),
            ("text", CountVectorizer(), "text"),
            ("both", FeatureUnion([("s", StandardScaler()), ("p", "passthrough")]), ["spent"]),
        ]
    )
    model = make_pipeline(one, LogisticRegression()).fit(MIXED, LABELS)
    loaded = load(dumped(model))
    row = MIXED.iloc[3].tolist()
    explanation = loaded.explain(row)
    assert explanation is not None
    weights = model[-1].coef_[0] * np.asarray(one.transform(MIXED[3:4]))[0]
    spans = one.output_indices_
    expected = {
        "debt": weights[0],
        "age": weights[1],
        "text": weights[spans["text"]].sum(),
        "spent": weights[spans["both"]].sum(),
    }
    for name, value, part in explanation.contributions:
        assert value == row[loaded.feature_names.index(name)]
        assert_near(part, float(expected.get(name, 0.0)), 3)
    assert_near(explanation.score, float(model.decision_function(MIXED[3:4])[0]), 3)


def test_what_cannot_be_served_is_refused() -> None:
    one = make_column_transformer((NMF(1), [0, 1]), remainder="drop").fit(np.abs(ROWS))
    with pytest.raises(UnsupportedModel, match="NMF"):
        load(dumped(make_pipeline(one, LogisticRegression()).fit(np.abs(ROWS), LABELS)))
    nothing = make_column_transformer(("drop", [0, 1])).fit(ROWS)
    with pytest.raises(UnsupportedModel, match=r"no column|sparse_output_"):
        load(dumped(nothing))


@pytest.mark.parametrize("sparse", [True, False])
def test_the_columns_of_a_usual_table(sparse: bool) -> None:
    frame = MIXED.assign(
        city=RANDOM.choice(["Rome", "Oslo", "Bern"], size=60), member=RANDOM.random(60) > 0.5
    )
    frame.loc[::7, "age"] = np.nan
    frame.loc[::9, "city"] = None
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    categories = make_pipeline(
        SimpleImputer(strategy="most_frequent"),
        OneHotEncoder(handle_unknown="ignore", sparse_output=sparse),
    )
    columns = ColumnTransformer(
        [
            ("numbers", numbers, make_column_selector(dtype_include=np.number)),
            ("categories", categories, ["city"]),
            ("codes", OrdinalEncoder(), ["member"]),
            ("text", TfidfVectorizer(), "text"),
        ]
    )
    for last in (LogisticRegression(), RandomForestClassifier(5, random_state=0)):
        model = make_pipeline(columns, last).fit(frame, LABELS)
        asked = frame.copy()
        asked.loc[3, "city"] = "Paris"
        assert_predicts_alike(model, asked)
