"""Models that were fitted on data frames, and those of which a step wants one: every answer is that
of the estimator about the frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from model_training.publishing import artifacts
from tests.unit.model_training.adding.conftest import Add
from tests.unit.model_training.adding.test_refusals import refused

pandas = pytest.importorskip("pandas")

CHANCE = np.random.default_rng(8)
COUNT = 90
WORDS = np.array(["free", "win", "prize", "lunch", "meeting", "hello"])
PEOPLE = pandas.DataFrame(
    {
        "age": CHANCE.integers(18, 80, COUNT).astype(float),
        "fare": CHANCE.gamma(2, 20, COUNT).round(2),
        "town": CHANCE.choice(["Ulm", "Rom", "Wien"], COUNT),
        "class": CHANCE.integers(1, 4, COUNT),
        "alone": CHANCE.random(COUNT) < 0.5,
        "note": [" ".join(CHANCE.choice(WORDS, 4)) for _ in range(COUNT)],
    }
)
PEOPLE.loc[::9, "age"] = np.nan
PEOPLE.loc[::11, "town"] = np.nan
STAYS = np.where(PEOPLE.fare > 35, "yes", "no")
PRICE = PEOPLE.fare * 2 + PEOPLE["class"]
SIX = PEOPLE[["age", "fare", "town", "class", "alone"]]


def columns(**options: Any) -> ColumnTransformer:
    """Columns chosen by name."""
    words = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
    )
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    return ColumnTransformer(
        [("numbers", numbers, ["age", "fare"]), ("words", words, ["town"])],
        sparse_threshold=0, **options,
    )  # fmt: skip


def read(folder: Path, name: str, rows: Any) -> tuple[dict[str, Any], list[Any]]:
    """The manifest of what was added, and what the published model says of rows."""
    model, manifest = artifacts.load_published(
        folder / "project" / "model_training" / name / "trained"
    )
    records = [
        {
            field["name"]: None if missing else value
            for field, value, missing in zip(
                manifest["fields"], row, pandas.isna(list(row)), strict=True
            )
        }
        for row in rows.astype(object).itertuples(index=False)
    ]
    return dict(manifest), [one.predicted for one in model.predict(records)]


BY_SCIKIT_LEARN: dict[str, tuple[Callable[[], Any], Any]] = {
    "columns by name": (
        lambda: make_pipeline(columns(), GaussianProcessClassifier()).fit(SIX, STAYS), SIX,
    ),
    "a column of text": (
        lambda: make_pipeline(
            make_column_transformer((TfidfVectorizer(), "note"), (StandardScaler(), ["fare"])),
            TruncatedSVD(3, random_state=0), GaussianProcessClassifier(),
        ).fit(PEOPLE, STAYS), PEOPLE,
    ),
    "names that a step gives": (
        lambda: make_pipeline(
            ColumnTransformer(
                [("filled", SimpleImputer(), ["age", "fare"])], verbose_feature_names_out=False
            ),
            ColumnTransformer([("scaled", StandardScaler(), ["fare"])], remainder="passthrough"),
            GaussianProcessRegressor(),
        ).set_output(transform="pandas").fit(SIX, PRICE), SIX,
    ),
    "an index of pandas": (
        lambda: make_pipeline(
            ColumnTransformer([("filled", SimpleImputer(), SIX.select_dtypes("number").columns)]),
            GaussianProcessRegressor(),
        ).fit(SIX, PRICE), SIX,
    ),
    "whole numbers as words": (
        lambda: make_pipeline(
            FunctionTransformer(pandas.DataFrame.astype, kw_args={"dtype": "str"}),
            OneHotEncoder(handle_unknown="ignore"), Ridge(),
        ).fit(SIX[["class"]], PRICE), SIX[["class"]],
    ),
}  # fmt: skip


WITH_EVERY_CHANGE = ("columns by name",)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[] if case in WITH_EVERY_CHANGE else [pytest.mark.judge])
        for case in BY_SCIKIT_LEARN
    ],
)
def test_a_step_that_wants_a_frame_is_served_by_scikit_learn(
    add: Add, tmp_path: Path, case: str
) -> None:
    make, rows = BY_SCIKIT_LEARN[case]
    model = make()
    add("people", model, data=rows, trust=True)
    manifest, served = read(tmp_path, "people", rows)
    assert manifest["runtime"] == "scikit-learn"
    assert manifest["trained_with"]["pandas"] == pandas.__version__
    assert [one["name"] for one in manifest["frame"]["columns"]] == list(rows.columns)
    expected = model.predict(rows).tolist()
    assert served == (expected if type(expected[0]) is str else pytest.approx(expected, rel=1e-9))


def test_without_such_a_step_there_is_no_frame_and_no_pandas(add: Add, tmp_path: Path) -> None:
    """What `set_output` said of frames is no matter where no step chooses by name."""
    numbers = SIX[["fare", "class"]]
    model = make_pipeline(StandardScaler(), GaussianProcessClassifier())
    model.set_output(transform="pandas").fit(numbers, STAYS)
    add("people", model, data=numbers)
    manifest, served = read(tmp_path, "people", numbers)
    assert manifest["runtime"] == "scikit-learn"
    assert "frame" not in manifest
    assert "pandas" not in manifest["trained_with"]
    assert served == model.predict(numbers).tolist()


def test_types_of_pandas_are_kept(add: Add, tmp_path: Path) -> None:
    """Parquet says them; the portable runtime answers as the model does of them."""
    rows = SIX.assign(
        **{"class": SIX["class"].astype("Int64"), "alone": SIX.alone.astype("boolean")}
    )
    rows.loc[::7, "class"] = pandas.NA
    rows.to_parquet(tmp_path / "rows.parquet")
    model = make_pipeline(
        columns(remainder=SimpleImputer()), LogisticRegression()
    ).fit(rows, STAYS)  # fmt: skip
    add("people", model, data=tmp_path / "rows.parquet")
    manifest, served = read(tmp_path, "people", rows)
    assert manifest["runtime"] == "portable"
    dtypes = {one["name"]: one["dtype"] for one in manifest["frame"]["columns"]}
    assert (dtypes["class"], dtypes["alone"]) == ("Int64", "boolean")
    assert served == model.predict(rows).tolist()


@pytest.mark.parametrize("library", ["lightgbm", "xgboost", "sklearn"])
def test_categories_that_a_file_of_lines_does_not_tell(
    add: Add, tmp_path: Path, library: str
) -> None:
    rows = SIX[["fare", "town", "class"]].astype({"town": "category"})
    if library == "sklearn":
        model: Any = HistGradientBoostingRegressor(max_iter=5)
    elif library == "lightgbm":
        model = pytest.importorskip(library).LGBMRegressor(n_estimators=5, n_jobs=1, verbose=-1)
    else:
        model = pytest.importorskip(library).XGBRegressor(
            n_estimators=5, n_jobs=1, enable_categorical=True
        )
    model.fit(rows, PRICE)
    add("people", model, data=SIX[["fare", "town", "class"]])
    manifest, served = read(tmp_path, "people", rows)
    assert manifest["runtime"] == "portable"
    assert served == pytest.approx(model.predict(rows).tolist(), rel=1e-6)


def test_a_selector_of_types_and_an_index_need_nobody_s_word(add: Add, tmp_path: Path) -> None:
    model = make_pipeline(
        make_column_transformer(
            (StandardScaler(), make_column_selector(dtype_include=np.number)),
            (OneHotEncoder(handle_unknown="ignore"), SIX.select_dtypes(["object", "str"]).columns),
        ),
        Ridge(),
    ).fit(SIX[["fare", "town", "class"]], PRICE)  # fmt: skip
    add("people", model, data=SIX[["fare", "town", "class"]])
    manifest, served = read(tmp_path, "people", SIX[["fare", "town", "class"]])
    assert manifest["runtime"] == "portable"
    assert served == pytest.approx(model.predict(SIX[["fare", "town", "class"]]).tolist())


@pytest.mark.parametrize(
    "estimator",
    [
        OneVsRestClassifier(LogisticRegression()),
        MLPClassifier((3,), max_iter=20, random_state=0),
        KNeighborsClassifier(3),
    ],
    ids=repr,
)
def test_a_matrix_of_labels(add: Add, tmp_path: Path, estimator: Any) -> None:
    """Each row has any number of the labels: answered with a list, and no numbers by class."""
    rows = SIX[["fare", "class"]]
    labels = np.c_[PEOPLE.fare > 40, PEOPLE["class"] == 1].astype(int)
    add("tags", estimator.fit(rows, labels), data=rows)
    manifest, served = read(tmp_path, "tags", rows)
    assert manifest["answers"] == "number"
    assert served == estimator.predict(rows).tolist()


def test_dates_are_refused_with_what_to_do(add: Add, tmp_path: Path) -> None:
    rows = SIX.assign(day=pandas.date_range("2026-01-01", periods=COUNT))
    rows.to_parquet(tmp_path / "rows.parquet")
    model = make_pipeline(columns(), LogisticRegression()).fit(rows, STAYS)
    said = refused(add, tmp_path, model, data=tmp_path / "rows.parquet")
    assert "make numbers of a date: its year, its weekday" in said


@pytest.mark.judge
def test_a_reason_names_what_the_portable_runtime_does_not_read(
    add: Add, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = SIX[["fare", "class"]]
    add("price", GaussianProcessRegressor().fit(rows, PRICE), data=rows)
    assert "does not read the GaussianProcessRegressor" in capsys.readouterr().out


@pytest.mark.judge
def test_added_again_nothing_changes(
    add: Add, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, rows = BY_SCIKIT_LEARN["names that a step gives"]
    model = make()
    first = add("people", model, data=rows)
    joblib.dump(model, tmp_path / "again.joblib")
    capsys.readouterr()
    assert add("people", tmp_path / "again.joblib", data=rows) == first
    assert "nothing changes" in capsys.readouterr().out
