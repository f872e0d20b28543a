"""OneHotEncoder, OrdinalEncoder, TargetEncoder and KBinsDiscretizer, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from portable.base import DENSE, RECORD, SPARSE, Features, UnusableRow
from portable.errors import UnsupportedModel
from portable.estimators import read_transformer
from portable.pickles.unpickler import loads
from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder, OrdinalEncoder, TargetEncoder

from tests.unit.portable.parity import assert_transforms_alike, dumped
from tests.unit.portable.preprocessing.rows import asked, people, signed

FRAME = people()
UNSEEN = pd.concat(
    [
        FRAME,
        pd.DataFrame(
            {
                "city": ["Kyiv", "", "rome", "Bonn"],
                "rooms": [7, 1, 4, 5],
                "score": [0.25, 9.5, np.nan, -1.0],
                "garden": [True, False, True, True],
                "kind": pd.Categorical(["z", "c", None, "b"]),
            }
        ),
    ]
)
OPTIONS: list[dict[str, Any]] = [
    {},
    {"drop": "first"},
    {"drop": "if_binary"},
    {"drop": ["Rome", 2, np.nan, False, "a"]},
    {"sparse_output": False},
    {"dtype": np.float32},
    {"dtype": int},
    {"dtype": np.uint8},
    {"dtype": bool},
]
UNKNOWN: list[dict[str, Any]] = [
    {"handle_unknown": "ignore"},
    {"handle_unknown": "ignore", "drop": "first"},
    {"handle_unknown": "infrequent_if_exist"},
    {"handle_unknown": "infrequent_if_exist", "min_frequency": 2},
    {"handle_unknown": "infrequent_if_exist", "min_frequency": 0.25, "drop": "first"},
    {"handle_unknown": "infrequent_if_exist", "max_categories": 2, "drop": "if_binary"},
    {"handle_unknown": "ignore", "max_categories": 3, "sparse_output": False},
    {"handle_unknown": "warn", "min_frequency": 3},
]
ORDINAL: list[dict[str, Any]] = [
    {},
    {"encoded_missing_value": -5},
    {"dtype": np.float32, "encoded_missing_value": -0.1},
    {"dtype": np.int64, "encoded_missing_value": -1},
    {"min_frequency": 2},
    {"max_categories": 2, "encoded_missing_value": -2},
]


@pytest.mark.parametrize("options", OPTIONS, ids=repr)
def test_one_hot_of_what_was_seen(options: dict[str, Any]) -> None:
    step = assert_transforms_alike(OneHotEncoder(**options).fit(FRAME), FRAME)
    assert step.features.form == (SPARSE if options.get("sparse_output", True) else DENSE)
    assert step.origins is not None
    assert len(step.origins) == step.features.count
    assert set(step.origins) <= set(range(5))
    if "dtype" not in options:
        with pytest.raises(UnusableRow, match="column 0"):
            step.transform(["Kyiv", 1, 0.5, True, "a"])


@pytest.mark.parametrize("options", UNKNOWN, ids=repr)
def test_one_hot_of_what_was_not_seen(options: dict[str, Any]) -> None:
    assert_transforms_alike(OneHotEncoder(**options).fit(FRAME), UNSEEN)


def test_one_hot_of_arrays() -> None:
    strings = np.array([["a", "xx"], ["b", "y"], ["a", "y"]])
    encoder = OneHotEncoder(handle_unknown="ignore")
    assert_transforms_alike(encoder.fit(strings), np.array([["b", "y"], ["longer", "xx"]]))
    numbers = np.array([[1, 10], [2, 30], [1, 20]])
    assert_transforms_alike(encoder.fit(numbers), np.array([[2, 10], [3, 30], [1, 25]]))
    mixed = np.array([["a", None], [None, "b"], ["c", "b"]], dtype=object)
    assert_transforms_alike(encoder.fit(mixed), mixed)
    chosen = OneHotEncoder(categories=[["z", "a", "q"]]).fit([["a"]])
    assert_transforms_alike(chosen, np.array([["q"], ["z"], ["a"]]))


def test_a_missing_value_is_the_category_it_is_there() -> None:
    both = np.array([["a"], [None], [np.nan]], dtype=object)
    assert_transforms_alike(OneHotEncoder().fit(both), both)
    step = read_transformer(
        loads(dumped(OneHotEncoder().fit(np.array([[1.0], [np.nan]])))), Features(RECORD, 1)
    )
    assert list(step.transform([None]).columns) == [1]
    assert list(step.transform([True]).columns) == [0]
    with pytest.raises(UnusableRow):
        step.transform(["1"])


@pytest.mark.parametrize("options", ORDINAL, ids=repr)
def test_ordinal(options: dict[str, Any]) -> None:
    assert_transforms_alike(OrdinalEncoder(**options).fit(FRAME), FRAME)
    unknown = {"handle_unknown": "use_encoded_value", "unknown_value": -2}
    if options.get("encoded_missing_value") != -2:
        assert_transforms_alike(OrdinalEncoder(**options, **unknown).fit(FRAME), UNSEEN)


def test_ordinal_of_nan_for_the_unknown() -> None:
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    assert_transforms_alike(encoder.fit(FRAME), UNSEEN)
    step = assert_transforms_alike(OrdinalEncoder().fit(FRAME), FRAME)
    with pytest.raises(UnusableRow, match="column 1"):
        step.transform(["Rome", 9, 0.5, True, "a"])
    with pytest.raises(UnusableRow, match="5"):
        step.transform(["Rome"])


@pytest.mark.parametrize(
    "target",
    [
        np.array([0, 1] * 5),
        np.array(["no", "yes"] * 5),
        np.array([0, 1, 2, 2, 1] * 2),
        np.linspace(0.0, 1.0, 10) ** 2,
    ],
    ids=["binary", "strings", "several", "continuous"],
)
@pytest.mark.parametrize("smooth", ["auto", 2.0])
def test_target_encoder(target: Any, smooth: Any) -> None:
    step = assert_transforms_alike(TargetEncoder(smooth=smooth, cv=2).fit(FRAME, target), UNSEEN)
    assert step.origins is not None
    assert len(step.origins) == step.features.count


@pytest.mark.parametrize("encode", ["onehot", "onehot-dense", "ordinal"])
@pytest.mark.parametrize("strategy", ["uniform", "quantile", "kmeans"])
def test_bins(encode: str, strategy: str) -> None:
    rows = signed()
    for dtype in (None, np.float64, np.float32):
        bins = KBinsDiscretizer(5, encode=encode, strategy=strategy, dtype=dtype).fit(rows)
        edges = np.array([np.resize([*one[1:-1], 0.0], 12) for one in bins.bin_edges_]).T
        step = assert_transforms_alike(bins, np.vstack([asked(rows)[:-1], asked(edges)[:-1]]))
    with pytest.raises(UnusableRow, match="NaN"):
        step.transform([None, 1.0, 1.0, 1.0])


def test_malformed_encoders_are_refused() -> None:
    pickled: Any = loads(dumped(OneHotEncoder().fit(FRAME)))
    pickled.state["_n_features_outs"] = [1] * 5
    with pytest.raises(UnsupportedModel, match="add up"):
        read_transformer(pickled, Features(RECORD, 5))
    pickled.state["categories_"] = []
    with pytest.raises(UnsupportedModel, match="categories_"):
        read_transformer(pickled, Features(RECORD, 5))
