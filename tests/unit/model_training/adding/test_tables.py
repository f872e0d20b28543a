"""DATA's forms give the same table."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from model_training.adding import tables

pandas = pytest.importorskip("pandas")

ROWS = [{"a": 1.5, "zip": "01234", "on": True}, {"a": None, "zip": "99999", "on": False}]


def test_json_lines_keep_words_and_numbers_apart(tmp_path: Path) -> None:
    text = "\n".join(map(json.dumps, ROWS)) + "\n"
    (tmp_path / "t.jsonl").write_text(text)
    with gzip.open(tmp_path / "t.jsonl.gz", "wt") as packed:
        packed.write(text)
    (tmp_path / "t.json").write_text(json.dumps(ROWS))
    for name in ("t.jsonl", "t.jsonl.gz", "t.json"):
        frame = tables.read(tmp_path / name)
        assert frame["zip"].tolist() == ["01234", "99999"]
        assert frame["on"].tolist() == [True, False]
        assert frame["a"].isna().tolist() == [False, True]


@pytest.mark.parametrize(("name", "separator"), [("t.csv", ","), ("t.tsv", "\t"), ("t.csv", ";")])
def test_separated_values(tmp_path: Path, name: str, separator: str) -> None:
    content = separator.join(("\ufeffa", " b ")) + "\n" + separator.join(("1", "x")) + "\n"
    (tmp_path / name).write_text(content)
    frame = tables.read(tmp_path / name)
    assert list(frame.columns) == ["a", "b"]
    assert frame.iloc[0].tolist() == [1, "x"]


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    pandas.DataFrame(ROWS).to_parquet(tmp_path / "t.parquet")
    assert tables.read(tmp_path / "t.parquet")["zip"].tolist() == ["01234", "99999"]


def test_what_mlflow_writes_as_an_example(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text('{"columns": ["a", "b"], "data": [[1, "x"], [2, "y"]]}')
    assert tables.read(tmp_path / "e.json")["b"].tolist() == ["x", "y"]
