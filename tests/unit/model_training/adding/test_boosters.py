"""XGBoost's and LightGBM's own files, alone and in MLflow folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model_training.adding import model_files
from tests.unit.model_training.adding.conftest import Add

pandas = pytest.importorskip("pandas")

CHANCE = np.random.default_rng(1)
ROWS = pandas.DataFrame(
    {"age": CHANCE.integers(18, 80, 200).astype(float), "spend": CHANCE.gamma(2, 20, 200).round(2)}
)
ROWS.loc[::17, "age"] = np.nan
TWO = (ROWS.spend > 40).astype(int)
THREE = (ROWS.spend // 30).clip(0, 2).astype(int)


def golden(folder: Path) -> tuple[Any, list[Any]]:
    """The manifest, and the rows of its golden inputs."""
    path = folder / "project" / "model_training" / "boosted" / "trained" / "manifest.json"
    manifest = json.loads(path.read_bytes())
    asked = pandas.DataFrame([one["input"] for one in manifest["golden"]])
    return manifest, asked[["age", "spend"]].astype(float)


@pytest.mark.parametrize("ending", ["json", "ubj"])
@pytest.mark.parametrize(
    ("objective", "target"),
    [("binary:logistic", TWO), ("multi:softmax", THREE), ("multi:softprob", THREE)],
)
def test_xgboost_s_classifiers(
    add: Add, tmp_path: Path, ending: str, objective: str, target: Any
) -> None:
    xgboost = pytest.importorskip("xgboost")
    several = {"num_class": 3} if target is THREE else {}
    booster = xgboost.train(
        {"objective": objective, "nthread": 1, **several}, xgboost.DMatrix(ROWS, target), 4
    )
    booster.save_model(tmp_path / f"m.{ending}")
    add("boosted", tmp_path / f"m.{ending}", data=ROWS)
    manifest, asked = golden(tmp_path)
    assert manifest["runtime"] == "portable"
    said = booster.predict(xgboost.DMatrix(asked))
    labels = said.argmax(axis=1) if said.ndim > 1 else (said > 0.5) if target is TWO else said
    assert [one["prediction"] for one in manifest["golden"]] == labels.astype(int).tolist()


def test_xgboost_s_regressor(add: Add, tmp_path: Path) -> None:
    xgboost = pytest.importorskip("xgboost")
    model = xgboost.XGBRegressor(n_estimators=4, n_jobs=1).fit(ROWS, ROWS.spend * 2)
    model.save_model(tmp_path / "m.json")
    add("boosted", tmp_path / "m.json", data=ROWS)
    manifest, asked = golden(tmp_path)
    expected = model.predict(asked).tolist()
    assert [one["prediction"] for one in manifest["golden"]] == expected


@pytest.mark.parametrize("target", [TWO, THREE], ids=["two", "three"])
def test_lightgbm_s_classifiers(add: Add, tmp_path: Path, target: Any) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    model = lightgbm.LGBMClassifier(n_estimators=4, verbose=-1, n_jobs=1).fit(ROWS, target)
    model.booster_.save_model(tmp_path / "m.txt")
    add("boosted", tmp_path / "m.txt", data=ROWS)
    manifest, asked = golden(tmp_path)
    assert manifest["runtime"] == "portable"
    assert [one["prediction"] for one in manifest["golden"]] == model.predict(asked).tolist()
    shares = [list(one["probabilities"].values()) for one in manifest["golden"]]
    np.testing.assert_allclose(shares, model.predict_proba(asked), rtol=0, atol=1e-12)


def test_lightgbm_s_regressor_in_an_mlflow_folder(add: Add, tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    pytest.importorskip("yaml")
    model = lightgbm.LGBMRegressor(n_estimators=4, verbose=-1, n_jobs=1).fit(ROWS, ROWS.spend)
    folder = tmp_path / "saved"
    folder.mkdir()
    model.booster_.save_model(folder / "model.lgb")
    (folder / "MLmodel").write_text("flavors: {lightgbm: {data: model.lgb}}\n")
    add("boosted", folder, data=ROWS)
    manifest, asked = golden(tmp_path)
    assert [one["prediction"] for one in manifest["golden"]] == model.predict(asked).tolist()


@pytest.mark.parametrize(("name", "library"), [("m.json", "XGBoost"), ("m.lgb", "LightGBM")])
def test_a_file_that_is_none_of_theirs(tmp_path: Path, name: str, library: str) -> None:
    pytest.importorskip(library.lower())
    (tmp_path / name).write_text('{"not": "a booster"}')
    with pytest.raises(model_files.DataError, match=f"{library} cannot read it") as caught:
        model_files.read([tmp_path / name], trust=False)
    assert "\n" not in str(caught.value)
