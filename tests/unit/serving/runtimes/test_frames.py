"""Records as frames: in the types of the training, whoever else is asked about with them."""

from __future__ import annotations

import pickle
import sys
from importlib.metadata import version
from typing import Any

import pytest
from serving.http.problems import Problem
from serving.loading import LoadError
from serving.runtimes import scikit_learn
from serving.runtimes.frames import Frames
from serving.runtimes.rows import Columns
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from model_training.publishing import artifacts

pandas = pytest.importorskip("pandas")

TRAINED = {name: version(name) for name in ("scikit-learn", "numpy", "pandas")}


def described(columns: list[dict[str, Any]]) -> dict[str, Any]:
    fields = [{"name": one["name"], "type": "number"} for one in columns]
    return {"fields": fields, "frame": {"columns": columns}, "trained_with": TRAINED}


def made(columns: list[dict[str, Any]], *rows: Any) -> Any:
    manifest = described(columns)
    names = [one["name"] for one in columns]
    frames = Frames(manifest, Columns(manifest, len(names)))
    return frames.frame([dict(zip(names, row, strict=True)) for row in rows])


@pytest.mark.parametrize(
    ("dtype", "values", "expected"),
    [
        ("float64", [1.0, None], pandas.Series([1.0, float("nan")])),
        ("float32", [0.1, None], pandas.Series([0.1, float("nan")], dtype="float32")),
        ("int64", [1.0, 2.0], pandas.Series([1, 2])),
        ("int64", [1.0, None], pandas.Series([1.0, float("nan")])),
        ("int8", [1.0, 300.0], pandas.Series([1.0, 300.0])),
        ("Int64", [1.0, None], pandas.Series([1, None], dtype="Int64")),
        ("bool", [True, False], pandas.Series([True, False])),
        ("bool", [True, None], pandas.Series([True, float("nan")], dtype=object)),
        ("boolean", [True, None], pandas.Series([True, None], dtype="boolean")),
        ("str", ["a", None], pandas.Series(["a", None], dtype="str")),
        ("object", ["a", None], pandas.Series(["a", float("nan")], dtype=object)),
    ],
)
def test_a_column_is_of_its_type(dtype: str, values: list[Any], expected: Any) -> None:
    frame = made([{"name": "a", "dtype": dtype}], *([value] for value in values))
    pandas.testing.assert_series_equal(frame["a"], expected, check_names=False)


def test_none_where_training_had_none() -> None:
    frame = made([{"name": "a", "dtype": "object", "none": True}], ["x"], [None])
    assert frame["a"].tolist() == ["x", None]


def test_a_category_is_one_of_the_training_s_and_others_come_after() -> None:
    column = {"name": "a", "dtype": "category", "categories": ["v", "u"], "ordered": True}
    series = made([column], ["u"], [None], ["w"])["a"]
    assert series.cat.categories.tolist() == ["v", "u", "w"]
    assert series.cat.codes.tolist() == [1, -1, 2]
    assert series.cat.ordered


def model() -> tuple[dict[str, bytes], dict[str, Any]]:
    """One that sees whether a column is of whole numbers."""
    frame = pandas.DataFrame({"a": [1, 2, 3]})
    estimator = make_pipeline(
        FunctionTransformer(pandas.DataFrame.astype, kw_args={"dtype": "str"}),
        OneHotEncoder(handle_unknown="ignore"),
        LinearRegression(),
    ).fit(frame, [10.0, 20.0, 30.0])
    files = {"pipeline.pkl": pickle.dumps(estimator, protocol=4)}
    manifest = {"kind": "fields", **described([{"name": "a", "dtype": "int64"}])}
    return files, {**manifest, **artifacts.entries(files)}


def test_an_answer_does_not_depend_on_who_else_is_asked_about() -> None:
    """A missing whole number makes a column of fractions, in which 1 reads 1.0."""
    read = scikit_learn.load(*model())
    alone = [read.predict([{"a": value}])[0].predicted for value in (3.0, None, 1.0)]
    together = [one.predicted for one in read.predict([{"a": 3.0}, {"a": None}, {"a": 1.0}])]
    assert alone == together
    assert alone[0] == pytest.approx(30.0)
    assert alone[2] == pytest.approx(10.0)


def test_without_pandas_or_with_another_the_model_is_not_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files, manifest = model()
    other = {**manifest, "trained_with": {**TRAINED, "pandas": "1.0"}}
    with pytest.raises(LoadError, match=r"pandas .* is here and 1\.0 has trained the model"):
        scikit_learn.load(files, other)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(LoadError, match="the model wants data frames, and no layer holds pandas"):
        scikit_learn.load(files, manifest)


def test_what_a_step_does_not_take_is_the_caller_s_problem() -> None:
    columns = [{"name": "a", "dtype": "Int64"}]
    files, manifest = model()
    read = scikit_learn.load(files, {**manifest, "frame": {"columns": columns}})
    with pytest.raises(Problem):
        read.predict([{"a": 1.5}])
