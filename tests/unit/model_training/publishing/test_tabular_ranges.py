"""A fitted classifier of rows becomes a model folder whose ranges hold the rows it learnt from."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from model_training.publishing import artifacts, pythons, tabular_publish
from model_training.publishing.manifests import ArtifactError


@pytest.fixture(autouse=True)
def _this_python_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pythons, "pythons_at_hand", lambda: [Path(sys.executable)])


def rows_of(first: NDArray[Any]) -> NDArray[Any]:
    """60 rows: this column and one that tells the classes apart."""
    return np.column_stack([first, np.tile([0.0, 1.0], 30)])


def published(folder: Path, rows: NDArray[Any], **options: Any) -> dict[str, Any]:
    """The verified manifest of a model of these rows."""
    fitted = LogisticRegression().fit(rows - rows.min(axis=0), np.tile([0, 1], 30))
    features = {"first column": "first", "second column": "second"}
    tabular_publish.publish(
        folder,
        fitted,
        rows,
        name="pairs",
        features=features,
        classes={0: "even", 1: "odd"},
        data={},
        metrics={},
        **options,
    )
    return artifacts.verify(folder)


@pytest.mark.parametrize(
    "first",
    [
        np.linspace(123_456, 123_459, 60),
        np.full(60, 123_456.0),
        np.linspace(-123_459, -123_456, 60),
        np.linspace(1e-5, 3e-5, 60),
    ],
    ids=["far from zero", "constant", "negative", "small"],
)
def test_every_row_is_in_the_ranges(tmp_path: Path, first: NDArray[Any]) -> None:
    rows = rows_of(first)
    fields = published(tmp_path / "pairs", rows)["fields"]
    for field, column in zip(fields, rows.T, strict=True):
        assert field["minimum"] <= column.min()
        assert column.max() <= field["maximum"]
    # Below zero only where a value below zero was seen.
    assert (fields[0]["minimum"] < 0) == (first.min() < 0)


def test_ranges_that_are_given_are_kept(tmp_path: Path) -> None:
    ranges = [(0.0, 123_456.75), (0.0, 1.0)]
    fields = published(tmp_path / "pairs", rows_of(np.arange(60.0)), ranges=ranges)["fields"]
    assert [(field["minimum"], field["maximum"]) for field in fields] == ranges


def test_a_golden_row_beyond_the_ranges_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="first in golden is not a number") as refused:
        published(tmp_path / "pairs", rows_of(np.arange(60.0)), ranges=[(0, 50), (0, 1)])
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "pairs").exists()
