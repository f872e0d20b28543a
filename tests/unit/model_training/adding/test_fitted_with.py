"""A model of another scikit-learn is proven against that release, or refused with one sentence."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from model_training.adding import earlier_releases, fitted_with, model_files, unpickling
from model_training.command_line import Refusal
from tests.unit.model_training.adding.conftest import Add

pandas = pytest.importorskip("pandas")

FIT = """
import joblib, sys, sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
import pandas as pd
rows = pd.read_csv(sys.argv[1])
y = rows.pop("y")
words = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
columns = ColumnTransformer([("w", words, ["word"])], remainder="passthrough")
joblib.dump(make_pipeline(columns, HistGradientBoostingClassifier(max_iter=3)).fit(rows, y), "boosting.pkl")
columns = ColumnTransformer([("w", words, ["word"]), ("n", SimpleImputer(), ["size"])])
joblib.dump(make_pipeline(columns, RandomForestClassifier(3, random_state=0)).fit(rows, y), "forest.pkl")
texts = ["free money", "hi there", "win now", "lunch today"] * 5
joblib.dump(make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(texts, [1, 0, 1, 0] * 5), "text.pkl")
"""  # noqa: E501 - a program of another environment
ROWS = pandas.DataFrame(
    {"word": ["a", "b", "c"] * 30, "size": [float(n % 11) for n in range(90)], "y": [0, 1] * 45}
)


@pytest.mark.judge
@pytest.mark.parametrize("version", ["1.3.2", "1.5.2", "1.7.2"])
def test_models_of_earlier_releases(add: Add, tmp_path: Path, version: str) -> None:
    try:
        python = fitted_with.environment(version)
    except Refusal as refusal:
        pytest.skip(str(refusal))
    ROWS.to_csv(tmp_path / "rows.csv", index=False)
    command = [str(python), "-W", "ignore", "-c", FIT, str(tmp_path / "rows.csv")]
    subprocess.run(command, cwd=tmp_path, check=True)
    for name in ("boosting", "forest"):
        model = tmp_path / f"{name}.pkl"
        assert model_files.read([model], trust=False).fitted_with == [version]
        assert add(name, model, data=tmp_path / "rows.csv", target="y")
    assert add("text", tmp_path / "text.pkl")


def test_a_release_that_is_too_old() -> None:
    with pytest.raises(Refusal, match=r"only what 1\.3 and later releases fitted can be proven"):
        fitted_with.environment("0.24.2")


@pytest.mark.judge
def test_a_release_that_cannot_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitted_with, "ENVIRONMENTS", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Refusal, match="cannot be installed here to prove the model") as caught:
        fitted_with.environment("1.3.2")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "1.3.2" / ".built").exists()


def test_names_that_stand_in_make_nothing_else() -> None:
    made = earlier_releases.NAMES["_loss.__pyx_unpickle_CyHalfBinomialLoss"]
    with pytest.raises(unpickling.DataError, match="a loss function of what is none"):
        made(os.system, 0, None)
